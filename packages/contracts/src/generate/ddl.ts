/* CREATE TABLE of Flink SQL and of PostgreSQL. */

import { keyOf, type ContractField, type ContractTable, type LogicalType } from '../model.ts';

const quotedFlink = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const quotedPostgres = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const flinkTypes: Readonly<Record<LogicalType, string>> = {
  string: 'STRING',
  integer: 'BIGINT',
  number: 'DOUBLE',
  decimal: 'DECIMAL(38, 10)',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP(3)',
  time: 'TIME',
  binary: 'BYTES',
  object: 'STRING',
  array: 'ARRAY<STRING>',
  map: 'MAP<STRING, STRING>',
};
const decimalType = ({ precision, scale }: ContractField): string | undefined =>
  precision === undefined ? undefined : `DECIMAL(${precision}, ${scale ?? 0})`;

export function flinkType(field: ContractField): string {
  const { type = 'string' } = field;
  if (type === 'decimal') return decimalType(field) ?? flinkTypes.decimal;
  if (type === 'object' && field.fields !== undefined)
    return `ROW<${field.fields.map((f) => `${quotedFlink(f.name)} ${flinkType(f)}`).join(', ')}>`;
  if (type === 'array' && field.items !== undefined) return `ARRAY<${flinkType(field.items)}>`;
  return flinkTypes[type];
}
/** For `millrace run`: options of the connector are to be filled in. */
export function flinkDdl(table: ContractTable): string {
  const columns = table.fields.map(
    (f) =>
      `  ${quotedFlink(f.name)} ${flinkType(f)}${f.required ? ' NOT NULL' : ''}${f.description === undefined ? '' : ` COMMENT ${text(f.description)}`}`,
  );
  const key = keyOf(table);
  const lines =
    key.length === 0
      ? columns
      : [...columns, `  PRIMARY KEY (${key.map(quotedFlink).join(', ')}) NOT ENFORCED`];
  return `CREATE TABLE ${quotedFlink(table.physicalName ?? table.name)} (\n${lines.join(',\n')}\n) WITH (\n  'connector' = 'filesystem',\n  'path' = ${text(`data/${table.name}`)},\n  'format' = 'json'\n);\n`;
}

const postgresTypes: Readonly<Record<LogicalType, string>> = {
  string: 'text',
  integer: 'bigint',
  number: 'double precision',
  decimal: 'numeric',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  time: 'time',
  binary: 'bytea',
  object: 'jsonb',
  array: 'jsonb',
  map: 'jsonb',
};
/** What PostgreSQL can enforce it does: NOT NULL, keys, sets, ranges, lengths, patterns. */
export function postgresDdl(table: ContractTable): string {
  const lines = table.fields.map((field) => {
    const { name, type = 'string', required, unique, maxLength, precision, scale } = field;
    const sqlType =
      type === 'decimal' && precision !== undefined
        ? `numeric(${precision}, ${scale ?? 0})`
        : type === 'string' && maxLength !== undefined
          ? `varchar(${maxLength})`
          : postgresTypes[type];
    const checks = checksOf(field).map((check) => ` CHECK (${check})`);
    return `  ${quotedPostgres(name)} ${sqlType}${required ? ' NOT NULL' : ''}${unique ? ' UNIQUE' : ''}${checks.join('')}`;
  });
  const key = keyOf(table);
  if (key.length > 0) lines.push(`  PRIMARY KEY (${key.map(quotedPostgres).join(', ')})`);
  return `CREATE TABLE ${quotedPostgres(table.physicalName ?? table.name)} (\n${lines.join(',\n')}\n);\n`;
}
function checksOf({
  name,
  enum: set,
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
  minLength,
  pattern,
}: ContractField): string[] {
  const column = quotedPostgres(name);
  const literal = (value: unknown): string =>
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : text(String(value));
  const bound = (operator: string, value: number | string | undefined): string[] =>
    value === undefined ? [] : [`${column} ${operator} ${literal(value)}`];
  return [
    ...(set === undefined
      ? []
      : [
          `${column} IN (${set
            .filter((v) => v !== null)
            .map(literal)
            .join(', ')})`,
        ]),
    ...bound('>=', minimum),
    ...bound('<=', maximum),
    ...bound('>', exclusiveMinimum),
    ...bound('<', exclusiveMaximum),
    ...(minLength === undefined ? [] : [`length(${column}) >= ${minLength}`]),
    ...(pattern === undefined ? [] : [`${column} ~ ${text(pattern)}`]),
  ];
}
