/* MATCH_RECOGNIZE: rows wait until the watermark passes them, but for processing time; then, in their order, each moves the
 * matches of its partition.
 *
 *   row ─▶ waits, by time ── watermark ≥ time ──▶ matches that have begun (match-runs.ts) ─▶ one row for each that is whole
 *
 * A row is known by its number in its partition: matches say where they begin, and how many rows each variable took.
 * Keeps: the rows that wait, and from the first row of the oldest match on those that passed; the matches that have begun,
 * and those that are whole but wait for an earlier one. WITHIN bounds all of it.
 * Promises: a row that came behind the watermark only counts in `numLateRecordsDropped`; rows of one time and equal keys keep
 * their order of arrival. Flink: CepOperator. */

import { hashRows, type Column, type Row, type Value } from '#data';
import type { MatchSpec } from '#job';
import type { F64Cells, I32Cells, KeyedTable, OwnedTable, SortedTable, Timers } from '#state';
import type { OperatorContext, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { MatchRuns, type FoundMatch } from './match-runs.ts';
import { MatchValues } from './match-values.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { timeAt } from './window-time.ts';

const rowsMax = 2048;

class MatchOperator implements RunOperator {
  readonly readsWatermarks = true;
  readonly #spec: MatchSpec;
  readonly #context: OperatorContext;
  readonly #domain: Domain;
  readonly #keys: KeyedTable;
  /** The number of the first row that is kept, and of the first that waits. */
  readonly #firstKept: F64Cells;
  readonly #firstWaiting: F64Cells;
  readonly #rows: SortedTable;
  readonly #times: F64Cells;
  readonly #kept: KeptRuns;
  readonly #timers: Timers;
  readonly #values: MatchValues;
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  readonly #due = new Int32Array(1);
  /** The partition in hand, and its rows that were read, by number. */
  #key = -1;
  readonly #read = new Map<number, Row>();
  /** What is about to go out. */
  readonly #outgoing: (readonly Value[])[] = [];
  #sent = 0;
  /** By processing time: the row in hand has moved its matches, and what that gave is going out. */
  #isTaken = false;

  constructor(spec: MatchSpec, setup: RunSetup) {
    const { store, context } = setup;
    const types = setup.inputTypes[0]!;
    this.#spec = spec;
    this.#context = context;
    this.#domain = spec.time === undefined ? 'processing' : 'event';
    this.#keys = store.keyed({
      name: 'partitions',
      key: spec.partition.map((c) => types[c]!),
      cells: { firstKept: 'f64', firstWaiting: 'f64' },
    });
    this.#firstKept = this.#keys.f64('firstKept');
    this.#firstWaiting = this.#keys.f64('firstWaiting');
    this.#rows = store.sorted(this.#keys, {
      name: 'rows',
      row: types,
      cells: { at: 'f64' },
      order: [{ column: 'at' }, ...spec.order],
    });
    this.#times = this.#rows.f64('at');
    this.#kept = new KeptRuns(spec, setup, this.#keys);
    this.#timers = store.timers(this.#keys, { name: 'due', domain: this.#domain });
    this.#values = new MatchValues(spec, setup, (number) => this.#rowOf(number));
    context.metrics.gauge('stateKeys', () => this.#keys.size);
  }

  arms({ batch, from, to }: Run, times: Float64Array): void {
    const { time } = this.#spec;
    if (time === undefined) times.fill(Infinity, 0, to - from);
    else for (let row = from; row < to; row++) times[row - from] = timeAt(batch.columns[time]!, row);
  }
  rows(run: Run, out: RunOutput): number {
    const { time } = this.#spec;
    return time === undefined ? this.#takeAtOnce(run, out) : this.#wait(run, time);
  }
  #wait({ batch, from, to, watermarks }: Run, time: number): number {
    const count = Math.min(to - from, rowsMax);
    const { columns } = batch;
    const keys = this.#spec.partition.map((c): Column => columns[c]!);
    hashRows(keys, from, from + count, this.#hashes);
    this.#keys.upsert(keys, this.#hashes, from, count, this.#slots, this.#created);
    for (let i = 0; i < count; i++) {
      const [slot, row] = [this.#slots[i]!, from + i];
      const at = timeAt(columns[time]!, row);
      if (at <= watermarks[row]!) {
        this.#context.metrics.count('numLateRecordsDropped', 1);
        this.#context.lateRows?.(batch, row);
        continue;
      }
      this.#rows.append(slot, columns, row, { at });
      if (!(this.#timers.timeOf(slot) <= at)) this.#timers.set(slot, at);
    }
    for (let i = 0; i < count; i++) this.#dropIfEmpty(this.#slots[i]!);
    return from + count;
  }
  /** By processing time rows come in their order. */
  #takeAtOnce({ batch: { columns }, from, to, now }: Run, out: RunOutput): number {
    const keys = this.#spec.partition.map((c): Column => columns[c]!);
    for (let row = from; row < to; row++) {
      if (!this.#isTaken) {
        const slot = this.#keys.upsertRow(keys, row);
        this.#rows.append(slot, columns, row, { at: now });
        this.#pass(slot, now);
        this.#isTaken = true;
      }
      if (!this.#emit(out)) return row;
      this.#isTaken = false;
      out.through();
    }
    return to;
  }
  #dropIfEmpty(key: number): void {
    if (!this.#keys.isLive(key)) return;
    if (this.#rows.count(key) === 0 && this.#kept.count(key) === 0) this.#keys.remove(key);
  }

  nextTimer(domain: Domain): number {
    return domain === this.#domain ? this.#timers.next : Infinity;
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    for (;;) {
      if (!this.#emit(out)) return 'more';
      if (this.#timers.next === Infinity || this.#timers.next > at) return 'done';
      this.#timers.due(this.#timers.next, this.#due);
      this.#pass(this.#due[0]!, at);
    }
  }
  /** False when the output filled. */
  #emit(out: RunOutput): boolean {
    for (; this.#sent < this.#outgoing.length; this.#sent++) {
      if (out.full) return false;
      this.#outgoing[this.#sent]!.forEach((value, c) => {
        out.columns[c]!.append(value);
      });
      out.endRow(0);
    }
    this.#outgoing.length = this.#sent = 0;
    return true;
  }

  /** The rows of a partition that the watermark has passed move its matches. */
  #pass(key: number, at: number): void {
    this.#key = key;
    this.#keys.writeOne(key);
    const runs = new MatchRuns(this.#spec, (variable, covered) => this.#values.holds(variable, covered));
    this.#kept.load(key, runs);
    let number = this.#firstWaiting.values[key]!;
    let slot = this.#rows.nth(key, number - this.#firstKept.values[key]!);
    for (; slot >= 0 && this.#timeOf(slot) <= at; slot = this.#rows.next(slot)) {
      const time = this.#timeOf(slot);
      this.#take(runs.advance(time));
      this.#take(runs.step(number++, time));
    }
    this.#take(runs.advance(at));
    this.#read.clear();
    this.#kept.save(key, runs);
    this.#firstWaiting.values[key] = number;
    this.#forget(key, runs, number);
    this.#setTimer(key, runs, slot);
    this.#dropIfEmpty(key);
  }
  #timeOf(slot: number): number {
    return this.#times.values[slot]!;
  }
  #rowOf(number: number): Row {
    let row = this.#read.get(number);
    if (row === undefined) {
      const slot = this.#rows.nth(this.#key, number - this.#firstKept.values[this.#key]!);
      this.#read.set(number, (row = this.#rows.row.map((c) => c.get(slot))));
    }
    return row;
  }
  #take(matches: readonly FoundMatch[]): void {
    for (const { covered, timeMs } of matches) {
      const first = this.#rowOf(covered.start);
      this.#outgoing.push([
        ...this.#spec.partition.map((c) => first[c]!),
        ...this.#values.measures(covered, timeMs),
      ]);
    }
  }
  /** Rows in front of the oldest match go. */
  #forget(key: number, { partial, whole }: MatchRuns, waiting: number): void {
    const needed = Math.min(partial[0]?.start ?? waiting, whole[0]?.start ?? waiting);
    const kept = this.#firstKept.values;
    for (; kept[key]! < needed; kept[key]!++) this.#rows.remove(this.#rows.first(key));
  }
  /** The next row, or the end of what the oldest match may take. */
  #setTimer(key: number, { partial: [oldest] }: MatchRuns, waiting: number): void {
    const { withinMs } = this.#spec;
    const row = waiting < 0 ? Infinity : this.#timeOf(waiting);
    const end = oldest === undefined || withinMs === 0 ? Infinity : oldest.startMs + withinMs;
    const next = Math.min(row, end);
    if (next < Infinity) this.#timers.set(key, next);
  }
}

