/* A process table function of the program: called for each row and for each timer that falls due.
 *
 *   rows ──▶ eval ──▶ rows out          watermark ──▶ timers that it reaches ──▶ onTimer ──▶ rows out, and then the watermark
 *              └─▶ values and timers of the row's partition
 *
 * What goes out has the partition's columns in front, or all of the row's, and behind, where the call has on_time, the time of the row or timer.
 * Keeps: of each partition the values that the function has set, and its timers.
 * Promises: a timer fires once, in front of the watermark that it waited for; rows are taken as they come, late ones too. */

import { readValue, type Column, type LogicalType, type Value } from '#data';
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
import { timeAt } from './window-time.ts';

class ProcessOperator implements RunOperator, ProcessHost {
  readonly readsWatermarks = true;
  readonly #spec: ProcessSpec;
  readonly #types: readonly LogicalType[];
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
  readonly #outgoing: (readonly Value[])[] = [];
  #sent = 0;
  /** The row in hand was taken, and what it gave is going out. */
  #isTaken = false;

  constructor(spec: ProcessSpec, { store, inputTypes, evaluation, context }: RunSetup) {
    const process = userProcess(spec.fn);
    this.#spec = spec;
    this.#types = inputTypes[0]!;
    const key = spec.partition.map((c) => this.#types[c]!);
    this.#states = new ProcessStates(process.states, { store, key, jobTtlMs: spec.ttlMs });
    if (process.hasTimers && spec.time !== undefined) this.#timers = new ProcessTimers(store, key);
    const scalars = spec.scalars.map((expr) => expr && evaluate(expr, [], evaluation));
    this.#calls = process.start(this, { input: spec.input, partition: spec.partition, scalars });
    context.metrics.gauge('stateKeys', () => this.#states.partitions);
  }

  arms({ from, to }: Run, times: Float64Array): void {
    // Any row may set a timer for any time.
    times.fill(this.#timers === undefined ? Infinity : -Infinity, 0, to - from);
  }
  rows({ batch: { columns }, from, to, watermarks }: Run, out: RunOutput): number {
    const { partition, time } = this.#spec;
    const keys = partition.map((c): Column => columns[c]!);
    for (let row = from; row < to; row++) {
      if (!this.#isTaken) {
        this.#key = { columns: keys, row };
        this.time = time === undefined ? undefined : timeAt(columns[time]!, row);
        this.watermark = watermarks[row]!;
        this.#row = columns.map((c, i) => readValue(c, this.#types[i]!, row));
        this.#within = 'row';
        this.#calls.eval(this.#row);
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
      for (const [i, value] of this.#outgoing[this.#sent]!.entries()) out.columns[i]!.append(value);
      out.endRow(0);
    }
    this.#outgoing.length = this.#sent = 0;
    return true;
  }

  get partitionKey(): readonly Value[] {
    const { columns, row } = this.#key;
    return columns.map((c, i) => readValue(c, this.#types[this.#spec.partition[i]!]!, row));
  }
  emit(row: readonly Value[]): void {
    const rowtime = this.time === undefined ? [] : [{ ms: this.time, ns: 0 }];
    const given = this.#row;
    const front = given === undefined ? this.partitionKey : this.#spec.passes.map((c) => given[c]!);
    this.#outgoing.push([...front, ...row, ...rowtime]);
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
