/* A process table function of the program: called for each row of its tables and for each timer that falls due.
 *
 *   rows ──▶ eval ──▶ rows out          watermark ──▶ timers that it reaches ──▶ onTimer ──▶ rows out, and then the watermark
 *              └─▶ state and timers of the row's partition, one for all tables
 *
 * What goes out has the partition's columns in front, once for each table, or all of the row's, and behind, where the call has on_time, the
 * time of the row or timer.
 * Keeps: of each partition the state that the function has written, and its timers.
 * Promises: a timer fires once, in front of the watermark that it waited for; rows are taken as they come, late ones too. */

import { changeKind, readValue, withNullable, type Column, type LogicalType, type Value } from '#data';
import {
  evaluate,
  userProcess,
  type ProcessCalls,
  type ProcessHost,
  type ProcessList,
  type ProcessMap,
} from '#expr';
import type { ProcessSpec } from '#job';
import type { Progress } from '../contracts/index.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { ProcessTimers, type PartitionKey } from './process-state.ts';
import { ProcessStates } from './process-states.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { knownTimeAt } from './window-time.ts';

/** Of a partition: NULL where a column of one of the tables may be NULL. */
const keyTypes = (
  { inputs }: ProcessSpec,
  types: readonly (readonly LogicalType[])[],
): readonly LogicalType[] =>
  inputs[0]!.partition.map((c, i) =>
    withNullable(
      types[0]![c]!,
      inputs.some(({ partition }, table) => types[table]![partition[i]!]!.nullable),
    ),
  );

class ProcessOperator implements RunOperator, ProcessHost {
  readonly readsWatermarks = true;
  readonly #spec: ProcessSpec;
  /** Of the columns of each table. */
  readonly #types: readonly (readonly LogicalType[])[];
  readonly #keyTypes: readonly LogicalType[];
  readonly #states: ProcessStates;
  readonly #timers: ProcessTimers | undefined;
  readonly #calls: ProcessCalls;
  /** Of the row or timer in hand; no row where it is a timer. */
  #key: PartitionKey = { columns: [], row: 0 };
  time: number | undefined;
  watermark = -Infinity;
  #row: readonly Value[] | undefined;
  #within: 'row' | 'named' | 'unnamed' = 'row';
  /** What is about to go out. */
  readonly #outgoing: { readonly row: readonly Value[]; readonly kind: number }[] = [];
  #sent = 0;
  /** The row in hand was taken, and what it gave is going out. */
  #isTaken = false;

  constructor(spec: ProcessSpec, { store, inputTypes, evaluation, context }: RunSetup) {
    const process = userProcess(spec.fn);
    this.#spec = spec;
    this.#types = inputTypes;
    const key = keyTypes(spec, inputTypes);
    this.#keyTypes = key;
    this.#states = new ProcessStates(process.states, { store, key, jobTtlMs: spec.ttlMs });
    if (process.hasTimers && spec.inputs.every(({ time }) => time !== undefined))
      this.#timers = new ProcessTimers(store, key);
    const scalars = spec.scalars.map((expr) => expr && evaluate(expr, [], evaluation));
    this.#calls = process.start(this, { tables: spec.inputs, scalars, changes: spec.changes });
    context.metrics.gauge('stateKeys', () => this.#states.partitions);
  }

  arms({ from, to }: Run, times: Float64Array): void {
    // Any row may set a timer for any time.
    times.fill(this.#timers === undefined ? Infinity : -Infinity, 0, to - from);
  }
  rows({ input, batch: { columns, kinds }, from, to, watermarks }: Run, out: RunOutput): number {
    const { partition, time } = this.#spec.inputs[input]!;
    const types = this.#types[input]!;
    const keys = partition.map((c): Column => columns[c]!);
    for (let row = from; row < to; row++) {
      if (!this.#isTaken) {
        this.#key = { columns: keys, row };
        this.time = time === undefined ? undefined : knownTimeAt(columns[time]!, row);
        this.watermark = watermarks[row]!;
        this.#row = columns.map((c, i) => readValue(c, types[i]!, row));
        this.#within = 'row';
        this.#calls.eval(input, this.#row, kinds?.[row] ?? changeKind.insert);
        this.#isTaken = true;
      }
      if (!this.#emit(out)) return row;
      this.#isTaken = false;
      out.through();
    }
    return to;
  }
  nextTimer(domain: Domain): number {
    return domain === 'event' ? (this.#timers?.next ?? Infinity) : Infinity;
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    for (;;) {
      if (!this.#emit(out)) return 'more';
      const timer = this.#timers?.take(at);
      if (timer === undefined) return 'done';
      this.#key = timer.key;
      this.time = timer.time;
      this.watermark = at;
      this.#row = undefined;
      this.#within = timer.name === undefined ? 'unnamed' : 'named';
      this.#calls.onTimer(timer.name);
    }
  }
  /** False when the output filled. */
  #emit(out: RunOutput): boolean {
    for (; this.#sent < this.#outgoing.length; this.#sent++) {
      if (out.full) return false;
      const { row, kind } = this.#outgoing[this.#sent]!;
      for (const [i, value] of row.entries()) out.columns[i]!.append(value);
      out.endRow(kind);
    }
    this.#outgoing.length = this.#sent = 0;
    return true;
  }

  get partitionKey(): readonly Value[] {
    const { columns, row } = this.#key;
    return columns.map((c, i) => readValue(c, this.#keyTypes[i]!, row));
  }
  emit(row: readonly Value[], kind: number): void {
    const { passesColumns, emitsTime, inputs } = this.#spec;
    const rowtime = emitsTime ? [{ ms: this.time!, ns: 0 }] : [];
    const front = passesColumns ? this.#row! : inputs.flatMap(() => this.partitionKey);
    this.#outgoing.push({ row: [...front, ...row, ...rowtime], kind });
  }
  read(state: number): Value {
    return this.#states.value(state).read(this.#key);
  }
  write(state: number, value: Value): void {
    this.#states.value(state).write(this.#key, value);
  }
  list(state: number): ProcessList {
    return this.#states.list(state, this.#key);
  }
  map(state: number): ProcessMap {
    return this.#states.map(state, this.#key);
  }
  register(name: string | undefined, at: number): void {
    this.#timers!.register(this.#key, name, at, this.watermark, this.#within);
  }
  clearTimer(timer: string | number): void {
    this.#timers?.clear(this.#key, timer);
  }
  clearTimers(): void {
    this.#timers?.clearAll(this.#key);
  }
}

registerRunOperator('process', (spec, setup) => new ProcessOperator(spec, setup));
