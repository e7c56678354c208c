/* The rows that a changelog leaves, on a terminal: drawn again in the same place as they change, and whole at the end.
 *
 *   +I ─▶ a new slot at the end    -U ─▶ the slot is free ─▶ +U takes it: a row stays where it was    -D ─▶ the slot goes
 *
 * Keeps: the cells of every row that is there, `rowsMax` at most: the oldest go first, and are counted. What is drawn on
 * the way fits the screen: a line that scrolled out of it could not be drawn over. */

import type { Change } from '#engine';
import { cellText, cutTo } from '../results/cell.ts';
import { rowCount, TextTable } from '../results/text-table.ts';
import type { ResultShape } from '../results/writer.ts';
import { dim, isTerminal, out, screen, write } from '../terminal.ts';

/** Rows at most that are drawn while the query runs. */
const shownRowsMax = 40;
/** Lines of a table that are no rows: rules, head, count, and the cursor's own. */
const frameLines = 6;
/** Wider cells are cut. */
const cellWidthMax = 60;

type Cells = readonly string[];

export class LiveTable {
  readonly #shape: ResultShape;
  readonly #rowsMax: number;
  /** In the order of arrival; undefined where a row went. */
  #slots: (Cells | undefined)[] = [];
  /** Slots by the text of the row, only where rows may change. */
  readonly #byText = new Map<string, number[]>();
  #free: number[] = [];
  #first = 0;
  #count = 0;
  #changes = 0;
  #dropped = 0;
  #drawnLines = 0;

  constructor(shape: ResultShape, rowsMax: number) {
    this.#shape = shape;
    this.#rowsMax = rowsMax;
  }

  /** Counts up with every change applied. */
  get changes(): number {
    return this.#changes;
  }

  apply(changes: readonly Change[]): void {
    this.#changes += changes.length;
    for (const { kind, row } of changes) {
      const { fields, zone } = this.#shape;
      const cells = row.map((value, i) => cutTo(cellText(value, fields[i]!, zone), cellWidthMax));
      if (kind === '+I' || kind === '+U') this.#add(cells, kind === '+U' ? this.#free.shift() : undefined);
      else this.#remove(cells, kind === '-U');
    }
    if (this.#slots.length > 1024 && this.#slots.length > 2 * this.#count) this.#compact();
  }
  #add(cells: Cells, slot: number | undefined): void {
    const at = slot ?? this.#slots.length;
    this.#slots[at] = cells;
    this.#count++;
    if (this.#shape.kinds) {
      const key = cells.join('\u0000');
      const known = this.#byText.get(key);
      if (known === undefined) this.#byText.set(key, [at]);
      else known.push(at);
    }
    while (this.#count > this.#rowsMax) this.#dropOldest();
  }
  #remove(cells: Cells, replaced: boolean): void {
    const key = cells.join('\u0000');
    const slots = this.#byText.get(key);
    const at = slots?.shift();
    if (slots === undefined || at === undefined) return;
    if (slots.length === 0) this.#byText.delete(key);
    this.#slots[at] = undefined;
    this.#count--;
    if (replaced) this.#free.push(at);
  }
  #dropOldest(): void {
    while (this.#slots[this.#first] === undefined) this.#first++;
    const cells = this.#slots[this.#first]!;
    if (this.#shape.kinds) this.#remove(cells, false);
    else {
      this.#slots[this.#first] = undefined;
      this.#count--;
    }
    this.#first++;
    this.#dropped++;
  }
  /** Slots move up into what is empty, unless an empty one waits for its +U. */
  #compact(): void {
    if (this.#free.length > 0) return;
    this.#slots = this.#slots.filter((cells) => cells !== undefined);
    this.#first = 0;
    if (!this.#shape.kinds) return;
    this.#byText.clear();
    this.#slots.forEach((cells, at) => {
      const key = cells!.join('\u0000');
      const known = this.#byText.get(key);
      if (known === undefined) this.#byText.set(key, [at]);
      else known.push(at);
    });
  }

  /** Draws the newest rows over what was drawn before; `state` says how it goes on. */
  draw(state: string): void {
    if (!isTerminal()) return;
    const { rows, columns } = screen();
    const shown = this.#newest(Math.max(1, Math.min(shownRowsMax, rows - frameLines)));
    const more = this.#count > shown.length ? ` (the last of ${this.#count})` : '';
    const table = new TextTable(this.#shape, shown);
    const lines = [
      ...(shown.length === 0
        ? []
        : [...table.head(), ...shown.map((cells) => table.line(cells)), table.rule]),
      `${rowCount(shown.length)}${more} · ${state}`,
    ].map((line) => cutTo(line, columns - 1));
    this.clear();
    out([...lines.slice(0, -1), dim(lines.at(-1)!)].join('\n'));
    this.#drawnLines = lines.length;
  }
  #newest(count: number): Cells[] {
    const newest: Cells[] = [];
    for (let at = this.#slots.length - 1; at >= this.#first && newest.length < count; at--) {
      const cells = this.#slots[at];
      if (cells !== undefined) newest.push(cells);
    }
    return newest.reverse();
  }
  clear(): void {
    if (this.#drawnLines > 0) write(`\u001b[${this.#drawnLines}A\u001b[0J`);
    this.#drawnLines = 0;
  }

  /** Every row, as lines of text; the number of lines comes with them. */
  whole(): { readonly lines: Iterable<string>; readonly count: number } {
    if (this.#count === 0) return { lines: ['Empty set'], count: 1 };
    const rows = this.#slots.filter((cells) => cells !== undefined);
    const table = new TextTable(this.#shape, rows);
    const dropped =
      this.#dropped === 0
        ? ''
        : ` (the last; ${this.#dropped.toLocaleString('en')} before them were let go: 'sql-client.execution.max-table-result.rows')`;
    const last = `${rowCount(this.#count)}${dropped}`;
    function* lines(): Iterable<string> {
      yield* table.head();
      for (const cells of rows) yield table.line(cells);
      yield table.rule;
      yield last;
    }
    return { lines: lines(), count: rows.length + 5 };
  }
}
