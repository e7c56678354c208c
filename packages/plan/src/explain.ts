/* EXPLAIN: the syntax tree, the optimized plan with each node's id, changes and upsert key, and what bounds its state. */

import { changelogText } from '#catalog';
import { typeText, type LogicalType, type Value } from '#data';
import { formatValue, type AggregateCall, type Expr } from '#expr';
import type { RelField, SortKey, WindowSpec } from './logical/rel.ts';
import { inputsOf, type Rel } from './logical/rel.ts';
import { physInputs, topological, type Phys, type PhysRank } from './physical/node.ts';

const binary = new Set(['+', '-', '*', '/', '%', '=', '<>', '<', '<=', '>', '>=', 'AND', 'OR', '||', 'LIKE']);

/** An expression as text, columns by name. */
export function exprText(expr: Expr, fields: readonly { readonly name: string }[]): string {
  const text = (e: Expr): string => exprText(e, fields);
  switch (expr.kind) {
    case 'literal':
      return literalText(expr.value, expr.type);
    case 'column':
      return fields[expr.index]?.name ?? `$${expr.index}`;
    case 'field':
      return `${text(expr.operand)}.${expr.operand.type.kind === 'ROW' ? expr.operand.type.fields[expr.index]!.name : expr.index}`;
    case 'call': {
      if (expr.fn === 'CAST' || expr.fn === 'TRY_CAST')
        return `${expr.fn}(${text(expr.args[0]!)} AS ${typeText({ ...expr.type, nullable: true })})`;
      if (binary.has(expr.fn) && expr.args.length === 2)
        return `(${text(expr.args[0]!)} ${expr.fn} ${text(expr.args[1]!)})`;
      if (/^IS /.test(expr.fn) && expr.args.length === 1) return `${text(expr.args[0]!)} ${expr.fn}`;
      return `${expr.fn}(${[...expr.flags.map((f) => `FLAG(${f})`), ...expr.args.map(text)].join(', ')})`;
    }
  }
}
function literalText(value: Value, type: LogicalType): string {
  if (value === null) return 'NULL';
  const plain = formatValue(value, type, 'UTC');
  return type.kind === 'CHAR' || type.kind === 'VARCHAR'
    ? `'${plain.replaceAll("'", "''")}'`
    : type.kind === 'DATE' || type.kind === 'TIME' || type.kind === 'TIMESTAMP'
      ? `${type.kind} '${plain}'`
      : type.kind.startsWith('INTERVAL')
        ? `INTERVAL '${plain}'`
        : plain;
}

const names = (indexes: readonly number[], fields: readonly { readonly name: string }[]): string =>
  indexes.map((i) => fields[i]?.name ?? `$${i}`).join(', ');
function selectText(exprs: readonly Expr[], input: readonly RelField[], output: readonly RelField[]): string {
  return exprs
    .map((e, i) => {
      const text = exprText(e, input);
      return text === output[i]!.name ? text : `${text} AS ${output[i]!.name}`;
    })
    .join(', ');
}
function callText(c: AggregateCall, fields: readonly { readonly name: string }[], name: string): string {
  const args = c.args.length === 0 ? '*' : names(c.args, fields);
  return `${c.fn}(${c.distinct ? 'DISTINCT ' : ''}${args})${c.filter === undefined ? '' : ` FILTER ${names([c.filter], fields)}`} AS ${name}`;
}
function windowText(w: WindowSpec, fields: readonly { readonly name: string }[]): string {
  const slide = w.slideMs > 0 ? `${w.kind === 'hop' ? 'slide' : 'step'}=[${duration(w.slideMs)}], ` : '';
  const partition = w.partition.length > 0 ? `, partition keys=[${names(w.partition, fields)}]` : '';
  return `${w.kind.toUpperCase()}(time_col=[${names([w.time], fields)}], ${slide}${w.kind === 'session' ? 'gap' : 'size'}=[${duration(w.sizeMs)}]${w.offsetMs ? `, offset=[${duration(w.offsetMs)}]` : ''}${partition})`;
}
function orderText(keys: readonly SortKey[], fields: readonly { readonly name: string }[]): string {
  return keys.map((k) => `${fields[k.column]!.name} ${k.descending ? 'DESC' : 'ASC'}`).join(', ');
}
function rankText({ keys, from, to, strategy, rowKey, fields }: PhysRank): string {
  const range = `offset=[${from - 1}], fetch=[${to - from + 1}]`;
  if (keys.length === 0) return `Limit(${range})`;
  const kept = { append: 'AppendFast', update: 'UpdateFast', retract: 'Retract' }[strategy];
  const by = strategy === 'update' ? `[${rowKey.join(',')}]` : '';
  return `SortLimit(orderBy=[${orderText(keys, fields)}], ${range}, strategy=[${kept}Strategy${by}])`;
}
function duration(ms: number): string {
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const) {
    if (ms !== 0 && ms % size === 0) return `${ms / size} ${unit}`;
  }
  return `${ms} ms`;
}

