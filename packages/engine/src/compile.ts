/* The physical plan as a job plan: expressions compiled, distributions chosen. Plain data comes out: it may be cloned into
 * another thread and run there. */

import { assert, unreachable } from '#base';
import { planCalc, type Expr } from '#expr';
import type {
  Distribution,
  InputPlan,
  JobPlan,
  NodePlan,
  OperatorCall,
  WindowProperty,
  WindowShape,
  WindowSource,
} from '#job';
import { nodeTitle, physInputs, topological, type Phys, type RelField, type WindowSpec } from '#plan';
import type { LogicalType } from '#data';
import type { SessionSettings } from '#plan';
import { encodeRows, valuesConnector } from './builtin.ts';

const typesOf = (fields: readonly RelField[]): LogicalType[] => fields.map((f) => f.type);

/** `roots` are sinks, or the root of a query to which `collect` adds a sink of its own. */
export function compileJob(
  roots: readonly Phys[],
  settings: SessionSettings,
  collect?: { readonly connector: string; readonly id: string },
): JobPlan {
  return new Compiler(settings).compile(roots, collect);
}

class Compiler {
  readonly #settings: SessionSettings;
  readonly #nodes: NodePlan[] = [];
  readonly #index = new Map<Phys, number>();
  /** Nodes that run as one instance. */
  readonly #single = new Set<number>();

  constructor(settings: SessionSettings) {
    this.#settings = settings;
  }

  compile(
    roots: readonly Phys[],
    collect: { readonly connector: string; readonly id: string } | undefined,
  ): JobPlan {
    for (const node of topological(roots)) this.#index.set(node, this.#add(node));
    if (collect !== undefined) for (const root of roots) this.#collect(root, collect);
    return { nodes: this.#nodes };
  }

  #add(node: Phys): number {
    const plan = this.#node(node);
    this.#nodes.push(plan);
    if (plan.kind !== 'source' && plan.single) this.#single.add(this.#nodes.length - 1);
    return this.#nodes.length - 1;
  }
  #collect(root: Phys, { connector, id }: { readonly connector: string; readonly id: string }): void {
    this.#nodes.push({
      kind: 'sink',
      id,
      title: 'Collect',
      connector,
      fields: root.fields,
      metadata: [],
      key: [],
      notNull: [],
      dropNulls: false,
      single: true,
      outputTypes: typesOf(root.fields),
      inputs: [this.#input(root, 0, { kind: 'single' })],
      table: {
        path: { catalog: '', database: '', object: id },
        physical: root.fields,
        primaryKey: [],
        partitionedBy: [],
        options: [],
      },
    });
  }

  #node(node: Phys): NodePlan {
    const base = { id: node.id, title: nodeTitle(node), outputTypes: typesOf(node.fields) };
    if (node.kind === 'scan') return { ...base, ...this.#scan(node) };
    if (node.kind === 'values') {
      return {
        ...base,
        kind: 'source',
        connector: valuesConnector,
        fields: node.fields,
        metadata: [],
        limit: undefined,
        calc: undefined,
        watermark: undefined,
        idleTimeoutMs: 0,
        quietTimeoutMs: 0,
        finalWatermarkOnly: true,
        alignment: undefined,
        table: {
          path: { catalog: '', database: '', object: 'values' },
          physical: node.fields,
          primaryKey: [],
          partitionedBy: [],
          options: [{ key: 'rows', value: encodeRows(node.rows, typesOf(node.fields)) }],
        },
      };
    }
    const distribution = distributionOf(node);
    const inputs = physInputs(node).map((input) => this.#input(input, 0, distribution));
    const inputTypes = [typesOf(physInputs(node)[0]!.fields)];
    const single =
      distribution.kind === 'single' ||
      (distribution.kind === 'forward' && inputs.every((i) => this.#single.has(i.node)));
    if (node.kind === 'sink') {
      const { connector, table, fields, metadata, key, notNull, dropNulls } = node;
      return {
        ...base,
        kind: 'sink',
        connector,
        table,
        fields,
        metadata,
        key,
        notNull,
        dropNulls,
        inputs,
        single,
      };
    }
    const { operator, spec } = this.#operator(node);
    return {
      ...base,
      kind: 'operator',
      operator,
      spec,
      inputs,
      inputTypes,
      single,
      inputNames: physInputs(node)[0]!.fields.map((f) => f.name),
    };
  }

  #input(from: Phys, input: number, distribution: Distribution): InputPlan {
    return { node: this.#index.get(from)!, input, distribution };
  }

  #scan(
    node: Extract<Phys, { kind: 'scan' }>,
  ): Omit<Extract<NodePlan, { kind: 'source' }>, 'id' | 'title' | 'outputTypes'> {
    return {
      kind: 'source',
      connector: node.connector,
      table: node.table,
      fields: node.produced,
      metadata: node.metadata,
      limit: node.limit,
      calc:
        node.exprs &&
        planCalc({ inputTypes: node.produced.map((f) => f.type), where: undefined, project: node.exprs }),
      watermark: node.watermark && {
        rowtime: node.watermark.rowtime,
        rowtimeName: node.watermark.name,
        keyOnlyDelete: node.traits.changelog.keyOnlyDelete,
        expression: node.watermark.expr,
      },
      idleTimeoutMs: node.idleTimeoutMs,
      quietTimeoutMs: this.#settings.durationMs('millrace.watermark.quiet-timeout'),
      finalWatermarkOnly: this.#settings.batch,
      alignment: undefined,
    };
  }

  #operator(node: Exclude<Phys, { kind: 'scan' | 'values' | 'sink' }>): OperatorCall {
    switch (node.kind) {
      case 'calc':
        return {
          operator: 'calc',
          spec: {
            plan: planCalc({
              inputTypes: typesOf(node.input.fields),
              where: node.condition,
              project: node.exprs,
            }),
          },
        };
      case 'union':
        return { operator: 'union', spec: { updateBefore: 'keep' } };
      case 'drop-update-before':
        return { operator: 'union', spec: { updateBefore: node.asDelete ? 'delete' : 'drop' } };
      case 'group-aggregate': {
        const { keys, calls, retract, updateBefore, ttlMs, finalOnly } = node;
        return {
          operator: 'group-aggregate',
          spec: { keys, calls, retract, updateBefore, ttlMs, finalOnly },
        };
      }
      case 'window-aggregate':
        return windowAggregate(node);
      case 'window-table':
        return windowTable(node);
      case 'limit':
        return { operator: 'limit', spec: { offset: node.offset, limit: node.limit } };
      case 'sort':
        return { operator: 'sort', spec: { keys: node.keys, mode: node.mode } };
      case 'rank': {
        const { partition, keys, from, to, strategy, rowKey, byPosition, updateBefore, ttlMs } = node;
        return {
          operator: 'rank',
          spec: { partition, keys, from, to, strategy, rowKey, byPosition, updateBefore, ttlMs },
        };
      }
      case 'normalize':
        return {
          operator: 'normalize',
          spec: { keys: node.keys, updateBefore: node.updateBefore, ttlMs: node.ttlMs },
        };
      case 'materialize':
        return {
          operator: 'materialize',
          spec: { keys: node.keys, inputKey: node.inputKey, ttlMs: node.ttlMs },
        };
      case 'lookup-join': {
        const { connector, table, lookedUp, keys, left, async, ordered, capacity } = node;
        const condition: Expr | undefined = node.condition;
        return {
          operator: 'lookup-join',
          spec: { connector, table, lookedUp, keys, left, async, ordered, capacity, condition },
        };
      }
      case 'unnest':
        return {
          operator: 'unnest',
          spec: {
            column: node.column,
            ordinality: node.ordinality,
            left: node.left,
            type: node.input.fields[node.column]!.type,
          },
        };
      default:
        return unreachable(node);
    }
  }
}

