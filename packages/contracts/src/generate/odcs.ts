/* The same contract as the Open Data Contract Standard 3.1 writes it. */

import { stringify } from 'yaml';
import type { Contract, ContractField, ContractTable, LogicalType } from '../model.ts';

const logical: Readonly<Partial<Record<LogicalType, string>>> = { decimal: 'number', binary: 'string' };

export function odcsText(contract: Contract): string {
  const { sla, consumers, subject } = contract;
  const custom = [
    ...(consumers.length === 0
      ? []
      : [{ property: 'consumers', value: consumers.map((c) => defined({ ...c })) }]),
    ...(subject === undefined ? [] : [{ property: 'subject', value: subject }]),
  ];
  const slaProperties = [
    ...(sla.freshnessMs === undefined
      ? []
      : [
          {
            property: 'latency',
            value: sla.freshnessMs / 3_600_000,
            unit: 'h',
            ...(sla.freshnessColumn === undefined
              ? {}
              : { element: `${contract.tables[0]?.name ?? ''}.${sla.freshnessColumn}` }),
          },
        ]),
    ...(sla.completeness === undefined
      ? []
      : [{ property: 'completeness', value: sla.completeness * 100, unit: 'percent' }]),
    ...(sla.duplicateTolerance === undefined
      ? []
      : [{ property: 'duplicateTolerance', value: sla.duplicateTolerance }]),
  ];
  return stringify({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: contract.name,
    name: contract.name,
    version: contract.version,
    status: contract.status ?? 'draft',
    ...(contract.description === undefined ? {} : { description: { purpose: contract.description } }),
    schema: contract.tables.map(tableOf),
    ...(slaProperties.length === 0 ? {} : { slaProperties }),
    ...(contract.owner === undefined
      ? {}
      : { team: { members: [{ username: contract.owner, role: 'owner' }] } }),
    ...(custom.length === 0 ? {} : { customProperties: custom }),
  });
}
/** Without members that are not given. */
const defined = (map: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));

function tableOf(table: ContractTable): object {
  return defined({
    name: table.name,
    logicalType: 'object',
    physicalName: table.physicalName,
    description: table.description,
    properties: table.fields.map(propertyOf),
  });
}
function propertyOf(field: ContractField): object {
  const { type } = field;
  // Each type has options of its own.
  const bounded =
    type !== undefined && ['integer', 'number', 'decimal', 'date', 'timestamp', 'time'].includes(type);
  const options = defined({
    ...(type === 'string'
      ? {
          format: field.format,
          pattern: field.pattern,
          minLength: field.minLength,
          maxLength: field.maxLength,
        }
      : {}),
    ...(bounded
      ? {
          minimum: field.minimum,
          maximum: field.maximum,
          exclusiveMinimum: field.exclusiveMinimum,
          exclusiveMaximum: field.exclusiveMaximum,
        }
      : {}),
  });
  const digits =
    type === 'decimal' && field.precision !== undefined
      ? `DECIMAL(${field.precision}, ${field.scale ?? 0})`
      : undefined;
  // A set of values has no member of its own before 3.2: a rule has it.
  const quality =
    field.enum === undefined
      ? undefined
      : [
          {
            type: 'library',
            metric: 'invalidValues',
            arguments: { validValues: field.enum.filter((v) => v !== null) },
            mustBe: 0,
          },
        ];
  return defined({
    name: field.name,
    logicalType: type === undefined ? undefined : (logical[type] ?? type),
    physicalType: field.physicalType ?? digits ?? (type === 'binary' ? 'BYTES' : undefined),
    description: field.description,
    required: field.required || undefined,
    unique: field.unique || undefined,
    primaryKey: field.keyPosition === undefined ? undefined : true,
    primaryKeyPosition: field.keyPosition,
    classification: field.classification,
    logicalTypeOptions: Object.keys(options).length === 0 ? undefined : options,
    examples: field.examples,
    quality,
    properties: field.fields?.map(propertyOf),
    items: field.items === undefined ? undefined : propertyOf(field.items),
  });
}
