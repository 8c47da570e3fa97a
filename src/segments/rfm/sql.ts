/** A part of a statement, with its values in order for `?`. */
export interface Sql {
  readonly text: string;
  readonly values: readonly (string | number | null)[];
}
