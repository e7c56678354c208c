/* Parts of EXPLAIN that relations and nodes have in common: expressions, calls, windows and orders as text. */

import { typeText, type LogicalType, type Value } from '#data';
import { formatValue, type AggregateCall, type Expr } from '#expr';
import type { OverFrame, RelField, SortKey, WindowSpec } from './logical/field.ts';

type Named = { readonly name: string };
const binary = new Set(['+', '-', '*', '/', '%', '=', '<>', '<', '<=', '>', '>=', 'AND', 'OR', '||', 'LIKE']);

/** An expression as text, columns by name. */
export function exprText(expr: Expr, fields: readonly Named[]): string {
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

export const columnNames = (indexes: readonly number[], fields: readonly Named[]): string =>
  indexes.map((i) => fields[i]?.name ?? `$${i}`).join(', ');

export function selectText(
  exprs: readonly Expr[],
  input: readonly RelField[],
  output: readonly RelField[],
): string {
  return exprs
    .map((e, i) => {
      const text = exprText(e, input);
      return text === output[i]!.name ? text : `${text} AS ${output[i]!.name}`;
    })
    .join(', ');
}
export function callText(c: AggregateCall, fields: readonly Named[], name: string): string {
  const args = c.args.length === 0 ? '*' : columnNames(c.args, fields);
  return `${c.fn}(${c.distinct ? 'DISTINCT ' : ''}${args})${c.filter === undefined ? '' : ` FILTER ${columnNames([c.filter], fields)}`} AS ${name}`;
}
export function windowText(w: WindowSpec, fields: readonly Named[]): string {
  const partition = w.partition.length > 0 ? `, partition keys=[${columnNames(w.partition, fields)}]` : '';
  return `${w.kind.toUpperCase()}(time_col=[${columnNames([w.time], fields)}], ${lengthsText(w)}${partition})`;
}
export function lengthsText(w: WindowSpec): string {
  const slide = w.slideMs > 0 ? `${w.kind === 'hop' ? 'slide' : 'step'}=[${durationText(w.slideMs)}], ` : '';
  return `${slide}${w.kind === 'session' ? 'gap' : 'size'}=[${durationText(w.sizeMs)}]${w.offsetMs ? `, offset=[${durationText(w.offsetMs)}]` : ''}`;
}
export function orderText(keys: readonly SortKey[], fields: readonly Named[]): string {
  return keys.map((k) => `${fields[k.column]!.name} ${k.descending ? 'DESC' : 'ASC'}`).join(', ');
}
export function durationText(ms: number): string {
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
/** The frame of an OVER window as SQL writes it; lengths of time in ms. */
export function frameText({ unit, from, to }: OverFrame): string {
  const edge = (at: number): string => {
    if (at === 0) return 'CURRENT ROW';
    const far = Number.isFinite(at) ? String(Math.abs(at)) : 'UNBOUNDED';
    return `${far} ${at < 0 ? 'PRECEDING' : 'FOLLOWING'}`;
  };
  return `${unit.toUpperCase()} BETWEEN ${edge(from)} AND ${edge(to)}`;
}
