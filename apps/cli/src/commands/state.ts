/* millrace state: what is in a savepoint or checkpoint, for a person. */

import { formatBytes, UserError } from '#base';
import { readCheckpoint, type Checkpoint } from '#checkpoint';
import type { Value } from '#data';
import { readLogical } from '#dataflow';
import { realWorld } from '#host';
import { bytesOf, type OwnedRows, type TableShape } from '#state';
import { clockText } from '../status.ts';
import { stateCells } from '../jobs/state-cells.ts';
import { out } from '../terminal.ts';

interface Flags {
  readonly json?: boolean;
}

export async function state(path: string, operator: string | undefined, flags: Flags): Promise<number> {
  const found = await readCheckpoint(realWorld().disk, path.replace(/\/+$/, ''));
  if (found === undefined)
    throw new UserError('CHK1004', {
      message: `there is no savepoint or checkpoint in ${path}`,
      hint: 'It is a folder with a file _metadata.',
    });
  if (operator === undefined) contents(found, flags);
  else rows(found, operator, flags);
  return 0;
}

/** Sizes, and of a savepoint the tables of each operator. */
function contents(found: Checkpoint, { json }: Flags): void {
  const { parts, kinds, ...info } = found;
  if (json === true) out(JSON.stringify(info));
  else
    out(
      `${info.form} ${info.epoch} of the job '${info.job}', taken ${clockText(info.takenAt)}, parallelism ${info.parallelism}`,
    );
  for (const [key, part] of parts) {
    const bytes = bytesOf(part);
    const [id, instance] = splitKey(key);
    const kind = kinds?.[id];
    const isRows = kind === 'operator' && bytes.length > 0;
    const tables = isRows ? readLogical(bytes).shapes : [];
    if (json === true) out(JSON.stringify({ id, instance, kind, bytes: bytes.length, tables }));
    else {
      out(`${id}${instance > 0 ? ` (instance ${instance})` : ''}: ${formatBytes(bytes.length)}`);
      for (const line of tables.flatMap((t) => tableLines(t, '  '))) out(line);
    }
  }
}
const splitKey = (key: string): [id: string, instance: number] => {
  const at = key.lastIndexOf('#');
  return [key.slice(0, at), Number(key.slice(at + 1))];
};
function tableLines({ name, key, row, cells, owned }: TableShape, indent: string): string[] {
  const columns = [
    ...(key.length > 0 ? [`key (${key.join(', ')})`] : []),
    ...(row.length > 0 ? [`row (${row.join(', ')})`] : []),
    ...Object.entries(cells).map(([cell, type]) => `${cell} ${type}`),
  ];
  return [`${indent}${name}: ${columns.join(', ')}`, ...owned.flatMap((o) => tableLines(o, `${indent}  `))];
}

function rows(found: Checkpoint, operator: string, { json }: Flags): void {
  if (found.form !== 'savepoint')
    throw new UserError('CHK1005', {
      message: 'a checkpoint holds state as it lies, which only its own job reads',
      hint: "'millrace jobs savepoint' takes a savepoint, which holds rows.",
    });
  const part = found.parts.get(`${operator}#0`);
  if (part === undefined || found.kinds?.[operator] !== 'operator')
    throw new UserError('CHK1005', {
      message: `the savepoint has no operator '${operator}'`,
      hint: `It has: ${Object.keys(found.kinds ?? {})
        .filter((id) => found.kinds![id] === 'operator')
        .join(', ')}.`,
    });
  if (part.length === 0) return;
  const logical = readLogical(bytesOf(part));
  const cellsOf = stateCells(logical.shapes);
  for (const { table, slice, key, ...content } of logical.rows()) {
    const shape = logical.shapes.find((s) => s.name === table)!;
    const keyCells = key.map((value, i) => cellsOf(shape.key[i]!, value));
    const cells = contentOf(content, shape, cellsOf);
    const windowEnd = slice === undefined ? {} : { slice: new Date(slice).toISOString() };
    if (json === true)
      out(
        `{${[`"table":${JSON.stringify(table)}`, ...(slice === undefined ? [] : [`"slice":"${windowEnd.slice}"`]), `"key":[${keyCells.join(',')}]`, ...cells].join(',')}}`,
      );
    else
      out(
        `${table}${slice === undefined ? '' : ` ${windowEnd.slice}`} [${keyCells.join(', ')}] ${cells.join(' ')}`,
      );
  }
}
/** Members of a JSON object. */
function contentOf(
  { row, cells, owned, timers }: OwnedRows,
  shape: TableShape,
  cellsOf: (type: string, value: Value) => string,
): string[] {
  const parts: string[] = [];
  if (row.length > 0) parts.push(`"row":[${row.map((v, i) => cellsOf(shape.row[i]!, v)).join(',')}]`);
  const named = Object.entries(cells).map(
    ([name, value]) => `${JSON.stringify(name)}:${cellsOf(shape.cells[name] ?? 'f64', value)}`,
  );
  if (named.length > 0) parts.push(`"cells":{${named.join(',')}}`);
  for (const [name, children] of Object.entries(owned)) {
    const child = shape.owned.find((o) => o.name === name)!;
    const items = children.map((c) => `{${contentOf(c, child, cellsOf).join(',')}}`);
    parts.push(`${JSON.stringify(name)}:[${items.join(',')}]`);
  }
  if (Object.keys(timers).length > 0) parts.push(`"timers":${JSON.stringify(timers)}`);
  return parts;
}
