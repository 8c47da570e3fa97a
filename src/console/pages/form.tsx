import type { View } from "../view";

/** The hidden field by which a form proves that it is one of ours. */
export function FormToken({ view }: { view: View }) {
  return view.formToken === null ? null : <input type="hidden" name="_token" value={view.formToken} />;
}
