/* The short form that people write: contract, schema, sla, consumers. */

import type { Cell } from '#quality';
import {
  logicalTypes,
  type Contract,
  type ContractField,
  type Consumer,
  type LogicalType,
  type Sla,
} from '../model.ts';
import type { YamlDocument } from './document.ts';
import { Members } from './members.ts';

const aliases: Readonly<Record<string, LogicalType>> = {
  text: 'string',
  varchar: 'string',
  uuid: 'string',
  int: 'integer',
  bigint: 'integer',
  long: 'integer',
  float: 'number',
  double: 'number',
  numeric: 'decimal',
  bool: 'boolean',
  datetime: 'timestamp',
  bytes: 'binary',
};

export function readShort(document: YamlDocument): Contract {
  const root = new Members(document, [], document.value);
  root.only(['contract', 'schema', 'sla', 'consumers', 'description']);
  const head = root.map('contract');
  if (head === undefined)
    throw document.wrong(
      [],
      'it has no "contract"',
      'contract: {name: orders, version: 1.0.0, owner: sales}',
    );
  head.only(['name', 'version', 'owner', 'status', 'description', 'table', 'subject']);
  const name = head.text('name');
  const version = head.text('version');
  if (name === undefined) throw head.wrong('name', 'is missing');
  if (version === undefined) throw head.wrong('version', 'is missing');
  return {
    form: 'short',
    name,
    version,
    status: head.text('status'),
    owner: head.text('owner'),
    description: head.text('description') ?? root.text('description'),
    tables: [{ name: head.text('table') ?? name, fields: fieldsOf(root), quality: [] }],
    sla: slaOf(root.map('sla')),
    consumers: (root.list('consumers') ?? []).map((item, i) => consumerOf(document, item, i)),
    subject: head.text('subject'),
    notMeasured: [],
  };
}

/** A list of fields, a map with such a list, or a map of fields by name. */
function fieldsOf(root: Members): ContractField[] {
  const given = root.raw('schema');
  if (given === undefined)
    throw root.wrong('schema', 'is missing', 'schema: [{name: id, type: integer, not_null: true}]');
  if (Array.isArray(given)) return root.maps('schema')!.map((field) => fieldOf(field, undefined));
  const map = root.map('schema')!;
  const list = ['fields', 'columns', 'properties'].find((key) => Array.isArray(map.raw(key)));
  if (list !== undefined) return map.maps(list)!.map((field) => fieldOf(field, undefined));
  return map.keys.map((name) =>
    // A type alone, or a map.
    fieldOf(
      typeof map.raw(name) === 'string'
        ? new Members(map.document, [...map.path, name], { type: map.raw(name) })
        : map.map(name)!,
      name,
    ),
  );
}

const fieldKeys = [
  'name',
  'type',
  'format',
  'description',
  'not_null',
  'nullable',
  'required',
  'unique',
  'primary_key',
  'precision',
  'scale',
  'pattern',
  'enum',
  'minimum',
  'maximum',
  'min_length',
  'max_length',
  'pii',
  'classification',
  'examples',
  'fields',
];

function fieldOf(field: Members, named: string | undefined): ContractField {
  field.only(fieldKeys);
  const name = named ?? field.text('name');
  if (name === undefined) throw field.wrong('name', 'is missing');
  const written = field.text('type');
  const type = written === undefined ? undefined : typeOf(written);
  if (written !== undefined && type === undefined)
    throw field.wrong(
      'type',
      `is ${JSON.stringify(written)}, which is no type`,
      `There are: ${[...logicalTypes, ...Object.keys(aliases)].join(', ')}.`,
    );
  const [, precision, scale] = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(written ?? '') ?? [];
  const isKey = field.flag('primary_key') === true;
  return {
    name,
    type,
    description: field.text('description'),
    required: field.flag('not_null') ?? field.flag('required') ?? (field.flag('nullable') === false || isKey),
    unique: field.flag('unique') ?? false,
    keyPosition: isKey ? 1 : undefined,
    precision:
      field.number('precision') ??
      (type === 'decimal' && precision !== undefined ? Number(precision) : undefined),
    scale: field.number('scale') ?? (type === 'decimal' && scale !== undefined ? Number(scale) : undefined),
    format: field.text('format') ?? (written?.toLowerCase() === 'uuid' ? 'uuid' : undefined),
    pattern: field.text('pattern'),
    enum: field.list('enum') as readonly Cell[] | undefined,
    minimum: field.bound('minimum'),
    maximum: field.bound('maximum'),
    minLength: field.number('min_length'),
    maxLength:
      field.number('max_length') ??
      (type === 'string' && precision !== undefined ? Number(precision) : undefined),
    classification: field.text('classification') ?? (field.flag('pii') === true ? 'personal' : undefined),
    examples: field.list('examples') as readonly Cell[] | undefined,
    fields: field.maps('fields')?.map((inner) => fieldOf(inner, undefined)),
    quality: [],
  };
}
export function typeOf(written: string): LogicalType | undefined {
  const word = written.trim().toLowerCase().replace(/\(.*$/, '').trim();
  return logicalTypes.find((t) => t === word) ?? aliases[word];
}

function slaOf(sla: Members | undefined): Sla {
  if (sla === undefined) return {};
  sla.only(['freshness', 'completeness', 'accuracy']);
  const freshness = sla.map('freshness');
  const completeness = sla.map('completeness');
  const accuracy = sla.map('accuracy');
  freshness?.only(['max_delay_hours', 'column']);
  completeness?.only(['min_percentage']);
  accuracy?.only(['duplicate_tolerance']);
  const hours = freshness?.number('max_delay_hours');
  const percentage = completeness?.number('min_percentage');
  const tolerance = accuracy?.number('duplicate_tolerance');
  if (percentage !== undefined && (percentage < 0 || percentage > 100))
    throw completeness!.wrong('min_percentage', `is ${percentage}, expected 0 to 100`);
  if (tolerance !== undefined && (tolerance < 0 || tolerance > 1))
    throw accuracy!.wrong('duplicate_tolerance', `is ${tolerance}, expected a share from 0 to 1`);
  return {
    freshnessMs: hours === undefined ? undefined : hours * 3_600_000,
    freshnessColumn: freshness?.text('column'),
    completeness: percentage === undefined ? undefined : percentage / 100,
    duplicateTolerance: tolerance,
  };
}
function consumerOf(document: YamlDocument, item: unknown, i: number): Consumer {
  if (typeof item === 'string') return { name: item };
  const consumer = new Members(document, ['consumers', i], item);
  consumer.only(['name', 'team', 'contact', 'columns', 'use', 'purpose', 'use_case', 'description']);
  const name = consumer.text('name') ?? consumer.text('team');
  if (name === undefined) throw consumer.wrong('name', 'is missing');
  return {
    name,
    contact: consumer.text('contact'),
    columns: consumer.list('columns')?.map(String),
  };
}