/** One line for a physical node. */
export function nodeTitle(node: Phys): string {
  switch (node.kind) {
    case 'scan': {
      const watermark = node.watermark ? `, watermark=[${node.watermark.text}]` : '';
      return `TableSourceScan(table=[${node.name}], fields=[${node.fields.map((f) => f.name).join(', ')}]${watermark})`;
    }
    case 'values':
      return `Values(rows=[${node.rows.length}])`;
    case 'calc': {
      const where = node.condition ? `, where=[${exprText(node.condition, node.input.fields)}]` : '';
      return `Calc(select=[${selectText(node.exprs, node.input.fields, node.fields)}]${where})`;
    }
    case 'union':
      return `Union(all=[true])`;
    case 'group-aggregate': {
      const calls = node.calls.map((c, i) =>
        callText(c, node.input.fields, node.fields[node.keys.length + i]!.name),
      );
      return `GroupAggregate(groupBy=[${names(node.keys, node.input.fields)}], select=[${[...node.keys.map((k) => node.input.fields[k]!.name), ...calls].join(', ')}])`;
    }
    case 'window-aggregate': {
      const calls = node.calls.map((c, i) =>
        callText(c, node.input.fields, node.fields[node.keys.length + i]!.name),
      );
      const window =
        node.window.kind === 'time'
          ? windowText(node.window.spec, node.input.fields)
          : `attached(win_start=[${names([node.window.start], node.input.fields)}], win_end=[${names([node.window.end], node.input.fields)}])`;
      return `WindowAggregate(groupBy=[${names(node.keys, node.input.fields)}], window=[${window}], select=[${[...node.keys.map((k) => node.input.fields[k]!.name), ...calls, ...node.properties].join(', ')}])`;
    }
    case 'window-table':
      return `WindowTableFunction(window=[${windowText(node.window, node.input.fields)}])`;
    case 'limit':
      return `Limit(offset=[${node.offset}], fetch=[${node.limit ?? 'all'}])`;
    case 'sort':
      return `${node.mode === 'rowtime' ? 'TemporalSort' : 'Sort'}(orderBy=[${orderText(node.keys, node.fields)}])`;
    case 'rank':
      return rankText(node);
    case 'normalize':
      return `ChangelogNormalize(key=[${names(node.keys, node.fields)}])`;
    case 'materialize':
      return `SinkUpsertMaterializer(key=[${names(node.keys, node.fields)}])`;
    case 'lookup-join': {
      const join = node.left ? 'LeftOuterJoin' : 'InnerJoin';
      const keys = node.keys.map((k) => `${node.lookedUp[k.right]!.name}=${node.input.fields[k.left]!.name}`);
      const async = node.async ? `, async=[${node.ordered ? 'ORDERED' : 'UNORDERED'}]` : '';
      return `LookupJoin(table=[${node.name}], joinType=[${join}], lookup=[${keys.join(', ')}]${async})`;
    }
    case 'unnest':
      return `Correlate(unnest=[${names([node.column], node.input.fields)}], joinType=[${node.left ? 'LEFT' : 'INNER'}])`;
    case 'drop-update-before':
      return node.asDelete ? 'UpdateBeforeAsDelete' : 'DropUpdateBefore';
    case 'sink':
      return `Sink(table=[${node.name}], fields=[${node.fields.map((f) => f.name).join(', ')}]${node.notNull.length > 0 ? `, NotNullEnforcer(fields=[${names(node.notNull, node.fields)}])` : ''}, guarantee=[${node.guarantee}])`;
  }
}

