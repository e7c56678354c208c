/* Logical to physical: chooses the operators, infers what changes each gives, and asks each input for what is needed.
 *
 *   needs  ── down: does anyone above need -U? ──▶ convert(input) ──▶ gives ── up: which kinds, which upsert keys
 *
 * Equal sub-plans become one node, so several sinks share one scan. Flink: FlinkChangelogModeInferenceProgram. */

import { UserError, unreachable } from '#base';
import { allChanges, hasUpdates, insertOnly, isInsertOnly, parseOptions, type ChangelogMode } from '#catalog';
import { columnsOf, type Expr } from '#expr';
import { notYet } from '../bind/expressions.ts';
import type { Session } from '../bind/session.ts';
import type {
  AggregateRel,
  LookupJoinRel,
  Rel,
  ScanRel,
  SortRel,
  UnionRel,
  UnnestRel,
  WindowSpec,
  WindowTableRel,
} from '../logical/rel.ts';
import { connectorTable } from '../logical/table.ts';
import { groupsByWindow, windowColumns } from '../logical/window-columns.ts';
import { calcNode, identity, traits } from './calc.ts';
import { rankNode } from './rank.ts';
import { scanNode } from './scan.ts';
import type { Phys, PhysNormalize, PhysWindowAggregate } from './node.ts';

export class Converter {
  readonly session: Session;
  readonly #made = new Map<string, Phys>();

