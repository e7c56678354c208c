/* Turns a plan into running nodes: one instance each, or `parallelism` of them, wired by channels and exchanges. */

import { fileName } from '#base';
import type { Field } from '#data';
import { compileWatermark, evalContext, instantiateCalc, type EvalContext } from '#expr';
import type { Lookup, Refusals, Sink, Source, WantedColumns } from '../contracts/index.ts';
import type { JobPlan, NodePlan, OperatorPlan, SinkPlan, SourcePlan } from '#job';
import { bytesOf, MemoryStore, type DiskSide, type PersistentStore, type StatePart } from '#state';
import '../operators/all.ts';
import { isStateless, operatorFactory, type OperatorSetup } from '../operators/table.ts';
import { BadRows } from './bad-rows.ts';
import { RateBoard } from './error-rate.ts';
import { MetricsBoard } from './metrics.ts';
import { OperatorNode, type NodeEvents, type RunningNode } from './node.ts';
import { loadConnector, partsOf, stateKey, type JobSettings } from './settings.ts';
import { spareOperator } from './spare-operator.ts';
import { SinkNode } from './sink-node.ts';
import { SinkStates } from './sink-state.ts';
import { SourceNode } from './source-node.ts';
import { SourceStates } from './source-state.ts';
import { TimedAnswers } from './timed-answers.ts';
import type { RingInlet } from './threads/inlet.ts';
import type { RingOutlet } from './threads/outlet.ts';
import type { NewStore, StorePlace } from './stores.ts';
import { isHere, wire, type ThreadPlace, type Wires } from './wire.ts';

export interface BuildSettings
  extends Omit<JobSettings, 'persist' | 'blocks' | 'newStore' | 'stateOnDisk' | 'asked'> {
  readonly newStore: NewStore;
  /** Snapshots are made durable. */
  readonly durable: boolean;
  /** Where several threads run the job: which of them this is. */
  readonly place?: ThreadPlace | undefined;
  /** Where they count bad records; without, it is the only one. */
  readonly errorRates?: SharedArrayBuffer | undefined;
  readonly events: NodeEvents;
  readonly signal: AbortSignal;
  readonly wake: () => void;
  readonly failed: (error: unknown) => void;
  readonly asked: (wanted: WantedColumns) => void;
}
export interface BuiltShare {
  /** Every instance, in topological order. */
  readonly nodes: readonly RunningNode[];
  readonly sources: readonly SourceNode[];
  readonly sinks: readonly SinkNode[];
  readonly metrics: MetricsBoard;
  /** Operators and sinks, in topological order. */
  readonly consumers: readonly RunningNode[];
  /** State of operators that is on disk. */
  readonly disks: readonly DiskSide[];
  readonly inlets: readonly RingInlet[];
  readonly outlets: readonly RingOutlet[];
  close(): Promise<void>;
}

export async function buildShare(plan: JobPlan, settings: BuildSettings): Promise<BuiltShare> {
  return await new Builder(plan, settings).build();
}

class Builder {
  readonly #plan: JobPlan;
  readonly #settings: BuildSettings;
  readonly #stateless: boolean;
  readonly #metrics = new MetricsBoard();
  readonly #nodes: RunningNode[] = [];
  readonly #sources: SourceNode[] = [];
  readonly #disks: DiskSide[] = [];
  readonly #wires: Wires;
  readonly #rates: RateBoard;
  readonly #open: (() => Promise<void>)[] = [];
  readonly #closing: (() => Promise<void>)[] = [];