function windowAggregate(node: Extract<Phys, { kind: 'window-aggregate' }>): OperatorCall {
  const { keys, calls, retract, properties, zone, window } = node;
  const common = { keys, calls, retract, properties, zone };
  if (window.kind === 'attached') return { operator: 'window-aggregate', spec: { ...common, window } };
  const { spec } = window;
  if (spec.kind === 'session') {
    return {
      operator: 'session-aggregate',
      spec: { ...common, ...session(spec) },
    };
  }
  const source: WindowSource =
    spec.timeKind === 'rowtime'
      ? { kind: 'rowtime', shape: shape(spec), column: spec.time }
      : { kind: 'proctime', shape: shape(spec) };
  return { operator: 'window-aggregate', spec: { ...common, window: source } };
}

function windowTable({ window, zone }: Extract<Phys, { kind: 'window-table' }>): OperatorCall {
  const proctime = window.timeKind === 'proctime';
  const time = proctime ? 'proctime' : window.timeType.kind === 'TIMESTAMP_LTZ' ? 'rowtime-ltz' : 'rowtime';
  const properties: readonly WindowProperty[] = ['start', 'end', time];
  if (window.kind === 'session')
    return {
      operator: 'session-table',
      spec: { keys: window.partition, properties, zone, ...session(window) },
    };
  return {
    operator: 'window-table',
    spec: { shape: shape(window), time: proctime ? undefined : window.time, properties, zone },
  };
}

const session = (spec: WindowSpec): { readonly gapMs: number; readonly time: number | undefined } => ({
  gapMs: spec.sizeMs,
  time: spec.timeKind === 'rowtime' ? spec.time : undefined,
});

function shape(spec: WindowSpec): WindowShape {
  const { sizeMs, slideMs, offsetMs } = spec;
  assert(spec.kind !== 'session', 'a session has no shape of its own');
  switch (spec.kind) {
    case 'tumble':
      return { kind: 'tumble', sizeMs, offsetMs };
    case 'hop':
      return { kind: 'hop', sizeMs, slideMs, offsetMs, newestFirst: spec.tableFunction };
    case 'cumulate':
      return { kind: 'cumulate', sizeMs, stepMs: slideMs, offsetMs };
  }
}

/** How a node's input must be spread over its instances. */
function distributionOf(node: Phys): Distribution {
  const byKey = (columns: readonly number[]): Distribution =>
    columns.length === 0 ? { kind: 'single' } : { kind: 'hash', columns };
  switch (node.kind) {
    case 'group-aggregate':
    case 'window-aggregate':
    case 'normalize':
    case 'materialize':
      return byKey(node.keys);
    case 'window-table':
      return node.window.kind === 'session' ? byKey(node.window.partition) : { kind: 'forward' };
    case 'rank':
      return byKey(node.partition);
    case 'limit':
    case 'sort':
      return { kind: 'single' };
    default:
      return { kind: 'forward' };
  }
}
