/* validity: types, formats, ranges and sets of values, as a JSON Schema has them. */

import type { Family, TableColumn } from '../table/column.ts';
import type { ExpectationConfig } from '../suite/suite.ts';
import { made, type Check } from './check.ts';
import { formatPatterns } from './formats.ts';
import type { PropertySchema, TableSchema } from './schema.ts';

const families: Readonly<Record<string, readonly Family[]>> = {
  integer: ['integer'],
  number: ['integer', 'decimal', 'float'],
  string: ['text', 'date', 'timestamp', 'time', 'bytes'],
  boolean: ['boolean'],
  object: ['other'],
  array: ['other'],
};
/** Text that reads as a value of the type: for columns of files that hold all as text. */
const textPatterns: Readonly<Record<string, string>> = {
  integer: '^[+-]?[0-9]+$',
  number: '^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?$',
  boolean: '^(true|false|TRUE|FALSE|True|False)$',
};

export const validity: Check = {
  name: 'validity',
  about: 'types, formats, ranges and enums of --schema',
  make: ({ columns, schema }) => {
    if (schema === undefined) return { expectations: [], skipped: 'it needs a JSON Schema: --schema FILE' };
    const ignored = schema.properties.flatMap((p) => p.ignored.map((key) => `${p.name}.${key}`));
    return {
      expectations: [...shape(schema), ...schema.properties.flatMap((p) => property(p, columns))],
      skipped: ignored.length === 0 ? undefined : `of the schema it leaves out ${ignored.join(', ')}`,
    };
  },
};

function shape({ properties, required, open }: TableSchema): ExpectationConfig[] {
  if (!open)
    return [
      made(
        'validity',
        'expect_table_columns_to_match_set',
        { column_set: properties.map((p) => p.name) },
        'the schema allows no others',
      ),
    ];
  return required.map((column) =>
    made('validity', 'expect_column_to_exist', { column }, 'the schema requires it'),
  );
}

function property(schema: PropertySchema, columns: readonly TableColumn[]): ExpectationConfig[] {
  const column = columns.find((c) => c.name === schema.name);
  // Whether it must be there is asked elsewhere.
  if (column === undefined) return [];
  const name = schema.name;
  const lines: ExpectationConfig[] = [];
  const add = (type: string, kwargs: Record<string, unknown>, reason: string): void => {
    lines.push(made('validity', type, { column: name, ...kwargs }, reason));
  };
  lines.push(...typeLines(schema, column));
  if (schema.enum !== undefined)
    add(
      'expect_column_values_to_be_in_set',
      { value_set: schema.enum.filter((v) => v !== null) },
      'enum of the schema',
    );
  if (schema.pattern !== undefined)
    add('expect_column_values_to_match_regex', { regex: schema.pattern }, 'pattern of the schema');
  const pattern = schema.format === undefined ? undefined : formatPatterns[schema.format];
  if (pattern !== undefined && column.family === 'text')
    add('expect_column_values_to_match_regex', { regex: pattern }, `format ${schema.format}`);
  const range = rangeOf(schema);
  if (range !== undefined && column.family !== 'text')
    add('expect_column_values_to_be_between', range, 'range of the schema');
  if (schema.minLength !== undefined || schema.maxLength !== undefined)
    add(
      'expect_column_value_lengths_to_be_between',
      { min_value: schema.minLength ?? null, max_value: schema.maxLength ?? null },
      'lengths of the schema',
    );
  return lines;
}
function typeLines({ name, types }: PropertySchema, column: TableColumn): ExpectationConfig[] {
  if (types.length === 0) return [];
  const wanted = types.flatMap((type) => families[type] ?? []);
  if (wanted.includes(column.family)) return [];
  const reason = `the schema says ${types.join(' or ')}, the column is ${column.type}`;
  const pattern = types.length === 1 ? textPatterns[types[0]!] : undefined;
  return column.family === 'text' && pattern !== undefined
    ? [made('validity', 'expect_column_values_to_match_regex', { column: name, regex: pattern }, reason)]
    : [
        made(
          'validity',
          'expect_column_values_to_be_in_type_list',
          { column: name, type_list: types.map(typeName) },
          reason,
        ),
      ];
}
const typeName = (type: string): string =>
  ({ integer: 'int', number: 'number', string: 'str', boolean: 'bool' })[type] ?? type;

function rangeOf(schema: PropertySchema): Record<string, unknown> | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const [min, max] = [exclusiveMinimum ?? minimum, exclusiveMaximum ?? maximum];
  if (min === undefined && max === undefined) return undefined;
  return {
    min_value: min ?? null,
    max_value: max ?? null,
    strict_min: exclusiveMinimum !== undefined,
    strict_max: exclusiveMaximum !== undefined,
  };
}
