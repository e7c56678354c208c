/* A JSON Schema of a row: of an object whose properties are columns. What of it can be asked of a table is read; what cannot
 * is named. https://json-schema.org/draft/2020-12 */

import { UserError } from '#base';
import type { Cell } from '../cell.ts';

export interface PropertySchema {
  readonly name: string;
  readonly types: readonly string[];
  readonly nullable: boolean;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly enum?: readonly Cell[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: number | undefined;
  readonly exclusiveMaximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly unique: boolean;
  /** Keywords that no expectation stands for. */
  readonly ignored: readonly string[];
}
export interface TableSchema {
  readonly properties: readonly PropertySchema[];
  readonly required: readonly string[];
  /** Other columns are allowed. */
  readonly open: boolean;
  readonly key: readonly string[];
}

const known = new Set(
  'type format pattern enum const minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength title description default examples $comment x-unique x-primary-key nullable'.split(
    ' ',
  ),
);

/** Throws QLT1015 for text that is no JSON Schema of an object. An array of objects is one of its rows. */
export function readSchema(text: string, name: string): TableSchema {
  const refuse = (problem: string, cause?: unknown): UserError =>
    new UserError('QLT1015', {
      message: `${name} is no JSON Schema of a row: ${problem}`,
      hint: '{"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}',
      cause,
    });
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw refuse((cause as Error).message, cause);
  }
  const root = given as Record<string, unknown> | null;
  if (typeof root !== 'object' || root === null) throw refuse('it is no object');
  const row = (
    root['type'] === 'array' && typeof root['items'] === 'object' ? root['items'] : root
  ) as Record<string, unknown>;
  const properties = row['properties'];
  if (typeof properties !== 'object' || properties === null) throw refuse('it has no properties');
  const required = Array.isArray(row['required']) ? row['required'].map(String) : [];
  const all = Object.entries(properties).map(([column, schema]) =>
    propertyOf(column, resolved((schema ?? {}) as Record<string, unknown>, root)),
  );
  const key = Array.isArray(row['x-primary-key'])
    ? row['x-primary-key'].map(String)
    : all.filter((p) => p.unique).map((p) => p.name);
  return { properties: all, required, open: row['additionalProperties'] !== false, key };
}

/** $ref within the document. */
function resolved(schema: Record<string, unknown>, root: Record<string, unknown>): Record<string, unknown> {
  const ref = schema['$ref'];
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return schema;
  let at: unknown = root;
  for (const part of ref.slice(2).split('/'))
    at = (at as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  return { ...(typeof at === 'object' && at !== null ? (at as Record<string, unknown>) : {}), ...schema };
}
function propertyOf(name: string, schema: Record<string, unknown>): PropertySchema {
  const types = ([schema['type'] ?? []].flat() as unknown[]).map(String);
  const values = Array.isArray(schema['enum'])
    ? (schema['enum'] as Cell[])
    : 'const' in schema
      ? [schema['const'] as Cell]
      : undefined;
  const number = (key: string): number | undefined =>
    typeof schema[key] === 'number' ? schema[key] : undefined;
  const text = (key: string): string | undefined =>
    typeof schema[key] === 'string' ? schema[key] : undefined;
  return {
    name,
    types: types.filter((t) => t !== 'null'),
    nullable: types.includes('null') || schema['nullable'] === true || values?.includes(null) === true,
    format: text('format'),
    pattern: text('pattern'),
    enum: values,
    minimum: number('minimum'),
    maximum: number('maximum'),
    exclusiveMinimum: number('exclusiveMinimum'),
    exclusiveMaximum: number('exclusiveMaximum'),
    minLength: number('minLength'),
    maxLength: number('maxLength'),
    unique: schema['x-unique'] === true || schema['x-primary-key'] === true,
    ignored: Object.keys(schema).filter((key) => !known.has(key) && key !== '$ref'),
  };
}
