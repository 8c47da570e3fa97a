import type { Control } from "../../segments/form";
import { COMPOUND_CONTROLS } from "./compound-controls";
import type { ControlKind } from "./kind";
import { SIMPLE_CONTROLS } from "./simple-controls";

/** Every way to ask for a value. The one place to add one. */
export const CONTROLS: Readonly<Record<Control["kind"], ControlKind<Control>>> = {
  ...SIMPLE_CONTROLS,
  ...COMPOUND_CONTROLS,
};