  constructor(plan: JobPlan, settings: BuildSettings) {
    this.#plan = plan;
    this.#stateless = isStateless(plan);
    this.#settings = settings;
    this.#wires = wire(plan, settings.parallelism, settings.place);
    const { errorRates, parallelism } = settings;
    this.#rates = new RateBoard(
      plan,
      parallelism,
      errorRates ?? new ArrayBuffer(RateBoard.bytes(plan, parallelism)),
    );
  }

  async build(): Promise<BuiltShare> {
    try {
      for (const [index, node] of this.#plan.nodes.entries()) {
        for (let i = 0; i < this.#wires.outputs[index]!.length; i++)
          if (isHere(this.#settings.place, { node: index, instance: i }))
            this.#nodes.push(await this.#create(node, index, i));
      }
      for (const open of this.#open) await open();
    } catch (error) {
      await this.#close();
      throw error;
    }
    return {
      nodes: this.#nodes,
      sources: this.#sources,
      sinks: this.#nodes.filter((node) => node instanceof SinkNode),
      metrics: this.#metrics,
      consumers: this.#nodes.filter((node) => !(node instanceof SourceNode)),
      disks: this.#disks,
      inlets: this.#wires.inlets,
      outlets: this.#wires.outlets,
      close: () => this.#close(),
    };
  }

  async #create(node: NodePlan, index: number, instance: number): Promise<RunningNode> {
    switch (node.kind) {
      case 'source':
        return await this.#source(node, index, instance);
      case 'operator':
        return this.#operator(node, index, instance);
      case 'sink':
        return await this.#sink(node, index, instance);
    }
  }

  async #source(plan: SourcePlan, index: number, instance: number): Promise<RunningNode> {
    const { world, connectors, signal, warn, events } = this.#settings;
    const evaluation = this.#evaluation(plan.id, instance);
    const runtime = await loadConnector(connectors, plan.connector);
    let node: SourceNode | undefined;
    const badRows = this.#badRows(plan, index, instance);
    const source: Source = runtime.createSource!({
      world,
      signal,
      warn,
      table: plan.table,
      fields: plan.fields,
      metadata: plan.metadata,
      limit: plan.limit,
      restartable: this.#stateless || this.#settings.durable,
      instance,
      instances: this.#wires.outputs[index]!.length,
      wake: () => {
        node?.wake();
        this.#settings.wake();
      },
      count: this.#metrics.of(plan.id, instance).count,
      badRecords: badRows?.takesErrors === true ? badRows : undefined,
      conditions: plan.conditions,
      newColumns: plan.newColumns && {
        ...plan.newColumns,
        ask: (columns) => {
          this.#settings.asked({ source: plan.id, columns });
        },
      },
    });
    const { watermark } = plan;
    node = new SourceNode(plan, instance, {
      source,
      events,
      context: evaluation,
      output: this.#wires.outputs[index]![instance]!,
      side: this.#wires.sides[index]![instance],
      badRows,
      calc: plan.calc && instantiateCalc(plan.calc, true),
      watermark:
        watermark === undefined || watermark.expression === 'source'
          ? undefined
          : compileWatermark(plan.outputTypes, watermark.expression, evaluation),
    });
    const instances = this.#wires.outputs[index]!.length;
    const parts = partsOf(this.#settings.restore, plan);
    const states = parts.length === 0 ? undefined : new SourceStates(bytesOfAll(parts), instances);
    this.#open.push(async () => {
      if (states?.finished(instance) !== true) await source.open(states?.positions);
      if (states !== undefined) node.restore(states);
    });
    this.#closing.push(() => source.close());
    this.#sources.push(node);
    return node;
  }

  #operator(plan: OperatorPlan, index: number, instance: number): RunningNode {
    const instances = this.#wires.outputs[index]!.length;
    const make = operatorFactory(plan.operator);
    const badRows = this.#badRows(plan, index, instance);
    const setup = this.#setup(plan, instance, instances, badRows);
    const node = new OperatorNode(
      { id: plan.id, title: plan.title, instance, transient: plan.transient },
      {
        operator: make(plan.spec, setup),
        channels: this.#wires.channels[index]![instance]!,
        output: this.#wires.outputs[index]![instance]!,
        side: this.#wires.sides[index]![instance],
        badRows,
        inputTypes: plan.inputTypes,
        events: this.#settings.events,
      },
    );
    const parts = partsOf(this.#settings.restore, plan);
    const isLogical = this.#settings.restore?.logical === true;
    if (parts.length > 0)
      this.#open.push(async () => {
        if (isLogical) node.restoreLogical(bytesOf(parts[0]!), instances);
        else node.restore(parts, instances, () => spareOperator(plan, this.#settings));
      });
    return node;
  }
  #setup(
    plan: OperatorPlan,
    instance: number,
    instances: number,
    badRows: BadRows | undefined,
  ): OperatorSetup {
    const { signal, wake } = this.#settings;
    return {
      store:
        plan.transient === true
          ? new MemoryStore()
          : this.#newStore({ job: this.#settings.name, id: plan.id, instance, instances, wake }),
      inputTypes: plan.inputTypes,
      outputTypes: plan.outputTypes,
      instance,
      instances,
      evaluation: this.#evaluation(plan.id, instance),
      lookup: (connector, table, context) => this.#lookup(connector, table, context),
      context: {
        wake,
        signal,
        metrics: this.#metrics.of(plan.id, instance),
        lateRows: this.#lateRows(plan, badRows),
        badRow:
          badRows?.takesErrors === true
            ? (batch, row, error, stage = 'cast') => {
                badRows.row(stage, batch, fieldsOf(plan, 0), row, error);
              }
            : undefined,
        unread:
          badRows?.takesErrors === true
            ? (row) => {
                badRows.unread(row);
              }
            : undefined,
      },
    };
  }
  /** Undefined where nobody asks for them: they only count. */
  #lateRows(plan: OperatorPlan, badRows: BadRows | undefined): OperatorSetup['context']['lateRows'] {
    const { lateRows } = this.#settings;
    const letters = badRows?.takesLate === true ? badRows : undefined;
    if (lateRows === undefined && letters === undefined) return undefined;
    return (batch, row, input = 0) => {
      lateRows?.(plan.id, batch, row);
      letters?.late(batch, fieldsOf(plan, input), row);
    };
  }
  #badRows({ id, badRows }: NodePlan, index: number, instance: number): BadRows | undefined {
    const { name, world } = this.#settings;
    return (
      badRows &&
      new BadRows(badRows, {
        job: name,
        side: this.#wires.sides[index]![instance],
        now: () => world.now(),
        rates: this.#rates.counts(index, instance, this.#wires.outputs[index]?.length ?? 1),
        count: this.#metrics.of(id, instance).count,
      })
    );
  }
  #evaluation(id: string, instance: number): EvalContext {
    const { evaluation, world } = this.#settings;
    return evalContext(evaluation, stateKey(id, instance), () => world.now());
  }
  #newStore(place: StorePlace): PersistentStore {
    const store = this.#settings.newStore(place);
    const { disk } = store;
    if (disk === undefined) return store;
    this.#disks.push(disk);
    this.#closing.push(() => disk.close());
    return store;
  }

  /** A lookup table that opens with the job. Its code loads meanwhile, so calls go through a holder. */
  #lookup(
    connector: string,
    table: Parameters<OperatorSetup['lookup']>[1],
    { timeoutMs, ...context }: Parameters<OperatorSetup['lookup']>[2],
  ): Lookup {
    const { world, signal, connectors, warn } = this.#settings;
    const timed =
      timeoutMs === undefined ? undefined : new TimedAnswers(world, timeoutMs, `"${table.path.object}"`);
    let lookup: Lookup | undefined;
    this.#open.unshift(async () => {
      const runtime = await loadConnector(connectors, connector);
      lookup = runtime.createLookup!({ ...context, world, signal, table, warn });
      await lookup.open();
    });
    this.#closing.push(async () => {
      timed?.close();
      await lookup?.close();
    });
    return {
      open: async () => {},
      find: (key, unread) => lookup!.find!(key, unread),
      findAsync(key, unread) {
        const answer = lookup!.findAsync!(key, unread);
        return timed === undefined ? answer : timed.of(answer);
      },
      known: (key, unread) => lookup!.known?.(key, unread),
      get trouble() {
        return lookup?.trouble;
      },
      close: async () => {},
    };
  }

  async #sink(plan: SinkPlan, index: number, instance: number): Promise<RunningNode> {
    const { world, connectors, signal, warn, print, events, wake, failed } = this.#settings;
    const runtime = await loadConnector(connectors, plan.connector);
    let node: SinkNode | undefined;
    const { count } = this.#metrics.of(plan.id, instance);
    const badRows = this.#badRows(plan, index, instance);
    const sink: Sink = runtime.createSink!({
      world,
      signal,
      warn,
      print,
      count,
      refusals: badRows?.takesErrors === true ? refusals(badRows, plan.fields, wake) : undefined,
      table: plan.table,
      fields: plan.fields,
      metadata: plan.metadata,
      key: plan.key,
      writer: {
        job: this.#settings.name,
        incarnation: this.#settings.incarnation,
        sink: plan.id,
        durable: this.#settings.durable,
        folder: this.#settings.folder && `${this.#settings.folder}/sinks/${fileName(plan.id)}`,
      },
      instance,
      instances: this.#wires.outputs[index]!.length,
      wake: () => {
        node?.wake();
        wake();
      },
    });
    node = new SinkNode(plan, instance, {
      sink,
      context: this.#evaluation(plan.id, instance),
      channels: this.#wires.channels[index]![instance]!,
      side: this.#wires.sides[index]![instance],
      badRows,
      events,
      wake,
      failed,
      count,
    });
    const parts = partsOf(this.#settings.restore, plan);
    const instances = this.#wires.outputs[index]!.length;
    const states = parts.length === 0 ? undefined : new SinkStates(bytesOfAll(parts), instances);
    this.#open.push(() => node.open(states));
    this.#closing.push(() => sink.close());
    return node;
  }

  async #close(): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    for (const close of this.#closing.splice(0)) {
      // One that cannot close keeps no other open; the first reason is told.
      await close().catch((error: unknown) => {
        failure ??= { error };
      });
    }
    if (failure !== undefined) throw failure.error;
  }
}

/** What a sink reports goes out with the node's next step. */
const refusals = (badRows: BadRows, fields: readonly Field[], wake: () => void): Refusals => ({
  row(batch, row, error) {
    badRows.row('sink', batch, fields, row, error);
  },
  json(row, error) {
    badRows.refused(row, error);
    wake();
  },
});

/** The rows of an operator's input. */
const fieldsOf = ({ inputNames, inputTypes }: OperatorPlan, input: number): Field[] =>
  inputTypes[input]!.map((type, i) => ({ name: inputNames[input]![i]!, type }));

const bytesOfAll = (parts: readonly StatePart[]): Uint8Array[] => parts.map((part) => bytesOf(part));
