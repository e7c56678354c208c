/* SESSION as a table function: each row once, with window_start, window_end and window_time of its session behind its
 * columns. Which session that is stands fast only when it ended, so rows wait until then.
 *
 *   rows ─▶ session ─▶ kept ── the session ended ──▶ its rows in their order of arrival, each of its own kind
 *
 * Keeps: the rows of open sessions. A row that takes another back waits beside it, for both lie in one session; where that
 * one went out already it is late. Flink: UnalignedWindowTableFunctionOperator. */

import type { Batch } from '#data';
import type { SessionTableSpec } from '#job';
import type { Scalar, SortedTable, U8Cells } from '#state';
import type { RunOutput } from '../frame/run-output.ts';
import { SessionFrame } from './session-frame.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const rowsMax = 1024;

class SessionTableOperator extends SessionFrame {
  readonly #rows: SortedTable;
  readonly #kinds: U8Cells;
  /** The how-manieth row it is: what orders the rows of sessions that merge. */
  readonly #arrived: Scalar;
  readonly #slots = new Int32Array(rowsMax);
  readonly #windows = new Int32Array(rowsMax);
  readonly #outKinds = new Uint8Array(rowsMax);
  /** The row of the first session that is due which goes out next; -1: its first. */
  #next = -1;

  constructor(spec: SessionTableSpec, setup: RunSetup) {
    const [types] = setup.inputTypes;
    super(spec, types!, setup.store, setup.context);
    this.#rows = setup.store.sorted(this.sessions.sessions, {
      name: 'rows',
      row: types!,
      cells: { kind: 'u8', arrived: 'f64' },
      order: [{ column: 'arrived' }],
    });
    this.#kinds = this.#rows.u8('kind');
    this.#arrived = setup.store.scalar({ name: 'arrived', initial: 0, merge: 'max' });
  }
  protected begin(): void {}
  protected take({ columns, kinds }: Batch, from: number, i: number, session: number): void {
    if (session < 0) return;
    const slot = this.#rows.append(session, columns, from + i, { arrived: this.#arrived.value++ });
    this.#kinds.values[slot] = kinds === undefined ? 0 : kinds[from + i]!;
  }
  protected finish(): void {}
  protected merge(into: number, from: number): void {
    this.#rows.moveAll(from, into);
  }
  protected emit(due: Int32Array, out: RunOutput, now: number): number {
    const room = Math.min(out.room, rowsMax);
    let count = 0;
    let whole = 0;
    let next = this.#next >= 0 ? this.#next : this.#rows.first(due[0]!);
    while (count < room && whole < due.length) {
      if (next < 0) {
        whole++;
        if (whole < due.length) next = this.#rows.first(due[whole]!);
        continue;
      }
      this.#slots[count] = next;
      this.#windows[count] = due[whole]!;
      this.#outKinds[count++] = this.#kinds.values[next]!;
      next = this.#rows.next(next);
    }
    // A session is through with its last row.
    if (whole < due.length && next < 0) {
      whole++;
      next = whole < due.length ? this.#rows.first(due[whole]!) : -1;
    }
    this.#next = next;
    const { row } = this.#rows;
    row.forEach((column, c) => {
      column.appendSlots(out.columns[c]!, this.#slots, count);
    });
    const { starts, ends } = this.sessions;
    this.windowColumns.appendEach(out.columns, row.length, starts, ends, this.#windows, now, count);
    out.builder.endRows(count, this.#outKinds);
    return whole;
  }
}

registerRunOperator('session-table', (spec, setup) => new SessionTableOperator(spec, setup));
