/* The regular join of two inputs that may both change, by equal keys and whatever else must hold.
 *
 *   row ─▶ key ─▶ kept rows of the other side that it meets ─▶ one row a pair            then it is kept, or let go
 *
 *                       it comes                                    it goes
 *   inner               +I or +U a pair                             -D or -U a pair
 *   outer, own side     +I with NULLs when it met nobody            -D with NULLs
 *   outer, other side   -D with NULLs where a row had met nobody    +I with NULLs where it was the last one met
 *   semi, anti          left rows alone, as the number of right rows that they meet leaves or comes to 0
 *
 * Keeps: the rows of both sides by join key; by their unique key where there is one, so that a row without -U replaces
 * its former self; how many rows of the other side each met, where somebody asks. With a TTL a side's rows go when they
 * were not written for so long. Rows whose key is NULL meet nobody and are not kept.
 * Promises: a row that meets a million others stops in the middle where the output is full, and goes on from there.
 * Flink: StreamingJoinOperator, StreamingSemiAntiJoinOperator. */

import { isAdd, type Batch } from '#data';
import type { JoinSpec } from '#job';
import type { KeyedTable } from '#state';
import type { Progress } from '../contracts/operator.ts';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { JoinPairs } from './join-pairs.ts';
import { JoinSide, Partners, rowsMax, type KeyedRows } from './join-side.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const none = -1;

/** Rows of a run of one input. */
interface TakenRows extends KeyedRows {
  readonly batch: Batch;
  readonly count: number;
  readonly input: number;
  readonly now: number;
}

class JoinOperator implements RunOperator {
  readonly #spec: JoinSpec;
  readonly #keys: KeyedTable;
  readonly #sides: readonly [JoinSide, JoinSide];
  /** Per side: its rows go out with NULLs when they meet nobody. */
  readonly #isOuter: readonly [boolean, boolean];
  /** Left rows alone go out: 'semi' where they meet somebody, 'anti' where nobody. */
  readonly #leftOnly: 'semi' | 'anti' | undefined;
  readonly #pairs: JoinPairs | undefined;
  /** Per side: its rows, by the keys of the run at hand. */
  readonly #partners: readonly Partners[];
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  /** What goes out: a row of the batch, a slot of the other side, either -1 for NULLs; and the kind. */
  readonly #mine = new Int32Array(rowsMax);
  readonly #theirs = new Int32Array(rowsMax);
  readonly #kinds = new Uint8Array(rowsMax);
  #out = 0;
  #padded = false;
  /** An unfinished row: the next kept row that it may meet, and how many it met. */
  #cursor: { readonly next: number; readonly matched: number } | undefined;
  /** Batch: how far rows that met nobody went out at the end; none did as long as it is undefined. */
  #sent: Sent | undefined;
  #sweep = 0;
  #openInputs = 2;

