/** SQL with the values of its parameters, `?1` first. */
export interface Statement {
  readonly text: string;
  readonly values: readonly (string | number | null)[];
}
