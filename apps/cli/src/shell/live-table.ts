/* The rows that a changelog leaves, on a terminal: drawn again in the same place as they change, and whole at the end.
 *
 * Keeps: every row that is there. What is drawn on the way fits the screen: a line that scrolled out of it could not be
 * drawn over. */

import type { Field, Row } from '#data';
import type { Change } from '#engine';
import { changeLine, resultTable } from './result-text.ts';
import { dim, isTerminal, out, screen } from './terminal.ts';

/** Rows at most; the rest is counted. */
const shownRowsMax = 40;
/** Lines of a table that are no rows: rules, head, count, and the cursor's own. */
const frameLines = 6;
const redrawMs = 100;

export class LiveTable {
  readonly #fields: readonly Field[];
  /** By their text, which is all that is seen of a row. */
  readonly #rows = new Map<string, { readonly row: Row; times: number }>();
  #count = 0;
  #drawnLines = 0;
  #drawnAt = -Infinity;

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
  }
  apply(changes: readonly Change[]): void {
    for (const { kind, row } of changes) {
      const text = changeLine({ kind: '+I', row }, this.#fields);
      const known = this.#rows.get(text);
      if (kind === '+I' || kind === '+U') {
        this.#count++;
        if (known === undefined) this.#rows.set(text, { row, times: 1 });
        else known.times++;
      } else if (known !== undefined) {
        this.#count--;
        if (--known.times === 0) this.#rows.delete(text);
      }
    }
  }
  /** Draws the newest rows, unless that was done a moment before `now` in ms. */
  draw(now: number): void {
    if (!isTerminal() || now - this.#drawnAt < redrawMs) return;
    this.#drawnAt = now;
    const { rows, columns } = screen();
    const shown = this.#all().slice(-Math.max(1, Math.min(shownRowsMax, rows - frameLines)));
    const more = this.#count > shown.length ? ` (the last of ${this.#count})` : '';
    const lines = `${resultTable(shown, this.#fields, false)}${more}`
      .split('\n')
      .map((line) => (line.length >= columns ? `${line.slice(0, columns - 2)}…` : line));
    this.#clear();
    out([...lines.slice(0, -1), dim(lines.at(-1)!)].join('\n'));
    this.#drawnLines = lines.length;
  }
  finish(): void {
    this.#clear();
    out(resultTable(this.#all(), this.#fields, false));
  }
  #all(): Change[] {
    return [...this.#rows.values()].flatMap(({ row, times }) =>
      Array.from({ length: times }, (): Change => ({ kind: '+I', row })),
    );
  }
  #clear(): void {
    if (this.#drawnLines > 0) process.stdout.write(`\u001b[${this.#drawnLines}A\u001b[0J`);
    this.#drawnLines = 0;
  }
}
