/* Results as text: a table with borders, or a line a change. */

import type { Field, Value } from '#data';
import { formatValue } from '#expr';
import type { Change } from '#engine';

const cell = (value: Value, field: Field): string =>
  value === null ? '<NULL>' : formatValue(value, field.type, 'UTC').replaceAll('\n', '\\n');
const isNumber = (f: Field): boolean =>
  ['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL'].includes(f.type.kind);
/** Wider cells are cut. */
const widthMax = 60;

/** As Flink's SQL client draws it; `op` adds the change kind. One text cell alone is printed as it is (EXPLAIN). */
export function resultTable(changes: readonly Change[], fields: readonly Field[], op: boolean): string {
  const [first] = changes;
  if (
    fields.length === 1 &&
    changes.length === 1 &&
    typeof first!.row[0] === 'string' &&
    first!.row[0].includes('\n')
  )
    return first!.row[0];
  const head = [...(op ? ['op'] : []), ...fields.map((f) => f.name)];
  const right = [...(op ? [false] : []), ...fields.map(isNumber)];
  const rows = changes.map((c) => [...(op ? [c.kind] : []), ...c.row.map((v, i) => cell(v, fields[i]!))]);
  const widths = head.map((h, i) => Math.min(widthMax, Math.max(h.length, ...rows.map((r) => r[i]!.length))));
  const rule = `+${widths.map((w) => '-'.repeat(w + 2)).join('+')}+`;
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .map((c, i) => {
        const text = c.length > widths[i]! ? `${c.slice(0, widths[i]! - 1)}…` : c;
        return right[i] ? text.padStart(widths[i]!) : text.padEnd(widths[i]!);
      })
      .join(' | ')} |`;
  const count = `${rows.length} row${rows.length === 1 ? '' : 's'} in set`;
  if (rows.length === 0) return 'Empty set';
  return [rule, line(head), rule, ...rows.map(line), rule, count].join('\n');
}
export function changeLine(change: Change, fields: readonly Field[]): string {
  return `${change.kind}[${change.row.map((v, i) => cell(v, fields[i]!)).join(', ')}]`;
}
