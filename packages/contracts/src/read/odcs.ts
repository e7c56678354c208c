/* The Open Data Contract Standard, version 3. What it has that is measured or generated is read; other members stand in the
 * standard's own schema, and are left alone. https://bitol-io.github.io/open-data-contract-standard */

import type { Cell, ExpectationConfig } from '#quality';
import type { Consumer, Contract, ContractField, ContractTable, LogicalType, Sla } from '../model.ts';
import type { YamlDocument } from './document.ts';
import { Members } from './members.ts';
import { qualityOf } from './odcs-quality.ts';
import { typeOf } from './short.ts';

export function readOdcs(document: YamlDocument): Contract {
  const root = new Members(document, [], document.value);
  const [apiVersion, id, version] = ['apiVersion', 'id', 'version'].map((key) => {
    const value = root.text(key);
    if (value === undefined)
      throw root.wrong(key, 'is missing', 'The standard requires apiVersion, kind, id and version.');
    return value;
  });
  if (!/^v3\.\d+\.\d+/.test(apiVersion!))
    throw root.wrong(
      'apiVersion',
      `is ${apiVersion}, expected a version 3 of the standard`,
      'Contracts of version 2 need to be brought to version 3.',
    );
  if (root.text('kind') !== 'DataContract')
    throw root.wrong('kind', `is ${String(root.raw('kind'))}, expected DataContract`);
  const notMeasured: string[] = [];
  return {
    form: 'odcs',
    name: root.text('name') ?? root.text('dataProduct') ?? id!,
    version: version!,
    status: root.text('status'),
    owner: ownerOf(root),
    description:
      typeof root.raw('description') === 'string'
        ? root.text('description')
        : root.map('description')?.text('purpose'),
    tables: (root.maps('schema') ?? []).map((table) => tableOf(table, notMeasured)),
    sla: slaOf(root, notMeasured),
    consumers: consumersOf(root),
    subject: customOf(root, 'subject')?.text('value'),
    notMeasured,
  };
}
/** A member of the team with that role, or the team itself. */
function ownerOf(root: Members): string | undefined {
  const team = root.raw('team');
  const members = Array.isArray(team) ? root.maps('team')! : (root.map('team')?.maps('members') ?? []);
  const owner = members.find((m) => /owner/i.test(m.text('role') ?? ''));
  return (
    owner?.text('name') ??
    owner?.text('username') ??
    (Array.isArray(team) ? undefined : root.map('team')?.text('name'))
  );
}

function tableOf(table: Members, notMeasured: string[]): ContractTable {
  const name = table.text('name');
  if (name === undefined) throw table.wrong('name', 'is missing');
  return {
    name,
    physicalName: table.text('physicalName'),
    description: table.text('description'),
    fields: (table.maps('properties') ?? []).map((field) => fieldOf(field, notMeasured)),
    quality: rulesOf(table, undefined, notMeasured),
  };
}
function rulesOf(element: Members, column: string | undefined, notMeasured: string[]): ExpectationConfig[] {
  return (element.maps('quality') ?? []).flatMap((rule) => {
    const made = qualityOf(rule, column);
    if (typeof made !== 'string') return [made];
    notMeasured.push(`${rule.path.join('.')}: ${made}`);
    return [];
  });
}

