/** The mark as a file, for the browser's tab. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="#e2a94c"/>' +
  '<path d="M9 11.5h10.2a5.3 5.3 0 0 1 0 10.6H11m3.6-4.1-4.2 4.1 4.2 4.1" fill="none" stroke="#1d2942" ' +
  'stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>';

/** Lines on a field of 24 by 24, by category of block; a message has its channel's. */
const SIGNS: Readonly<Record<string, string>> = {
  start: "M13 3 5 14h6l-1 7 8-11h-6z",
  wait: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16m0 3.5V12l3 2",
  filter: "M12 3v6m0 0-6 6v6m6-12 6 6v6",
  exit: "M6 21V4h11l-2.5 4L17 12H6",
  email: "M3.5 6h17v12h-17zm0 .5 8.5 7 8.5-7",
  sms: "M4 5h16v11h-9l-4.5 4v-4H4z",
  push: "M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15zm4 3.5h4",
  action: "M5 12h13m-5-5.5 5.5 5.5-5.5 5.5",
  unknown: "M12 17.5v.5m0-4c0-3 3-2.5 3-5.2A3 3 0 0 0 9 9",
};

/** The sign of a block: a message has its channel's, all else that of its kind. */
export function signOf(category: string, type: string): string {
  const channel = type.split(".")[1] ?? "";
  return category === "action" && Object.hasOwn(SIGNS, channel) ? channel : category;
}

/** The sign of a kind of block or of a channel. Decoration: the words beside it say the same. */
export function Sign({ name }: { name: string }) {
  const path = Object.hasOwn(SIGNS, name) ? SIGNS[name] : SIGNS["unknown"];
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
