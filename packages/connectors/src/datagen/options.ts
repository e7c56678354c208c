/* The options of the datagen connector, as Flink 2.2 has them: some for the table, and for each field those
 * that its type knows, under `fields.<path>.`. A path is a column's name, for what lies inside of it followed
 * by `.<field>`, `.element`, `.key` or `.value`. */

import type { ConnectorTable, OptionSchema, OptionSpec } from '#catalog';
import type { LogicalType } from '#data';

export const datagenTableSpecs: readonly OptionSpec[] = [
  { key: 'rows-per-second', type: 'long', default: '10000', doc: 'Rows a second, over all instances.' },
  { key: 'number-of-rows', type: 'long', doc: 'Rows in total; without it the table has no end.' },
  {
    key: 'scan.parallelism',
    type: 'int',
    doc: 'Accepted for Flink; the source runs as often as the job does.',
  },
  {
    key: 'millrace.seed',
    type: 'long',
    doc: 'Makes the same rows in every run; by default each run has a seed of its own.',
  },
];

const kinds = ['random', 'sequence'] as const;

/** Options of a field, with their key behind `fields.<path>.`. */
export const datagenFieldSpecs = {
  kind: {
    key: 'kind',
    type: 'enum',
    values: kinds,
    default: 'random',
    doc: 'How values are made: at random, or counting up.',
  },
  start: { key: 'start', type: 'long', doc: 'First value of a sequence.' },
  end: { key: 'end', type: 'long', doc: 'Last value of a sequence; the table ends behind it.' },
  min: { key: 'min', type: 'string', doc: `Least random value of a number; by default the type's least.` },
  max: {
    key: 'max',
    type: 'string',
    doc: `Greatest random value of a number; by default the type's greatest.`,
  },
  'max-past': {
    key: 'max-past',
    type: 'duration',
    default: '0 s',
    doc: 'How far before now a random timestamp may lie.',
  },
  length: {
    key: 'length',
    type: 'int',
    doc: 'Length of text and bytes (100, or what the type says), or size of a collection (3).',
  },
  'var-len': {
    key: 'var-len',
    type: 'boolean',
    default: 'false',
    doc: 'Random text and bytes have any length up to `length`.',
  },
  'null-rate': {
    key: 'null-rate',
    type: 'double',
    default: '0',
    doc: 'Share of values that are NULL, from 0 to 1.',
  },
} as const satisfies Record<string, OptionSpec>;

type FieldOption = keyof typeof datagenFieldSpecs;

/** Keys that values of a type know, wherever it stands. */
function typeOptions(type: LogicalType): readonly FieldOption[] {
  switch (type.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
    case 'FLOAT':
    case 'DOUBLE':
    case 'DECIMAL':
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      return ['min', 'max', 'null-rate'];
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return ['max-past', 'null-rate'];
    case 'VARCHAR':
    case 'VARBINARY':
      return ['length', 'var-len', 'null-rate'];
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
      return ['length', 'null-rate'];
    default:
      return ['null-rate'];
  }
}

/** Whether a column of this type can count up. */
export function canCount(type: LogicalType): boolean {
  switch (type.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
    case 'FLOAT':
    case 'DOUBLE':
    case 'DECIMAL':
    case 'CHAR':
    case 'VARCHAR':
    case 'BINARY':
    case 'VARBINARY':
      return true;
    default:
      return false;
  }
}

function inner(type: LogicalType): readonly (readonly [string, LogicalType])[] {
  switch (type.kind) {
    case 'ROW':
      return type.fields.map((f) => [f.name, f.type]);
    case 'ARRAY':
    case 'MULTISET':
      return [['element', type.element]];
    case 'MAP':
      return [
        ['key', type.key],
        ['value', type.value],
      ];
    default:
      return [];
  }
}

function pathSpecs(path: string, type: LogicalType, extra: readonly FieldOption[]): OptionSpec[] {
  const own = [...extra, ...typeOptions(type)].map((name) => ({
    ...datagenFieldSpecs[name],
    key: `${path}.${name}`,
  }));
  return [...own, ...inner(type).flatMap(([name, t]) => pathSpecs(`${path}.${name}`, t, []))];
}

/** Every option that a table of these columns may have. */
export function datagenOptionSpecs(table: ConnectorTable): OptionSpec[] {
  const columns = table.physical.flatMap(({ name, type }) =>
    pathSpecs(`fields.${name}`, type, canCount(type) ? ['kind', 'start', 'end'] : ['kind']),
  );
  return [...datagenTableSpecs, ...columns];
}

export const datagenOptions = (table: ConnectorTable): OptionSchema => ({
  owner: `connector 'datagen'`,
  specs: datagenOptionSpecs(table),
});
