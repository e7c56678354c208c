/* Values of saved state as JSON, by the types that a savepoint names as text. */

import { types, type LogicalType, type Value } from '#data';
import { jsonText } from '#engine';
import { bindType } from '#plan';
import { parseStatement, type CreateTable, type PhysicalColumn } from '#sql';
import type { TableShape } from '#state';

/** What writes a value of a type that one of the shapes names. */
export function stateCells(shapes: readonly TableShape[]): (type: string, value: Value) => string {
  const known = new Map<string, LogicalType>([
    ['f64', types.DOUBLE],
    ['i32', types.INT],
    ['u8', types.INT],
  ]);
  const learn = (text: string): void => {
    if (known.has(text)) return;
    const { columns } = parseStatement(`CREATE TABLE t (c ${text})`) as CreateTable;
    known.set(text, bindType((columns[0] as PhysicalColumn).type));
  };
  const learnAll = ({ key, row, cells, owned }: TableShape): void => {
    for (const text of [...key, ...row, ...Object.values(cells)]) learn(text);
    owned.forEach(learnAll);
  };
  shapes.forEach(learnAll);
  return (type, value) => (value === null ? 'null' : jsonText(value, known.get(type)!));
}
