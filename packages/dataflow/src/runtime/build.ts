/* Turns a plan into running nodes: one instance each, or `parallelism` of them, wired by channels and exchanges. */

import { assert } from '#base';
import { compileWatermark, evalContext, instantiateCalc, type EvalContext } from '#expr';
import type { Lookup, Sink, Source } from '../contracts/index.ts';
import type { InputPlan, JobPlan, NodePlan, OperatorPlan, SinkPlan, SourcePlan } from '#job';
import { MemoryStore, type PersistentStore } from '#state';
import '../operators/all.ts';
import { isStateless, operatorFactory, type OperatorSetup } from '../operators/table.ts';
import { Channel } from './channel.ts';
import { Exchange } from './exchange.ts';
import { MetricsBoard } from './metrics.ts';
import { NodeOutput, OperatorNode, type NodeEvents, type RunningNode } from './node.ts';
import { loadConnector, partsOf, stateKey, type JobSettings } from './settings.ts';
import { spareOperator } from './spare-operator.ts';
import { SinkNode } from './sink-node.ts';
import { SinkStates } from './sink-state.ts';
import { SourceNode } from './source-node.ts';
import { SourceStates } from './source-state.ts';

export interface BuildSettings extends Omit<JobSettings, 'persist'> {
  /** Snapshots are made durable. */
  readonly durable: boolean;
  readonly events: NodeEvents;
  readonly signal: AbortSignal;
  readonly wake: () => void;
  readonly failed: (error: unknown) => void;
}
export interface BuiltShare {
  /** Every instance, in topological order. */
  readonly nodes: readonly RunningNode[];
  readonly sources: readonly SourceNode[];
  readonly sinks: readonly SinkNode[];
  readonly metrics: MetricsBoard;
  /** Operators and sinks, in topological order. */
  readonly consumers: readonly RunningNode[];
  /** No operator keeps anything between rows. */
  readonly stateless: boolean;
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
  readonly #outputs: NodeOutput[][] = [];
  /** Channels into each instance of each node. */
  readonly #channels: Channel[][][] = [];
  readonly #open: (() => Promise<void>)[] = [];
  readonly #closing: (() => Promise<void>)[] = [];

  constructor(plan: JobPlan, settings: BuildSettings) {
    this.#plan = plan;
    this.#stateless = plan.nodes.every((n) => n.kind !== 'operator' || isStateless(n.operator));
    this.#settings = settings;
  }