/** Matches that have begun, as rows of their partition: where they begin, their state, rows by variable. */
class KeptRuns {
  readonly #runs: OwnedTable;
  readonly #state: I32Cells;
  readonly #start: F64Cells;
  readonly #startMs: F64Cells;
  readonly #counts: readonly F64Cells[];

  constructor({ variables }: MatchSpec, { store }: RunSetup, keys: KeyedTable) {
    const counts = variables.map((_, v) => `count${v}`);
    this.#runs = store.owned(keys, {
      name: 'matches',
      row: [],
      cells: {
        state: 'i32',
        start: 'f64',
        startMs: 'f64',
        ...Object.fromEntries(counts.map((c) => [c, 'f64' as const])),
      },
    });
    this.#state = this.#runs.i32('state');
    this.#start = this.#runs.f64('start');
    this.#startMs = this.#runs.f64('startMs');
    this.#counts = counts.map((c) => this.#runs.f64(c));
  }
  count(key: number): number {
    return this.#runs.count(key);
  }
  load(key: number, into: MatchRuns): void {
    for (let slot = this.#runs.first(key); slot >= 0; slot = this.#runs.next(slot))
      into.add({
        state: this.#state.values[slot]!,
        start: this.#start.values[slot]!,
        startMs: this.#startMs.values[slot]!,
        counts: this.#counts.map((c) => c.values[slot]!),
      });
  }
  save(key: number, { partial, whole }: MatchRuns): void {
    this.#runs.removeAll(key);
    for (const run of [...partial, ...whole]) {
      const slot = this.#runs.append(key, [], 0);
      this.#state.values[slot] = run.state;
      this.#start.values[slot] = run.start;
      this.#startMs.values[slot] = run.startMs;
      this.#counts.forEach((c, v) => (c.values[slot] = run.counts[v]!));
    }
  }
}

registerRunOperator('match', (spec, setup) => new MatchOperator(spec, setup));
