/* Drift of JSON objects. A number in a text of digits counts as a number for DECIMAL and BIGINT, as the decoder reads it. A field that no column is for
 * gets one by its value: STRING, BIGINT, DOUBLE or BOOLEAN. */

import { types, type Field, type LogicalType } from '#data';
import type { Drift, DriftInspector } from '../drift.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Shape = 'boolean' | 'number' | 'text' | 'array' | 'object';

const sampleMax = 60;
const decoder = new TextDecoder();

export class JsonDrift implements DriftInspector {
  readonly #fields: readonly Field[];

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
  }
  inspect(data: Uint8Array, start: number, end: number): readonly Drift[] {
    let message: Json;
    try {
      message = JSON.parse(decoder.decode(data.subarray(start, end))) as Json;
    } catch {
      return [];
    }
    const found: Drift[] = [];
    for (const object of Array.isArray(message) ? message : [message])
      if (shapeOf(object) === 'object')
        compare(object as { readonly [name: string]: Json }, this.#fields, '', found);
    const isExact = found.every(({ type }) => type?.kind !== 'BIGINT');
    return isExact ? found : exact(found, decoder.decode(data.subarray(start, end)));
  }
}

/** What was taken for whole numbers, by their digits: 1.0 is none for a column, nor is what BIGINT cannot hold. */
function exact(found: readonly Drift[], text: string): readonly Drift[] {
  const others = new Set<string>();
  const look = (name: string, value: unknown, { source }: { readonly source?: string }): unknown => {
    if (typeof value === 'number' && !isBigint(source!)) others.add(name);
    return value;
  };
  JSON.parse(text, look as (this: unknown, key: string, value: unknown) => unknown);
  return found.map((drift) =>
    drift.type?.kind === 'BIGINT' && others.has(drift.path) ? { ...drift, type: types.DOUBLE } : drift,
  );
}
function isBigint(text: string): boolean {
  return /^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function compare(
  object: { readonly [name: string]: Json },
  fields: readonly Field[],
  prefix: string,
  found: Drift[],
): void {
  const known = new Map(fields.map((f) => [f.name, f.type]));
  for (const [name, value] of Object.entries(object)) {
    const path = `${prefix}${name}`;
    const type = known.get(name);
    if (type === undefined) {
      const column = columnFor(value);
      found.push({
        kind: 'unknown',
        path,
        sample: sampleOf(value),
        ...(column && { type: column }),
        ...(prefix !== '' && { noColumn: true }),
      });
    } else if (value === null) continue;
    else if (type.kind === 'ROW' && shapeOf(value) === 'object')
      compare(value as { readonly [name: string]: Json }, type.fields, `${path}.`, found);
    else if (!fits(value, type)) found.push({ kind: 'type', path, sample: sampleOf(value) });
  }
  for (const { name } of fields)
    if (!(name in object)) found.push({ kind: 'missing', path: `${prefix}${name}`, sample: '' });
}

/** Objects and lists are text for a column: their JSON. */
function columnFor(value: Json): LogicalType | undefined {
  switch (shapeOf(value)) {
    case 'null':
      return undefined;
    case 'boolean':
      return types.BOOLEAN;
    case 'number':
      return Number.isInteger(value) ? types.BIGINT : types.DOUBLE;
    default:
      return types.STRING;
  }
}
function fits(value: Json, type: LogicalType): boolean {
  const shape = shapeOf(value);
  const expected = shapeFor(type);
  if (shape === expected) return true;
  return expected === 'number' && shape === 'text' && /^\s*[-+]?\d+(\.\d+)?\s*$/.test(value as string);
}
function shapeFor(type: LogicalType): Shape {
  switch (type.kind) {
    case 'BOOLEAN':
      return 'boolean';
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
    case 'DECIMAL':
    case 'FLOAT':
    case 'DOUBLE':
      return 'number';
    case 'ARRAY':
      return 'array';
    case 'ROW':
    case 'MAP':
    case 'MULTISET':
      return 'object';
    default:
      return 'text';
  }
}
function shapeOf(value: Json): Shape | 'null' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'number':
      return 'number';
    case 'string':
      return 'text';
    default:
      return 'object';
  }
}
function sampleOf(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > sampleMax ? `${text.slice(0, sampleMax)} …` : text;
}
