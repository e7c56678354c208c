/* schema.yml of dbt: a model with an enforced contract and its generic tests. */

import { stringify } from 'yaml';
import { keyOf, type Contract, type ContractField, type ContractTable } from '../model.ts';

export function dbtSchema(table: ContractTable, contract: Contract): string {
  const key = keyOf(table);
  const model = {
    name: table.physicalName ?? table.name,
    description: table.description ?? contract.description,
    config: { contract: { enforced: true } },
    meta: { owner: contract.owner, contract: `${contract.name} ${contract.version}` },
    ...(key.length > 0 ? { constraints: [{ type: 'primary_key', columns: key }] } : {}),
    columns: table.fields.map(columnOf),
  };
  return stringify({ version: 2, models: [model] });
}
function columnOf(field: ContractField): object {
  const tests: unknown[] = [
    ...(field.required ? ['not_null'] : []),
    ...(field.unique ? ['unique'] : []),
    ...(field.enum === undefined
      ? []
      : [{ accepted_values: { values: field.enum.filter((v) => v !== null) } }]),
  ];
  return {
    name: field.name,
    data_type: field.physicalType ?? dataType(field),
    ...(field.description === undefined ? {} : { description: field.description }),
    ...(field.required ? { constraints: [{ type: 'not_null' }] } : {}),
    ...(tests.length === 0 ? {} : { data_tests: tests }),
  };
}
function dataType({ type = 'string', precision, scale }: ContractField): string {
  if (type === 'decimal') return precision === undefined ? 'numeric' : `numeric(${precision}, ${scale ?? 0})`;
  return {
    string: 'varchar',
    integer: 'bigint',
    number: 'double precision',
    boolean: 'boolean',
    date: 'date',
    timestamp: 'timestamp',
    time: 'time',
    binary: 'bytea',
    object: 'json',
    array: 'json',
    map: 'json',
  }[type];
}
