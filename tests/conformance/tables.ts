/* What a table of the conformance cases is, on Flink's side and on ours. */

export interface ConformanceTable {
  readonly name: string;
  /** What stands between the parentheses of CREATE TABLE. */
  readonly columns: string;
  /** Physical columns in order; a row has a JSON value for each. */
  readonly fields: readonly string[];
  /** What the source gives; only inserts unless it says. Then the first cell of each row is its kind of change:
   *  `changes` has all four, an update as -U and then +U; `upserts` has +U and -D by the key, and a -D carries no more
   *  than that. */
  readonly gives?: 'changes' | 'upserts';
  /** Names of the primary key's columns. */
  readonly key?: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** A number with more digits than a JavaScript number keeps. */
export interface Exact {
  readonly exact: string;
}
export const exact = (text: string): Exact => ({ exact: text });
/** A cell as JSON text, with all its digits. */
export function jsonCell(value: unknown): string {
  return typeof value === 'object' && value !== null && 'exact' in value
    ? (value as Exact).exact
    : JSON.stringify(value);
}
/** Some fields of a row as a JSON object. */
export function jsonRow(fields: readonly string[], cells: readonly unknown[]): string {
  return `{${fields.map((f, i) => `${JSON.stringify(f)}:${jsonCell(cells[i] ?? null)}`).join(',')}}`;
}