  constructor(session: Session) {
    this.session = session;
  }
  /** The node for `rel`. `updateBefore`: whoever reads it needs -U rows where it gives +U. */
  convert(rel: Rel, updateBefore: boolean): Phys {
    const key = `${updateBefore}|${relDigest(rel)}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const node = this.#convert(rel, updateBefore);
    this.#made.set(key, node);
    return node;
  }

  #convert(rel: Rel, updateBefore: boolean): Phys {
    switch (rel.kind) {
      case 'scan':
        return this.#scan(rel, updateBefore);
      case 'values':
        return { kind: 'values', rows: rel.rows, fields: rel.fields, traits: traits(insertOnly), id: '' };
      case 'project': {
        if (rel.input.kind === 'filter')
          return this.#calc(rel, rel.input.input, rel.input.condition, rel.exprs, updateBefore);
        return this.#calc(rel, rel.input, undefined, rel.exprs, updateBefore);
      }
      case 'filter':
        return this.#calc(rel, rel.input, rel.condition, identity(rel.fields), updateBefore);
      case 'aggregate':
        return this.#aggregate(rel, updateBefore);
      case 'window-table':
        return this.#windowTable(rel, updateBefore);
      case 'union':
        return this.#union(rel, updateBefore);
      case 'sort':
        return this.#sort(rel, updateBefore);
      case 'lookup-join':
        return this.#lookup(rel, updateBefore);
      case 'unnest':
        return this.#unnest(rel, updateBefore);
      default:
        return unreachable(rel);
    }
  }

  #scan(rel: ScanRel, updateBefore: boolean): Phys {
    const scan = scanNode(rel, this.session);
    const mode = scan.traits.changelog;
    if (isInsertOnly(mode) || (mode.updateBefore && mode.updateAfter)) return scan;
    if (!mode.updateAfter && !mode.updateBefore) return scan; // inserts and deletes need no before-image
    return this.#normalize(rel, scan, updateBefore);
  }
  /** An upsert source: the last row per key is kept, so that deletes and updates are whole. */
  #normalize(rel: ScanRel, scan: Phys, updateBefore: boolean): PhysNormalize {
    const keys = rel.table.primaryKey.map((k) => rel.columns.indexOf(k));
    if (keys.length === 0 || keys.includes(-1)) {
      throw new UserError('PLAN1001', {
        message: `Table '${rel.table.path.object}' has a changelog mode without -U, so it needs a primary key, and the query must be able to read it`,
        hint: 'Declare PRIMARY KEY (…) NOT ENFORCED.',
      });
    }
    return {
      kind: 'normalize',
      input: scan,
      keys,
      updateBefore,
      ttlMs: this.session.settings.durationMs('table.exec.state.ttl'),
      fields: scan.fields,
      id: '',
      traits: { changelog: { ...allChanges, updateBefore }, upsertKeys: [keys], state: 'key' },
    };
  }

  #calc(
    rel: Rel,
    below: Rel,
    condition: Expr | undefined,
    exprs: readonly Expr[],
    updateBefore: boolean,
  ): Phys {
    let input = this.convert(below, updateBefore);
    // A filter on more than the key may let the new row fall out, and then nobody takes the old one back.
    if (condition !== undefined && !updateBefore && input.traits.changelog.updateAfter) {
      const read = [...columnsOf(condition)];
      const byKey = input.traits.upsertKeys.some((key) => read.every((c) => key.includes(c)));
      if (!byKey) input = this.convert(below, true);
    }
    return calcNode(input, condition, exprs, rel.fields);
  }

  #aggregate(rel: AggregateRel, updateBefore: boolean): Phys {
    const input = this.convert(rel.input, true);
    if (rel.window !== undefined) return this.#windowed(rel, input, rel.window);
    const { window } = windowColumns(rel.input);
    // Windows of processing time have no watermark to close them: their groups change as rows come, as in Flink.
    if (window?.timeKind === 'rowtime' && groupsByWindow(rel.input, rel.keys))
      return this.#attached(rel, input, window);
    const { settings } = this.session;
    const retract = !isInsertOnly(input.traits.changelog);
    const finalOnly = settings.batch;
    const ttlMs = settings.durationMs('table.exec.state.ttl');
    const distinctOnly = rel.calls.length === 0 && !retract;
    const changelog: ChangelogMode =
      finalOnly || distinctOnly
        ? insertOnly
        : {
            insert: true,
            updateBefore: updateBefore && rel.calls.length > 0,
            updateAfter: rel.calls.length > 0,
            delete: retract,
            keyOnlyDelete: false,
          };
    return {
      kind: 'group-aggregate',
      input,
      keys: rel.keys,
      calls: rel.calls,
      retract,
      updateBefore,
      ttlMs,
      finalOnly,
      fields: rel.fields,
      id: '',
      traits: {
        changelog,
        upsertKeys: [rel.keys.map((_, i) => i)],
        state: ttlMs > 0 ? 'ttl' : rel.keys.length === 0 ? 'none' : 'unbounded',
      },
    };
  }

  #windowed(rel: AggregateRel, input: Phys, spec: WindowSpec): PhysWindowAggregate {
    // A window is known by its end; by its start too, but for CUMULATE, where several begin together.
    const end = rel.properties.findIndex((p) => p === 'end' || (p === 'start' && spec.kind !== 'cumulate'));
    const keys = rel.keys.map((_, i) => i);
    return {
      kind: 'window-aggregate',
      input,
      keys: rel.keys,
      calls: rel.calls,
      retract: !isInsertOnly(input.traits.changelog),
      window: { kind: 'time', spec },
      zone: this.#zone(spec),
      fields: rel.fields,
      id: '',
      properties: rel.properties.map((p) =>
        p === 'rowtime' && spec.timeType.kind === 'TIMESTAMP_LTZ' ? 'rowtime-ltz' : p,
      ),
      traits: {
        changelog: insertOnly,
        upsertKeys: end < 0 ? [] : [[...keys, rel.keys.length + rel.calls.length + end]],
        state: 'window',
      },
    };
  }
  /** The zone that windows align in: only for times that are instants. */
  #zone(spec: WindowSpec): string | undefined {
    return spec.timeKind === 'proctime' || spec.timeType.kind === 'TIMESTAMP_LTZ'
      ? this.session.settings.timeZone
      : undefined;
  }

  /** Rows that carry their window: start and end are keys like others, and say when the group is complete. */
  #attached(rel: AggregateRel, input: Phys, window: WindowSpec): Phys {
    const { start, end } = windowColumns(rel.input);
    return {
      kind: 'window-aggregate',
      input,
      keys: rel.keys,
      calls: rel.calls,
      retract: !isInsertOnly(input.traits.changelog),
      window: { kind: 'attached', start: start!, end: end! },
      zone: this.#zone(window),
      properties: [],
      fields: rel.fields,
      id: '',
      traits: { changelog: insertOnly, upsertKeys: [rel.keys.map((_, i) => i)], state: 'window' },
    };
  }

  #windowTable(rel: WindowTableRel, updateBefore: boolean): Phys {
    // An update may move a row to another session, so the one that it leaves must be told.
    const session = rel.window.kind === 'session';
    const input = this.convert(rel.input, updateBefore || session);
    const { changelog, upsertKeys } = input.traits;
    const at = rel.input.fields.length;
    return {
      kind: 'window-table',
      input,
      window: rel.window,
      zone: this.#zone(rel.window),
      fields: rel.fields,
      id: '',
      traits: {
        changelog,
        upsertKeys: upsertKeys.map((k) => [...k, at, at + 1]),
        state: session ? 'window' : 'none',
      },
    };
  }

  #union(rel: UnionRel, updateBefore: boolean): Phys {
    const inputs = rel.inputs.map((r) => this.convert(r, updateBefore));
    const changelog = inputs
      .map((i) => i.traits.changelog)
      .reduce((a, b) => ({
        insert: a.insert || b.insert,
        updateBefore: a.updateBefore || b.updateBefore,
        updateAfter: a.updateAfter || b.updateAfter,
        delete: a.delete || b.delete,
        keyOnlyDelete: a.keyOnlyDelete || b.keyOnlyDelete,
      }));
    return { kind: 'union', inputs, fields: rel.fields, traits: traits(changelog), id: '' };
  }

  #sort(rel: SortRel, updateBefore: boolean): Phys {
    const input = this.convert(rel.input, true);
    const updating = !isInsertOnly(input.traits.changelog);
    const [first] = rel.keys;
    if (this.session.settings.batch) {
      if (updating) throw notYet('ORDER BY or LIMIT over a changing result in batch mode', undefined);
      return limited(rel, first === undefined ? input : this.#sorted(rel, input, 'end'));
    }
    const byTime = first !== undefined && !first.descending ? rel.fields[first.column]!.time : undefined;
    const arrival = first === undefined || (byTime === 'proctime' && rel.keys.length === 1);
    if (!updating && arrival) return limited(rel, input);
    if (rel.limit === 0) return limited(rel, input); // nothing, whatever changes
    if (rel.limit !== undefined) return this.#rank(rel, rel.limit, updateBefore);
    if (!updating && byTime === 'rowtime') return limited(rel, this.#sorted(rel, input, 'rowtime'));
    if (rel.offset > 0)
      throw new UserError('PLAN1002', {
        message: 'OFFSET without LIMIT is not supported on a stream that changes or is ordered.',
        hint: 'Say how many rows are wanted: LIMIT n.',
      });
    throw new UserError('PLAN1002', {
      message: updating
        ? 'Sort of a changing result is not supported on a stream.'
        : 'Sort on a non-time-attribute field is not supported on a stream.',
      hint: "Add a LIMIT; or order by the rowtime first, ascending; or SET 'execution.runtime-mode' = 'batch' where all sources are bounded.",
    });
  }
  #rank(rel: SortRel, limit: number, updateBefore: boolean): Phys {
    return rankNode((before) => this.convert(rel.input, before), {
      partition: [],
      keys: rel.keys,
      from: rel.offset + 1,
      to: rel.offset + limit,
      updateBefore,
      ttlMs: this.session.settings.durationMs('table.exec.state.ttl'),
    });
  }
  #sorted(rel: SortRel, input: Phys, mode: 'rowtime' | 'end'): Phys {
    return {
      kind: 'sort',
      input,
      keys: rel.keys,
      mode,
      fields: rel.fields,
      id: '',
      traits: { ...input.traits, state: mode === 'end' ? 'unbounded' : 'window' },
    };
  }

  #lookup(rel: LookupJoinRel, updateBefore: boolean): Phys {
    const descriptor = this.session.connectors.get(rel.table.connector)!;
    const options = [...rel.hints].filter(([k]) => k === 'async').map(([, v]) => v);
    const table = connectorTable(rel.table);
    parseOptions(descriptor.options(table), table.options);
    const found = descriptor.lookup?.(table);
    if (found === undefined)
      throw new UserError('PLAN1003', {
        message: `the connector '${rel.table.connector}' of table '${rel.table.path.object}' cannot be looked up`,
      });
    const lookedUp = rel.columns.map((c) => rel.table.columns[c]!);
    const computed = lookedUp.find((c) => c.kind !== 'physical');
    if (computed !== undefined)
      throw notYet(`a lookup join that reads the ${computed.kind} column "${computed.name}"`, undefined);
    const below = this.convert(rel.input, updateBefore);
    // Keys are columns of the input: what is computed is computed first.
    const computedKeys = rel.keys.filter((k) => k.left.kind !== 'column').map((k) => k.left);
    const width = rel.input.fields.length;
    const input =
      computedKeys.length === 0
        ? below
        : calcNode(
            below,
            undefined,
            [...identity(rel.input.fields), ...computedKeys],
            [
              ...rel.input.fields,
              ...computedKeys.map((e, i) => ({ name: `$key${i}`, type: e.type, time: undefined })),
            ],
          );
    let next = width;
    const keys = rel.keys.map((k) => ({
      right: k.right,
      left: k.left.kind === 'column' ? k.left.index : next++,
    }));
    const shift = computedKeys.length;
    const joined: Phys = {
      kind: 'lookup-join',
      input,
      connector: rel.table.connector,
      table,
      name: rel.table.path.object,
      lookedUp: lookedUp.map(({ name, type }) => ({ name, type })),
      keys,
      left: rel.left,
      condition: rel.condition && shiftColumns(rel.condition, width, shift),
      async: options[0] === undefined ? found.async : options[0] === 'true',
      ordered:
        this.session.settings.get('table.exec.async-lookup.output-mode').toUpperCase() === 'ORDERED' ||
        hasUpdates(input.traits.changelog),
      capacity: Number(this.session.settings.get('table.exec.async-lookup.buffer-capacity')),
      fields: [...input.fields, ...rel.fields.slice(width)],
      id: '',
      traits: traits(input.traits.changelog),
    };
    if (shift === 0) return joined;
    const out = rel.fields.map(
      (f, i): Expr => ({ kind: 'column', index: i < width ? i : i + shift, type: f.type }),
    );
    return calcNode(joined, undefined, out, rel.fields);
  }

  #unnest(rel: UnnestRel, updateBefore: boolean): Phys {
    const below = this.convert(rel.input, updateBefore);
    const width = rel.input.fields.length;
    const plain = rel.expr.kind === 'column';
    const input = plain
      ? below
      : calcNode(
          below,
          undefined,
          [...identity(rel.input.fields), rel.expr],
          [...rel.input.fields, { name: '$unnest', type: rel.expr.type, time: undefined }],
        );
    const column = rel.expr.kind === 'column' ? rel.expr.index : width;
    const shift = plain ? 0 : 1;
    const unnested: Phys = {
      kind: 'unnest',
      input,
      column,
      ordinality: rel.ordinality,
      left: rel.left,
      id: '',
      fields: [...input.fields, ...rel.fields.slice(width)],
      traits: traits(input.traits.changelog),
    };
    if (shift === 0) return unnested;
    return calcNode(
      unnested,
      undefined,
      rel.fields.map((f, i): Expr => ({ kind: 'column', index: i < width ? i : i + shift, type: f.type })),
      rel.fields,
    );
  }
}

/** The first rows of what only inserts. */
function limited(rel: SortRel, input: Phys): Phys {
  if (rel.limit === undefined && rel.offset === 0) return input;
  const { offset, limit, fields } = rel;
  return { kind: 'limit', input, offset, limit, fields, traits: traits(insertOnly), id: '' };
}

function shiftColumns(expr: Expr, from: number, by: number): Expr {
  switch (expr.kind) {
    case 'literal':
      return expr;
    case 'column':
      return expr.index >= from ? { ...expr, index: expr.index + by } : expr;
    case 'field':
      return { ...expr, operand: shiftColumns(expr.operand, from, by) };
    case 'call':
      return { ...expr, args: expr.args.map((a) => shiftColumns(a, from, by)) };
  }
}

/** Equal relations have equal digests. */
export function relDigest(rel: Rel): string {
  return JSON.stringify(rel, (key, v: unknown) => {
    if (typeof v === 'bigint') return `${v}n`;
    if (v instanceof Map) return [...v];
    if (key === 'table') return tableKey(v as { path: unknown; options: unknown });
    return key === 'span' || key === 'at' ? undefined : v;
  });
}
const tableKey = (t: { readonly path: unknown; readonly options: unknown }): unknown => [t.path, t.options];