function fieldOf(field: Members, notMeasured: string[]): ContractField {
  const name = field.text('name') ?? 'item';
  const options = field.map('logicalTypeOptions');
  const physicalType = field.text('physicalType');
  const [, precision, scale] =
    /(?:decimal|numeric)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/i.exec(physicalType ?? '') ?? [];
  const isKey = field.flag('primaryKey') === true;
  const position = field.number('primaryKeyPosition') ?? 1;
  const logical = field.text('logicalType');
  const items = field.raw('items') === undefined ? undefined : field.map('items')!;
  return {
    name: field.text('physicalName') ?? name,
    type: logicalOf(logical, physicalType, field),
    physicalType,
    description: field.text('description'),
    required: field.flag('required') ?? isKey,
    unique: field.flag('unique') ?? false,
    keyPosition: isKey ? Math.max(1, position) : undefined,
    precision: precision === undefined ? undefined : Number(precision),
    scale: precision === undefined ? undefined : Number(scale ?? 0),
    format: options?.text('format'),
    pattern: options?.text('pattern'),
    enum: (field.list('enum') ?? options?.list('enum'))?.map(
      (value) =>
        (typeof value === 'object' && value !== null && 'value' in value ? value.value : value) as Cell,
    ),
    minimum: options?.bound('minimum'),
    maximum: options?.bound('maximum'),
    // Before 3.1 these were true or false.
    exclusiveMinimum:
      typeof options?.raw('exclusiveMinimum') === 'boolean' ? undefined : options?.bound('exclusiveMinimum'),
    exclusiveMaximum:
      typeof options?.raw('exclusiveMaximum') === 'boolean' ? undefined : options?.bound('exclusiveMaximum'),
    minLength: options?.number('minLength'),
    maxLength: options?.number('maxLength'),
    classification: field.text('classification'),
    examples: field.list('examples') as readonly Cell[] | undefined,
    fields:
      logical === 'object'
        ? field.maps('properties')?.map((inner) => fieldOf(inner, notMeasured))
        : undefined,
    items: items === undefined ? undefined : fieldOf(items, notMeasured),
    quality: rulesOf(field, field.text('physicalName') ?? name, notMeasured),
  };
}
const logicalNames: readonly string[] = [
  'string',
  'date',
  'timestamp',
  'time',
  'number',
  'integer',
  'object',
  'array',
  'boolean',
  'map',
  'vector',
];
/** A number that is a DECIMAL where it lies is one. */
function logicalOf(
  logical: string | undefined,
  physical: string | undefined,
  field: Members,
): LogicalType | undefined {
  if (logical !== undefined && !logicalNames.includes(logical))
    throw field.wrong(
      'logicalType',
      `is ${JSON.stringify(logical)}, expected one of ${logicalNames.join(', ')}`,
    );
  if (logical === 'vector') return 'array';
  if (logical === 'number' && /^(decimal|numeric)/i.test(physical ?? '')) return 'decimal';
  return (logical as LogicalType | undefined) ?? (physical === undefined ? undefined : typeOf(physical));
}

const unitMs: readonly (readonly [RegExp, number])[] = [
  [/^(m|min|minutes?)$/i, 60_000],
  [/^(h|hr|hours?)$/i, 3_600_000],
  [/^(d|days?)$/i, 86_400_000],
  [/^(w|weeks?)$/i, 604_800_000],
  [/^(s|sec|seconds?)$/i, 1000],
];
function slaOf(root: Members, notMeasured: string[]): Sla {
  let sla: Sla = {};
  for (const property of root.maps('slaProperties') ?? []) {
    const name = property.text('property') ?? '';
    const value = Number(property.raw('value'));
    const unit = property.text('unit') ?? '';
    const column = property.text('element')?.split('.').at(-1);
    const ms = unitMs.find(([pattern]) => pattern.test(unit))?.[1];
    if (/^(latency|ly|freshness|fr)$/i.test(name) && ms !== undefined && !Number.isNaN(value))
      sla = { ...sla, freshnessMs: value * ms, freshnessColumn: column };
    else if (/^completeness$/i.test(name) && !Number.isNaN(value))
      sla = { ...sla, completeness: /percent|%/i.test(unit) || value > 1 ? value / 100 : value };
    else if (/^duplicate_?tolerance$/i.test(name) && !Number.isNaN(value))
      sla = { ...sla, duplicateTolerance: value };
    else notMeasured.push(`slaProperties: ${name} is not measured`);
  }
  return sla;
}

const customOf = (root: Members, name: string): Members | undefined =>
  (root.maps('customProperties') ?? []).find((p) => p.text('property') === name);

/** The standard has no consumers: a custom property `consumers` lists them. */
function consumersOf(root: Members): Consumer[] {
  const list = customOf(root, 'consumers')?.raw('value');
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown): Consumer => {
    if (typeof item !== 'object' || item === null) return { name: String(item) };
    const { name, contact, columns } = item as { name?: unknown; contact?: unknown; columns?: unknown };
    return {
      name: String(name ?? 'unnamed'),
      contact: contact === undefined ? undefined : String(contact),
      columns: Array.isArray(columns) ? columns.map(String) : undefined,
    };
  });
}
