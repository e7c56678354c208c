/* A job of hand-made nodes over connectors that the test drives: sources that give what they are told, sinks that stall or
 * fail when they are told. */

import { insertOnly, allChanges, type ConnectorDescriptor } from '#catalog';
import { readRow, types, type Batch, type LogicalType, type Row } from '#data';
import { SimWorld } from '#testkit';
import type {
  ConnectorRuntime,
  Lookup,
  LookupContext,
  Polled,
  Sink,
  SinkContext,
  Source,
  SourceContext,
  SplitPositions,
} from '../src/contracts/index.ts';
import type {
  InputPlan,
  JobPlan,
  NodePlan,
  OperatorPlan,
  SourcePlan,
  OperatorName,
  OperatorSpecs,
} from '#job';
import { Job } from '../src/runtime/job.ts';
import type { JobSettings, JobSnapshot } from '../src/runtime/settings.ts';
import { batchOf, evaluation } from './harness.ts';

const { INT } = types;
export const rowType: readonly LogicalType[] = [INT];

/** A source's script: batches as lines of text, and then 'end', or nothing more for now. */
export class Script {
  readonly batches: (readonly string[])[] = [];
  ended = false;
  polls = 0;
  opens: (number | undefined)[] = [];
  /** Thrown by the poll that would hand out this batch. */
  failAt = Infinity;
  failure: unknown;
  closeFailure: unknown;
  closed = 0;
  context: SourceContext | undefined;
  /** When set, it opens only once the job ends: then this is what opening does, to throw or not. */
  afterAbort: (() => void) | undefined;

