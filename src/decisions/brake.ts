/** A channel that is paused as a whole: until when (epoch ms), why, and how often in a row. */
export interface Brake {
  readonly until: number;
  readonly reason: string;
  readonly times: number;
}

/** The setting under which paused channels stand. */
export const BRAKES = "brakes";
export type Brakes = Readonly<Record<string, Brake>>;

/** SQL: true while a channel is paused (point 17 of the gate); `channel` and `now` are expressions. */
export function brakedSql(channel: string, now: string): string {
  return (
    `EXISTS (SELECT 1 FROM settings b WHERE b.key = '${BRAKES}' ` +
    `AND json_extract(b.value, '$.' || ${channel} || '.until') > ${now})`
  );
}