  async build(): Promise<BuiltShare> {
    for (const node of this.#plan.nodes) {
      const count = this.#instances(node);
      this.#outputs.push(Array.from({ length: count }, () => new NodeOutput()));
      this.#channels.push(Array.from({ length: count }, () => []));
    }
    this.#plan.nodes.forEach((node, index) => {
      if (node.kind !== 'source') for (const input of node.inputs) this.#wire(input, index);
    });
    this.#findReach();
    try {
      for (const [index, node] of this.#plan.nodes.entries()) {
        for (let i = 0; i < this.#outputs[index]!.length; i++)
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
      stateless: this.#stateless,
      close: () => this.#close(),
    };
  }

  /** For each output every channel downstream of it, from the last node back: see NodeOutput.full. */
  #findReach(): void {
    const consumerOf = new Map<Channel, NodeOutput>();
    this.#channels.forEach((instances, node) => {
      instances.forEach((channels, i) => {
        for (const c of channels) consumerOf.set(c, this.#outputs[node]![i]!);
      });
    });
    for (const outputs of [...this.#outputs].reverse()) {
      for (const output of outputs) {
        const reach = new Set<Channel>();
        for (const channel of output.exchanges.flatMap((e) => e.targets)) {
          const consumer = consumerOf.get(channel)!;
          for (const further of [...consumer.exchanges.flatMap((e) => e.targets), ...consumer.reach])
            reach.add(further);
        }
        output.reach = [...reach];
      }
    }
  }

  #instances(node: NodePlan): number {
    return node.kind !== 'source' && node.single ? 1 : this.#settings.parallelism;
  }

  /** Connects every instance of `input.node` with those of node `to`. */
  #wire(input: InputPlan, to: number): void {
    const from = this.#outputs[input.node]!;
    const targets = this.#channels[to]!;
    const types = this.#plan.nodes[input.node]!.outputTypes;
    const forward = input.distribution.kind === 'forward' && from.length === targets.length;
    assert(
      input.distribution.kind !== 'forward' || forward || targets.length === 1,
      'forward needs as many instances on both sides',
    );
    from.forEach((output, i) => {
      const reached = forward ? [targets[i]!] : input.distribution.kind === 'hash' ? targets : [targets[0]!];
      const channels = reached.map((target) => {
        const channel = new Channel(input.input, this.#plan.nodes[input.node]!.id);
        target.push(channel);
        return channel;
      });
      output.exchanges.push(new Exchange(input.distribution, channels, types));
    });
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
      instances: this.#outputs[index]!.length,
      wake: () => {
        node?.wake();
        this.#settings.wake();
      },
      count: this.#metrics.of(plan.id, instance).count,
    });
    const { watermark } = plan;
    node = new SourceNode(plan, instance, {
      source,
      events,
      context: evaluation,
      output: this.#outputs[index]![instance]!,
      calc: plan.calc && instantiateCalc(plan.calc, true),
      watermark:
        watermark === undefined || watermark.expression === 'source'
          ? undefined
          : compileWatermark(plan.outputTypes, watermark.expression, evaluation),
    });
    const instances = this.#outputs[index]!.length;
    const parts = partsOf(this.#settings.restore, plan.id);
    const states = parts.length === 0 ? undefined : new SourceStates(parts, instances);
    this.#open.push(async () => {
      if (states?.finished(instance) !== true) await source.open(states?.positions);
      if (states !== undefined) node.restore(states);
    });
    this.#closing.push(() => source.close());
    this.#sources.push(node);
    return node;
  }

  #operator(plan: OperatorPlan, index: number, instance: number): RunningNode {
    const instances = this.#outputs[index]!.length;
    const make = operatorFactory(plan.operator);
    const setup = this.#setup(plan, instance, instances);
    const node = new OperatorNode(
      { id: plan.id, title: plan.title, instance },
      {
        operator: make(plan.spec, setup),
        channels: this.#channels[index]![instance]!,
        output: this.#outputs[index]![instance]!,
        inputTypes: plan.inputTypes,
        events: this.#settings.events,
      },
    );
    const parts = partsOf(this.#settings.restore, plan.id);
    const isLogical = this.#settings.restore?.logical === true;
    if (parts.length > 0)
      this.#open.push(async () => {
        if (isLogical) node.restoreLogical(parts[0]!, instances);
        else node.restore(parts, instances, () => spareOperator(plan, this.#settings));
      });
    return node;
  }
  #setup(plan: OperatorPlan, instance: number, instances: number): OperatorSetup {
    const { signal, wake, lateRows } = this.#settings;
    return {
      store: this.#newStore(),
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
        lateRows:
          lateRows &&
          ((batch, row) => {
            lateRows(plan.id, batch, row);
          }),
      },
    };
  }
  #evaluation(id: string, instance: number): EvalContext {
    const { evaluation, world } = this.#settings;
    return evalContext(evaluation, stateKey(id, instance), () => world.now());
  }
  #newStore(): PersistentStore {
    return this.#settings.newStore?.() ?? new MemoryStore();
  }

  /** A lookup table that opens with the job. Its code loads meanwhile, so calls go through a holder. */
  #lookup(
    connector: string,
    table: Parameters<OperatorSetup['lookup']>[1],
    context: Parameters<OperatorSetup['lookup']>[2],
  ): Lookup {
    const { world, signal, connectors, warn } = this.#settings;
    let lookup: Lookup | undefined;
    this.#open.unshift(async () => {
      const runtime = await loadConnector(connectors, connector);
      lookup = runtime.createLookup!({ ...context, world, signal, table, warn });
      await lookup.open();
    });
    this.#closing.push(async () => {
      await lookup?.close();
    });
    return {
      open: async () => {},
      find: (key) => lookup!.find!(key),
      findAsync: (key) => lookup!.findAsync!(key),
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
    const sink: Sink = runtime.createSink!({
      world,
      signal,
      warn,
      print,
      count,
      table: plan.table,
      fields: plan.fields,
      metadata: plan.metadata,
      key: plan.key,
      writer: {
        job: this.#settings.name,
        incarnation: this.#settings.incarnation,
        sink: plan.id,
        durable: this.#settings.durable,
        folder: this.#settings.folder && `${this.#settings.folder}/sinks/${encodeURIComponent(plan.id)}`,
      },
      instance,
      instances: this.#outputs[index]!.length,
      wake: () => {
        node?.wake();
        wake();
      },
    });
    node = new SinkNode(plan, instance, {
      sink,
      context: this.#evaluation(plan.id, instance),
      channels: this.#channels[index]![instance]!,
      events,
      wake,
      failed,
      count,
    });
    const parts = partsOf(this.#settings.restore, plan.id);
    const states = parts.length === 0 ? undefined : new SinkStates(parts, this.#outputs[index]!.length);
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
