/* The first rows of each partition: a list in order, looked at before and after each change.
 *
 *   rows        who fell out: -D · who came in: +I · one that was replaced: -U, +U
 *   positions   every position that another row holds now, in order; the -U of a row that moves up stands in front of the
 *               +U of its new position, as Flink emits them
 */

import type { Row } from '#data';
import type { RankSpec } from '#job';
import { compareRows } from './order.ts';
import { adds, at, keyText, rowText, SlowReference } from './reference.ts';

interface Entry {
  readonly row: Row;
}
/** What happened to a partition: who left it, and who came. */
interface Step {
  readonly before: readonly Entry[];
  readonly after: readonly Entry[];
  readonly old: Entry | undefined;
  readonly come: Entry | undefined;
}

export class RankReference extends SlowReference {
  readonly #spec: RankSpec;
  readonly #partitions = new Map<string, Entry[]>();

  constructor(spec: RankSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row, kind: number): void {
    const { strategy, partition, to } = this.#spec;
    if (strategy === 'update' && kind === 1) return;
    const rows = at(this.#partitions, keyText(row, partition), () => []);
    const before = [...rows];
    const old = this.#old(rows, row, kind);
    if (old === undefined && !adds(kind)) return;
    const come: Entry | undefined = adds(kind) ? { row } : undefined;
    if (old !== undefined && come !== undefined && compareRows(old.row, row, this.#spec.keys) === 0)
      rows[rows.indexOf(old)] = come;
    else {
      if (old !== undefined) rows.splice(rows.indexOf(old), 1);
      if (come !== undefined) rows.splice(this.#place(rows, row), 0, come);
    }
    const step = { before, after: [...rows], old, come };
    if (this.#spec.byPosition) this.#emitPositions(step);
    else this.#emitRows(step);
    if (strategy !== 'retract') rows.splice(to);
  }
  /** The row that is taken back or replaced. */
  #old(rows: readonly Entry[], row: Row, kind: number): Entry | undefined {
    const { strategy, rowKey } = this.#spec;
    if (strategy === 'update') return rows.find((e) => keyText(e.row, rowKey) === keyText(row, rowKey));
    return adds(kind) ? undefined : rows.find((e) => rowText(e.row) === rowText(row));
  }
  /** Behind all that are not after it. */
  #place(rows: readonly Entry[], row: Row): number {
    const next = rows.findIndex((e) => compareRows(e.row, row, this.#spec.keys) > 0);
    return next < 0 ? rows.length : next;
  }

  #emitRows({ before, after }: Step): void {
    const { to, updateBefore } = this.#spec;
    const was = before.slice(0, to);
    const is = after.slice(0, to);
    const gone = was.filter((e) => !is.includes(e));
    const came = is.filter((e) => !was.includes(e));
    // A row out of the places and one into them: of the same key where it was replaced, else two changes.
    const update = this.#spec.strategy === 'update' && this.#replaced(gone, came);
    for (const { row } of gone) if (updateBefore || !update) this.emit(update ? 1 : 3, row);
    for (const { row } of came) this.emit(update ? 2 : 0, row);
  }
  #replaced([gone]: readonly Entry[], [came]: readonly Entry[]): boolean {
    const { rowKey } = this.#spec;
    return (
      gone !== undefined && came !== undefined && keyText(gone.row, rowKey) === keyText(came.row, rowKey)
    );
  }
  #emitPositions({ before, after, old, come }: Step): void {
    const { from, to, updateBefore } = this.#spec;
    const seen = (position: number): boolean => position >= from - 1 && position < to;
    const out = old === undefined ? -1 : before.indexOf(old);
    const into = come === undefined ? -1 : after.indexOf(come);
    const movesUp = old !== undefined && come !== undefined && into < out && seen(out);
    const changes: { kind: number; row: Row }[] = [];
    for (let p = from - 1; p < Math.min(to, Math.max(before.length, after.length)); p++) {
      const was = before[p];
      const is = after[p];
      if (was === is) continue;
      if (was !== undefined && !(movesUp && p === out))
        changes.push({ kind: is === undefined ? 3 : 1, row: this.#at(p, was) });
      if (movesUp && p === into) changes.push({ kind: 1, row: this.#at(out, old) });
      if (is !== undefined) changes.push({ kind: was === undefined ? 0 : 2, row: this.#at(p, is) });
    }
    if (movesUp && !seen(into)) changes.unshift({ kind: 1, row: this.#at(out, old) });
    for (const { kind, row } of changes) if (kind !== 1 || updateBefore) this.emit(kind, row);
  }
  /** The row with its number, where that is asked for. */
  #at(position: number, { row }: Entry): Row {
    return this.#spec.numbered ? [...row, BigInt(position + 1)] : row;
  }
}