/** The optimized plan as a tree, sinks first; a node that is read twice is printed once and referred to. */
export function planText(
  roots: readonly Phys[],
  details: { readonly changelog: boolean; readonly ids: boolean } = { changelog: true, ids: true },
): string {
  const readers = new Map<Phys, number>();
  for (const node of topological(roots))
    for (const input of physInputs(node)) readers.set(input, (readers.get(input) ?? 0) + 1);
  const reused = new Map<Phys, number>();
  const lines: string[] = [];
  const print = (node: Phys, prefix: string, branch: string): void => {
    const known = reused.get(node);
    if (known !== undefined) {
      lines.push(`${prefix}${branch}Reused(reference_id=[${known}])`);
      return;
    }
    let note = '';
    if ((readers.get(node) ?? 0) > 1) {
      reused.set(node, reused.size + 1);
      note = `(reuse_id=[${reused.size}])`;
    }
    lines.push(`${prefix}${branch}${nodeTitle(node)}${note}${details.changelog ? traitText(node) : ''}`);
    const inner = branch === '' ? prefix : `${prefix}${branch === '+- ' ? '   ' : ':  '}`;
    const inputs = physInputs(node);
    inputs.forEach((input, i) => {
      print(input, inner, i === inputs.length - 1 ? '+- ' : ':- ');
    });
  };
  for (const root of roots) print(root, '', '');
  return lines.join('\n');
}
function traitText(node: Phys): string {
  const keys = node.traits.upsertKeys.map((k) => `{${names(k, node.fields)}}`);
  return `, changelogMode=[${changelogText(node.traits.changelog).slice(1, -1)}]${keys.length > 0 ? `, upsertKey=[${keys.join(', ')}]` : ''}`;
}

/** What would keep growing: for `check` and EXPLAIN. */
export function stateWarnings(roots: readonly Phys[]): string[] {
  return topological(roots)
    .filter((n) => n.traits.state === 'unbounded' && n.kind === 'group-aggregate' && !n.finalOnly)
    .map(
      (n) =>
        `${nodeTitle(n)} keeps one entry for every key that it ever saw. Bound it by a window, or set 'table.exec.state.ttl'.`,
    );
}

/** The relational tree as it was bound, before any rewrite. */
export function relText(rel: Rel, indent = ''): string {
  const line = ((): string => {
    switch (rel.kind) {
      case 'scan':
        return `LogicalTableScan(table=[[${rel.table.path.catalog}, ${rel.table.path.database}, ${rel.table.path.object}]])`;
      case 'values':
        return `LogicalValues(rows=[${rel.rows.length}])`;
      case 'project':
        return `LogicalProject(${rel.exprs.map((e, i) => `${rel.fields[i]!.name}=[${exprText(e, rel.input.fields)}]`).join(', ')})`;
      case 'filter':
        return `LogicalFilter(condition=[${exprText(rel.condition, rel.input.fields)}])`;
      case 'aggregate':
        return `LogicalAggregate(group=[{${names(rel.keys, rel.input.fields)}}], ${rel.calls.map((c, i) => callText(c, rel.input.fields, rel.fields[rel.keys.length + i]!.name)).join(', ')}${rel.window ? `, window=[${windowText(rel.window, rel.input.fields)}]` : ''})`;
      case 'window-table':
        return `LogicalTableFunctionScan(invocation=[${windowText(rel.window, rel.input.fields)}])`;
      case 'union':
        return 'LogicalUnion(all=[true])';
      case 'sort':
        return `LogicalSort(sort=[${orderText(rel.keys, rel.fields)}]${rel.limit === undefined ? '' : `, fetch=[${rel.limit}]`})`;
      case 'lookup-join':
        return `LogicalJoin(lookup=[${rel.table.path.object}], joinType=[${rel.left ? 'left' : 'inner'}])`;
      case 'unnest':
        return `LogicalCorrelate(unnest=[${exprText(rel.expr, rel.input.fields)}])`;
    }
  })();
  return [`${indent}${line}`, ...inputsOf(rel).map((r) => relText(r, `${indent}   `))].join('\n');
}