  give(...lines: string[]): void {
    this.batches.push(lines);
    this.context?.wake();
  }
  end(): void {
    this.ended = true;
    this.context?.wake();
  }
}
class ScriptedSource implements Source {
  readonly #script: Script;
  #at = 0;
  constructor(script: Script, context: SourceContext) {
    this.#script = script;
    script.context = context;
  }
  async open(positions: SplitPositions | undefined): Promise<void> {
    const position = positions?.get('script');
    this.#at = position?.[0] ?? 0;
    const { afterAbort, context } = this.#script;
    if (afterAbort !== undefined) {
      await new Promise((resolve) => {
        context!.signal.addEventListener('abort', resolve);
      });
      afterAbort();
    }
    this.#script.opens.push(position?.[0]);
  }
  poll(): Polled {
    const script = this.#script;
    script.polls++;
    if (this.#at >= script.failAt) throw script.failure;
    const lines = script.batches[this.#at];
    if (lines === undefined) return script.ended ? { kind: 'end' } : { kind: 'wait' };
    this.#at++;
    return { kind: 'batch', split: 0, batch: batchOf(rowType, lines) };
  }
  snapshot(): SplitPositions {
    return new Map([['script', Uint8Array.of(this.#at)]]);
  }
  async close(): Promise<void> {
    this.#script.closed++;
    if (this.#script.closeFailure !== undefined) throw this.#script.closeFailure;
  }
}

/** A sink that takes rows while it has room. */
export class Basin {
  readonly rows: Row[] = [];
  /** Rows that it takes before it says that it is full. */
  room = Infinity;
  failAtRow = Infinity;
  failure: unknown;
  flushFailure: unknown;
  flushes = 0;
  closed = 0;
  /** When set, rows are seen by commits alone: what was prepared, committed and found at the start, in their order. */
  twoPhase = false;
  readonly log: string[] = [];
  commitFailure: unknown;
  /** When set, a flush waits for `release`. */
  holdFlush = false;
  #held: (() => void)[] = [];
  context: SinkContext | undefined;

  more(rows: number): void {
    this.room += rows;
    this.context?.wake();
  }
  release(): void {
    this.holdFlush = false;
    for (const held of this.#held.splice(0)) held();
  }
  hold(): Promise<void> {
    return this.holdFlush
      ? new Promise((resolve) => {
          this.#held.push(resolve);
        })
      : Promise.resolve();
  }
  get values(): number[] {
    return this.rows.map((r) => r[0] as number);
  }
}
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

class BasinSink implements Sink {
  readonly #basin: Basin;
  readonly prepare: Sink['prepare'];
  readonly commit: Sink['commit'];
  #prepared = 0;
  constructor(basin: Basin, context: SinkContext) {
    this.#basin = basin;
    basin.context = context;
    if (!basin.twoPhase) return;
    this.prepare = async (last) => {
      const rows = basin.values.slice(this.#prepared);
      this.#prepared = basin.rows.length;
      basin.log.push(`prepare ${rows.join(' ')}${last ? ' last' : ''}`);
      await basin.hold();
      return rows.length === 0 ? undefined : Buffer.from(rows.join(' '));
    };
    this.commit = async (prepared) => {
      if (basin.commitFailure !== undefined) throw basin.commitFailure;
      basin.log.push(`commit ${textOf(prepared)}`);
    };
  }
  async open(prepared?: readonly Uint8Array[]): Promise<void> {
    this.#basin.log.push(prepared === undefined ? 'open' : `open ${prepared.map(textOf).join(', ')}`.trim());
  }
  write(batch: Batch, from: number): number {
    const basin = this.#basin;
    for (let row = from; row < batch.rows; row++) {
      if (basin.rows.length >= basin.failAtRow) throw basin.failure;
      if (basin.room <= 0) return row;
      basin.room--;
      basin.rows.push(readRow(batch, rowType, row));
    }
    return batch.rows;
  }
  async flush(): Promise<void> {
    this.#basin.flushes++;
    if (this.#basin.flushFailure !== undefined) throw this.#basin.flushFailure;
    await this.#basin.hold();
  }
  async close(): Promise<void> {
    this.#basin.closed++;
  }
}

const nothing = {
  path: { catalog: 'c', database: 'd', object: 't' },
  physical: [],
  primaryKey: [],
  partitionedBy: [],
  options: [],
};
const fields = [{ name: 'v', type: INT }];

export class Rig {
  readonly world = new SimWorld(1);
  readonly warnings: string[] = [];
  readonly #nodes: NodePlan[] = [];
  readonly #connectors = new Map<string, ConnectorDescriptor>();

  source(script: Script, changes: Partial<SourcePlan> = {}): number {
    const name = `source-${this.#nodes.length}`;
    this.#connectors.set(name, {
      name,
      metadata: [],
      options: () => ({ owner: name, specs: [] }),
      source: () => ({ changelog: insertOnly, bounded: false, ownWatermarks: true }),
      load: async (): Promise<ConnectorRuntime> => ({
        createSource: (context) => new ScriptedSource(script, context),
      }),
    });
    return this.#add({
      id: name,
      title: name,
      kind: 'source',
      connector: name,
      table: nothing,
      fields,
      metadata: [],
      limit: undefined,
      calc: undefined,
      watermark: { rowtime: 0, rowtimeName: 'v', keyOnlyDelete: false, expression: 'source' },
      idleTimeoutMs: 0,
      quietTimeoutMs: 0,
      finalWatermarkOnly: false,
      alignment: undefined,
      outputTypes: rowType,
      ...changes,
    });
  }
  sink(basin: Basin, ...inputs: readonly number[]): number {
    const name = `sink-${this.#nodes.length}`;
    this.#connectors.set(name, {
      name,
      metadata: [],
      options: () => ({ owner: name, specs: [] }),
      sink: () => ({ accepts: () => allChanges, guarantee: 'none' }),
      load: async (): Promise<ConnectorRuntime> => ({
        createSink: (context) => new BasinSink(basin, context),
      }),
    });
    return this.#add({
      id: name,
      title: name,
      kind: 'sink',
      connector: name,
      table: nothing,
      fields,
      metadata: [],
      key: [],
      accepts: allChanges,
      notNull: [],
      places: [],
      dropNulls: false,
      single: false,
      outputTypes: rowType,
      inputs: inputs.map(forward),
    });
  }
  union(...inputs: readonly number[]): number {
    return this.operator('union', { updateBefore: 'keep' }, inputs.map(forward));
  }
  operator(
    kind: string,
    spec: unknown,
    inputs: readonly InputPlan[],
    changes: Partial<OperatorPlan> = {},
  ): number {
    const id = `${kind}-${this.#nodes.length}`;
    return this.#add({
      id,
      title: id,
      kind: 'operator',
      operator: kind as OperatorName,
      spec: spec as OperatorSpecs[OperatorName],
      inputs,
      inputNames: [['v']],
      inputTypes: [rowType],
      single: false,
      outputTypes: rowType,
      ...changes,
    });
  }
  lookup(make: (context: LookupContext) => Lookup): string {
    const name = `lookup-${this.#connectors.size}`;
    this.#connectors.set(name, {
      name,
      metadata: [],
      options: () => ({ owner: name, specs: [] }),
      lookup: () => ({ async: true }),
      load: async (): Promise<ConnectorRuntime> => ({ createLookup: make }),
    });
    return name;
  }
  #add(node: NodePlan): number {
    return this.#nodes.push(node) - 1;
  }
  get plan(): JobPlan {
    return { nodes: this.#nodes };
  }
  async start(restore?: JobSnapshot, changes: Partial<JobSettings> = {}): Promise<Job> {
    const job = this.job(restore, changes);
    await job.start();
    return job;
  }
  job(restore?: JobSnapshot, changes: Partial<JobSettings> = {}): Job {
    return new Job(this.plan, { ...this.settings(), restore, ...changes });
  }
  settings(): JobSettings {
    return {
      world: this.world,
      connectors: this.#connectors,
      evaluation,
      parallelism: 1,
      memoryBytesMax: Infinity,
      restore: undefined,
      name: 'job',
      incarnation: '1',
      lateRows: undefined,
      warn: (message) => {
        this.warnings.push(message);
      },
      print: () => undefined,
    };
  }
}
export const forward = (node: number): InputPlan => ({ node, input: 0, distribution: { kind: 'forward' } });