  constructor(spec: JoinSpec, setup: RunSetup) {
    this.#spec = spec;
    const [leftTypes, rightTypes] = setup.inputTypes as readonly [
      typeof setup.outputTypes,
      typeof setup.outputTypes,
    ];
    const ttlMs = spec.leftTtlMs > 0 && spec.rightTtlMs > 0 ? Math.max(spec.leftTtlMs, spec.rightTtlMs) : 0;
    this.#keys = setup.store.keyed({
      name: 'keys',
      key: spec.leftKeys.map((k) => leftTypes[k]!),
      ttl: { ms: ttlMs, renewedBy: 'create-write' },
      resident: spec.finalOnly,
    });
    const { type } = spec;
    this.#leftOnly = type === 'semi' || type === 'anti' ? type : undefined;
    this.#isOuter = [type === 'left' || type === 'full', type === 'right' || type === 'full'];
    const common = { filterNulls: spec.filterNulls };
    this.#sides = [
      new JoinSide(
        {
          ...common,
          name: 'left',
          types: leftTypes,
          keys: spec.leftKeys,
          uniqueKey: spec.leftUniqueKey,
          insertOnly: spec.leftInsertOnly,
          ttlMs: spec.leftTtlMs,
          counted: this.#isOuter[0] || this.#leftOnly !== undefined,
        },
        this.#keys,
        setup.store,
      ),
      new JoinSide(
        {
          ...common,
          name: 'right',
          types: rightTypes,
          keys: spec.rightKeys,
          uniqueKey: spec.rightUniqueKey,
          insertOnly: spec.rightInsertOnly,
          ttlMs: spec.rightTtlMs,
          counted: this.#isOuter[1],
        },
        this.#keys,
        setup.store,
      ),
    ];
    this.#partners = this.#sides.map((side) => new Partners(side, this.#slots));
    if (spec.condition !== undefined)
      this.#pairs = new JoinPairs(spec.condition, leftTypes, rightTypes, setup.evaluation);
    setup.context.metrics.gauge('stateKeys', () => this.#keys.size);
    if (spec.finalOnly && (this.#leftOnly === 'anti' || this.#isOuter.includes(true)))
      this.end = (_input, out) => this.#end(out);
  }

  rows(run: Run, out: RunOutput): number {
    const { batch, from, input } = run;
    const count = Math.min(run.to - from, rowsMax);
    const side = this.#sides[input]!;
    side.findKeys(batch.columns, from, count, this.#hashes, this.#slots, this.#created);
    this.#pairs?.begin(run.now);
    const base = out.builder.rows;
    const room = Math.min(out.room, rowsMax);
    this.#out = 0;
    this.#padded = false;
    const { now } = run;
    const taken: TakenRows = { keys: this.#slots, columns: batch.columns, from, batch, count, input, now };
    let i = 0;
    for (; i < count; i++) {
      if (!this.#row(taken, i, room)) break;
      out.ends[i] = base + this.#out;
    }
    out.endKnown = i;
    side.finish(taken);
    this.#emit(batch, input, out);
    if (this.#cursor === undefined) this.#dropEmpty(count);
    return from + i;
  }
  /** Takes row i of the run. False when there was no room for all of what it gives. */
  #row(taken: TakenRows, i: number, room: number): boolean {
    const { batch, from, input } = taken;
    const row = from + i;
    const key = this.#slots[i]!;
    const add = batch.kinds === undefined || isAdd(batch.kinds[row]!);
    // A row in the place of its former self meets whom that met: the join key is part of what it is known by.
    const replaces = add && key !== none && this.#sides[input]!.replaces(key, batch.columns, row);
    const kind = replaces ? 2 : batch.kinds === undefined ? 0 : batch.kinds[row]!;
    let matched = this.#cursor?.matched ?? 0;
    if (key !== none) {
      const other = this.#sides[1 - input]!;
      const partners = this.#partners[1 - input]!;
      for (let at = this.#cursor?.next ?? other.rows.first(key); at >= 0; at = other.rows.next(at)) {
        if (!other.rows.fresh(at)) continue;
        // A pair may give two rows.
        if (this.#out + 2 > room) {
          this.#cursor = { next: at, matched };
          this.#pairs?.begin(taken.now);
          return false;
        }
        if (this.#pairs !== undefined && !this.#pairs.holds(input, partners, taken, i, at)) continue;
        matched++;
        if (replaces) this.#pairAgain(row, at);
        else this.#pair(input, row, at, kind, add);
      }
    }
    if (this.#out === room) {
      this.#cursor = { next: none, matched };
      return false;
    }
    this.#cursor = undefined;
    this.#alone(input, row, kind, matched, key === none, replaces);
    if (key === none) return true;
    const side = this.#sides[input]!;
    if (add) side.add(taken, i, matched);
    else side.takeBack(taken, i);
    return true;
  }

  /** What a pair gives, and the other row's count of those that it met. */
  #pair(input: number, row: number, slot: number, kind: number, add: boolean): void {
    const other = this.#sides[1 - input]!;
    const counts = other.matches?.values;
    const before = counts === undefined ? 0 : counts[slot]!;
    if (counts !== undefined) {
      other.rows.touch(slot);
      counts[slot] = add ? before + 1 : before - 1;
    }
    if (this.#leftOnly !== undefined) {
      if (input === 0) return;
      if (before !== (add ? 0 : 1)) return;
      // The first right row that it meets, or the last one that goes.
      if (this.#leftOnly === 'semi') this.#put(none, slot, kind);
      else if (!this.#spec.finalOnly) this.#put(none, slot, add ? 3 : 0);
      return;
    }
    const padsOther = this.#isOuter[1 - input]! && !this.#spec.finalOnly;
    if (padsOther && add && before === 0) this.#put(none, slot, 3);
    const plain = !this.#isOuter[0] && !this.#isOuter[1];
    this.#put(row, slot, plain ? kind : add ? 0 : 3);
    if (padsOther && !add && before === 1) this.#put(none, slot, 0);
  }
  /** A pair of a row that took the place of its former self: nobody's count changes. */
  #pairAgain(row: number, slot: number): void {
    if (this.#leftOnly === undefined) this.#put(row, slot, 2);
  }
  /** What the row gives by itself, once it is known how many it met. */
  #alone(
    input: number,
    row: number,
    kind: number,
    matched: number,
    keyIsNull: boolean,
    replaces: boolean,
  ): void {
    // In batch a row without a partner waits for the end, but where it can get none.
    const stands = matched === 0 && (!this.#spec.finalOnly || keyIsNull);
    if (this.#leftOnly !== undefined) {
      if (input === 0 && (this.#leftOnly === 'semi' ? matched > 0 : stands)) this.#put(row, none, kind);
    } else if (this.#isOuter[input] && stands) this.#put(row, none, replaces ? 2 : isAdd(kind) ? 0 : 3);
  }

  #put(mine: number, theirs: number, kind: number): void {
    const n = this.#out++;
    this.#mine[n] = mine;
    this.#theirs[n] = theirs;
    this.#kinds[n] = kind;
    if (this.#leftOnly === undefined && (mine < 0 || theirs < 0)) this.#padded = true;
  }
  #emit({ columns }: Batch, input: number, out: RunOutput): void {
    const count = this.#out;
    if (count === 0) return;
    const other = this.#sides[1 - input]!.rows.row;
    const leftWidth = this.#sides[0].rows.row.length;
    const [mineAt, theirsAt] = input === 0 ? [0, leftWidth] : [leftWidth, 0];
    if (this.#leftOnly === undefined || input === 0) {
      columns.forEach((column, c) => {
        const to = out.columns[mineAt + c]!;
        if (this.#padded) to.appendRowsOrNulls(column, this.#mine, count);
        else to.shareRows(column, this.#mine, count);
      });
    }
    if (this.#leftOnly === undefined || input === 1) {
      other.forEach((column, c) => {
        const to = out.columns[theirsAt + c]!;
        if (this.#padded) column.appendSlotsOrNulls(to, this.#theirs, count);
        else column.appendSlots(to, this.#theirs, count);
      });
    }
    out.builder.endRows(count, this.#kinds);
  }
  /** Keys that neither side has rows of go: those of the run, and where rows go by their age, some of the others. */
  #dropEmpty(count: number): void {
    for (let i = 0; i < count; i++) this.#dropIfEmpty(this.#slots[i]!);
    if (this.#spec.leftTtlMs === 0 && this.#spec.rightTtlMs === 0) return;
    for (let n = Math.min(this.#keys.extent, count + 8); n > 0; n--) {
      this.#sweep = this.#sweep + 1 < this.#keys.extent ? this.#sweep + 1 : 0;
      this.#dropIfEmpty(this.#sweep);
    }
  }
  #dropIfEmpty(key: number): void {
    if (key === none || !this.#keys.isLive(key)) return;
    const [left, right] = this.#sides;
    if (left.rows.count(key) === 0 && right.rows.count(key) === 0) this.#keys.remove(key);
  }

  /** Batch: rows that met nobody, once both inputs are at their end. */
  end?: (input: number, out: RunOutput) => Progress;
  #end(out: RunOutput): Progress {
    if (this.#sent === undefined) {
      if (--this.#openInputs > 0) return 'done';
      this.#sent = { side: this.#isOuter[0] || this.#leftOnly === 'anti' ? 0 : 1, key: -1, row: none };
    }
    while (!out.full) {
      const count = this.#unmatched(this.#sent, Math.min(out.room, rowsMax));
      if (count > 0) this.#emitUnmatched(this.#sent.side, count, out);
      else if (this.#sent.side === 0 && this.#isOuter[1]) this.#sent = { side: 1, key: -1, row: none };
      else return 'done';
    }
    return 'more';
  }
  /** The next rows that met nobody, into `#theirs`. */
  #unmatched(at: Sent, room: number): number {
    const { rows, matches } = this.#sides[at.side]!;
    const key = new Int32Array(1);
    let count = 0;
    while (count < room) {
      if (at.row < 0) {
        if (this.#keys.scan(at.key, key) === 0) break;
        at.key = key[0]!;
        at.row = rows.first(at.key);
        continue;
      }
      if (matches!.values[at.row] === 0) this.#theirs[count++] = at.row;
      at.row = rows.next(at.row);
    }
    return count;
  }
  #emitUnmatched(side: 0 | 1, count: number, out: RunOutput): void {
    const at = side === 0 ? 0 : this.#sides[0].rows.row.length;
    const { row } = this.#sides[side].rows;
    out.columns.forEach((to, c) => {
      if (c >= at && c < at + row.length) row[c - at]!.appendSlots(to, this.#theirs, count);
      else for (let i = 0; i < count; i++) to.appendNull();
    });
    out.builder.endRows(count);
  }
}

/** How far rows that met nobody are out: of which side, up to which key, and the row to go on with. */
interface Sent {
  readonly side: 0 | 1;
  key: number;
  row: number;
}

registerRunOperator('join', (spec, setup) => new JoinOperator(spec, setup));
