/* Drift of JSON objects. A number in a text of digits counts as a number for DECIMAL and BIGINT, as the decoder reads it. */

import type { Field, LogicalType } from '#data';
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
    return found;
  }
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
    if (type === undefined) found.push({ kind: 'unknown', path, sample: sampleOf(value) });
    else if (value === null) continue;
    else if (type.kind === 'ROW' && shapeOf(value) === 'object')
      compare(value as { readonly [name: string]: Json }, type.fields, `${path}.`, found);
    else if (!fits(value, type)) found.push({ kind: 'type', path, sample: sampleOf(value) });
  }
  for (const { name } of fields)
    if (!(name in object)) found.push({ kind: 'missing', path: `${prefix}${name}`, sample: '' });
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
