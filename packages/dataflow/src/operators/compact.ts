/* Rows before a sink whose key is not the query's, for INSERT … ON CONFLICT DO NOTHING and DO ERROR: what changes wait for the
 * next watermark, so that rows which only pass each other do not meet.
 *
 *   change ─▶ against one that takes it back, or behind the others ─ the watermark moves ─▶ shown row + changes = rows left
 *
 *   none: -D of the shown row · one: +I, or +U where it is another · more: an error, or the first of them
 *
 * Keeps: per sink key the row that is shown, and the changes since the last watermark in order of arrival. Promises: at most
 * one change a key and watermark. Flink: WatermarkCompactingSinkMaterializer. */

import { UserError } from '#base';
import { hashRows, isAdd, type Column } from '#data';
import { formatValue, type EvalContext } from '#expr';
import type { CompactSpec } from '#job';
import type { KeyedTable, OwnedTable, StateColumn, Timers, U8Cells } from '#state';
import type { Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const rowsMax = 2048;
/** In front of every watermark that a source may give, for a row in front of the first one. */
const beforeAll = Number.MIN_SAFE_INTEGER;
/** Stands for the shown row among slots of changes. */
const shown = -1;

class CompactOperator implements RunOperator {
  readonly readsWatermarks = true;
  readonly #spec: CompactSpec;
  readonly #columns: readonly number[];
  readonly #evaluation: EvalContext;
  /** The row that is shown, where `isShown` says that there is one. */
  readonly #keys: KeyedTable;
  readonly #isShown: U8Cells;
  readonly #changes: OwnedTable;
  readonly #kinds: U8Cells;
  readonly #timers: Timers;
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  readonly #due = new Int32Array(rowsMax);
  #dueCount = 0;
  #at = 0;

  constructor(spec: CompactSpec, setup: RunSetup) {
    const types = setup.inputTypes[0]!;
    const ttl = { ms: spec.ttlMs, renewedBy: 'create-write' } as const;
    this.#spec = spec;
    this.#columns = types.map((_, i) => i);
    this.#evaluation = setup.evaluation;
    this.#keys = setup.store.keyed({
      name: 'keys',
      key: spec.keys.map((k) => types[k]!),
      row: types,
      cells: { isShown: 'u8' },
      ttl,
    });
    this.#isShown = this.#keys.u8('isShown');
    this.#changes = setup.store.owned(this.#keys, {
      name: 'changes',
      row: types,
      cells: { kind: 'u8' },
      find: 'row',
    });
    this.#kinds = this.#changes.u8('kind');
    this.#timers = setup.store.timers(this.#keys, { name: 'due', domain: 'event' });
    setup.context.metrics.gauge('stateKeys', () => this.#keys.size);
  }

  arms({ from, to, watermarks }: Run, times: Float64Array): void {
    for (let row = from; row < to; row++) times[row - from] = behind(watermarks[row]!);
  }
  rows({ batch, from, to, watermarks }: Run): number {
    const count = Math.min(to - from, rowsMax);
    const { columns, kinds } = batch;
    const keys = this.#spec.keys.map((k) => columns[k]!);
    hashRows(keys, from, from + count, this.#hashes);
    this.#keys.upsert(keys, this.#hashes, from, count, this.#slots, this.#created);
    this.#keys.write(this.#slots, count);
    this.#changes.prepare(columns, from, count);
    for (let i = 0; i < count; i++) {
      const key = this.#slots[i]!;
      // A slot has a row, if none that is shown.
      if (this.#created[i] === 1) this.#keys.setRow(key, columns, from + i);
      this.#take(key, columns, from + i, kinds === undefined ? 0 : kinds[from + i]!);
      if (Number.isNaN(this.#timers.timeOf(key))) this.#timers.set(key, behind(watermarks[from + i]!));
    }
    return from + count;
  }
  /** Of equal changes only those of one sign wait: the other takes the oldest of them away. */
  #take(key: number, columns: readonly Column[], row: number, kind: number): void {
    const equal = this.#changes.findRow(key, columns, row);
    if (equal >= 0 && isAdd(this.#kinds.values[equal]!) !== isAdd(kind)) this.#changes.remove(equal);
    else {
      const slot = this.#changes.append(key, columns, row);
      this.#kinds.values[slot] = kind;
    }
  }

  nextTimer(domain: Domain): number {
    return domain === 'event' ? this.#timers.next : Infinity;
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    for (;;) {
      for (; this.#at < this.#dueCount; this.#at++) {
        if (out.full) return 'more';
        this.#settle(this.#due[this.#at]!, out);
      }
      this.#at = 0;
      this.#dueCount = this.#timers.due(at, this.#due);
      if (this.#dueCount === 0) return 'done';
    }
  }
  /** The changes of a key become one, or none. */
  #settle(key: number, out: RunOutput): void {
    const left = this.#left(key);
    const before = this.#isShown.values[key] === 1;
    if (left.length > 1 && this.#spec.conflict === 'ERROR') throw this.#violation(key);
    const [first] = left;
    if (first === undefined) {
      if (before) this.#emit(this.#keys.row, key, 3, out);
      this.#keys.remove(key);
      return;
    }
    if (first !== shown && !(before && this.#equal(this.#columns, first, shown, key))) {
      this.#emit(this.#changes.row, first, before ? 2 : 0, out);
      this.#keys.writeOne(key);
      this.#keys.row.forEach((column, c) => column.copySlot(key, this.#changes.row[c]!, first));
      this.#isShown.values[key] = 1;
    }
    this.#changes.removeAll(key);
  }
  /** The rows of the key that are there: the shown one where nothing took it back, and those that came. */
  #left(key: number): number[] {
    const left = this.#isShown.values[key] === 1 ? [shown] : [];
    const { inputKey } = this.#spec;
    const told = inputKey ?? this.#columns;
    for (let slot = this.#changes.first(key); slot >= 0; slot = this.#changes.next(slot)) {
      const adds = isAdd(this.#kinds.values[slot]!);
      const at =
        adds && inputKey === undefined ? -1 : left.findIndex((other) => this.#equal(told, slot, other, key));
      if (!adds && at >= 0) left.splice(at, 1);
      else if (adds && at >= 0) left[at] = slot;
      else if (adds) left.push(slot);
    }
    return left;
  }
  /** Whether a change has in these columns what another has, or the shown row of `key`. */
  #equal(columns: readonly number[], slot: number, other: number, key: number): boolean {
    const { row } = this.#changes;
    const [table, at] = other === shown ? [this.#keys.row, key] : [row, other];
    return columns.every((c) => row[c]!.equalsSlot(slot, table[c]!, at));
  }
  #emit(row: readonly StateColumn[], slot: number, kind: number, out: RunOutput): void {
    for (let c = 0; c < row.length; c++) row[c]!.appendTo(out.columns[c]!, slot);
    out.endRow(kind);
  }
  #violation(key: number): UserError {
    const { timeZone } = this.#evaluation;
    const values = this.#keys.keys.map((column, i) => {
      const value = column.get(key);
      return `${this.#spec.keyNames[i]!}=${value === null ? 'NULL' : formatValue(value, column.type, timeZone)}`;
    });
    return new UserError('DATA3009', {
      message: `Primary key constraint violation: multiple distinct records with the same primary key detected. Conflicting key: [${values.join(', ')}].`,
      hint: 'ON CONFLICT DO NOTHING keeps the first of them, DO DEDUPLICATE the last.',
    });
  }
}
/** Due when the watermark has moved on from this one. */
const behind = (watermark: number): number => (watermark === -Infinity ? beforeAll : watermark + 1);

registerRunOperator('compact', (spec, setup) => new CompactOperator(spec, setup));
