/* What a contract promises of a table, as expectations: schema, rules, SLA. */

import { UserError } from '#base';
import {
  formatPatterns,
  timestampColumn,
  type CheckedTable,
  type ExpectationConfig,
  type Suite,
  type TableColumn,
} from '#quality';
import { keyOf, type Contract, type ContractField, type ContractTable, type LogicalType } from './model.ts';

const typeNames: Readonly<Record<LogicalType, readonly string[]>> = {
  string: ['str', 'date', 'datetime', 'time', 'bytes'],
  integer: ['int'],
  number: ['number'],
  decimal: ['number'],
  boolean: ['bool'],
  date: ['date'],
  timestamp: ['datetime', 'date'],
  time: ['time'],
  binary: ['bytes'],
  object: [],
  array: [],
  map: [],
};

/** The table of a contract; of several, the one of that name. Throws CON1003. */
export function tableNamed(contract: Contract, name: string | undefined): ContractTable {
  const names = contract.tables.map((t) => t.name).join(', ');
  const found =
    name === undefined
      ? contract.tables[0]
      : contract.tables.find((t) => t.name === name || t.physicalName === name);
  if (found === undefined || (name === undefined && contract.tables.length > 1))
    throw new UserError('CON1003', {
      message:
        name === undefined
          ? `the contract ${contract.name} has ${contract.tables.length} tables; which one?`
          : `the contract ${contract.name} has no table "${name}"`,
      hint: contract.tables.length === 0 ? undefined : `--object takes one of: ${names}.`,
    });
  return found;
}

/** What of a table decides which expectations there are. */
type CheckedColumns = Pick<CheckedTable, 'columns'>;

/** Everything that can be asked of a table. Without one, what is made from its types is left out. Without a time, bounds go
 *  with the clock. */
export function suiteOf(
  contract: Contract,
  wanted: ContractTable,
  table: CheckedColumns | undefined,
  nowMs: number | undefined,
): Suite {
  return {
    name: `${contract.name} ${contract.version}`,
    expectations: [
      ...wanted.fields.flatMap((field) => fieldLines(field, table)),
      ...keyLines(contract, wanted),
      ...slaLines(contract, wanted, table, nowMs),
      ...wanted.quality,
      ...wanted.fields.flatMap((f) => f.quality),
    ],
  };
}
/** What of a contract a line is of: rules of alerts name it. */
type Part = 'schema' | 'uniqueness' | 'completeness' | 'freshness';
const line = (
  check: Part,
  type: string,
  kwargs: Record<string, unknown>,
  reason: string,
): ExpectationConfig => ({ type, kwargs, severity: 'critical', meta: { check, reason } });

function fieldLines(field: ContractField, table: CheckedColumns | undefined): ExpectationConfig[] {
  const { name: column } = field;
  const found = table?.columns.find((c) => c.name === column);
  // One line says that it is missing; the others would repeat it.
  if (table !== undefined && found === undefined)
    return [line('schema', 'expect_column_to_exist', { column }, 'the contract has the column')];
  const lines: ExpectationConfig[] =
    table === undefined
      ? [line('schema', 'expect_column_to_exist', { column }, 'the contract has the column')]
      : [];
  const add = (type: string, kwargs: Record<string, unknown>, reason: string): void => {
    lines.push(line('schema', type, { column, ...kwargs }, reason));
  };
  const text = found === undefined || found.family === 'text';
  if (field.type !== undefined && typeNames[field.type].length > 0)
    add(
      'expect_column_values_to_be_in_type_list',
      { type_list: typeNames[field.type] },
      `the contract says ${field.type}`,
    );
  if (field.required) add('expect_column_values_to_not_be_null', {}, 'the contract says not null');
  if (field.unique) add('expect_column_values_to_be_unique', {}, 'the contract says unique');
  if (field.enum !== undefined)
    add('expect_column_values_to_be_in_set', { value_set: field.enum }, 'enum of the contract');
  if (field.pattern !== undefined)
    add('expect_column_values_to_match_regex', { regex: field.pattern }, 'pattern of the contract');
  const pattern = field.format === undefined ? undefined : formatPatterns[field.format];
  if (pattern !== undefined && text)
    add('expect_column_values_to_match_regex', { regex: pattern }, `format ${field.format}`);
  const range = rangeOf(field);
  if (range !== undefined) add('expect_column_values_to_be_between', range, 'range of the contract');
  if (field.minLength !== undefined || field.maxLength !== undefined)
    add(
      'expect_column_value_lengths_to_be_between',
      { min_value: field.minLength ?? null, max_value: field.maxLength ?? null },
      'lengths of the contract',
    );
  if (field.precision !== undefined && field.type === 'decimal')
    add(
      'expect_column_values_to_match_regex',
      { regex: digitsPattern(field.precision, field.scale ?? 0) },
      `at most ${field.precision} digits, ${field.scale ?? 0} of them behind the point`,
    );
  return lines;
}
function rangeOf({
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
}: ContractField): Record<string, unknown> | undefined {
  const [min, max] = [exclusiveMinimum ?? minimum, exclusiveMaximum ?? maximum];
  if (min === undefined && max === undefined) return undefined;
  return {
    min_value: min ?? null,
    max_value: max ?? null,
    strict_min: exclusiveMinimum !== undefined,
    strict_max: exclusiveMaximum !== undefined,
  };
}
const digitsPattern = (precision: number, scale: number): string =>
  `^-?0*[0-9]{0,${Math.max(0, precision - scale)}}${scale === 0 ? '(\\.0*)?' : `(\\.[0-9]{0,${scale}}0*)?`}$`;

function keyLines({ sla }: Contract, wanted: ContractTable): ExpectationConfig[] {
  const key = keyOf(wanted);
  const mostly = 1 - (sla.duplicateTolerance ?? 0);
  const reason =
    sla.duplicateTolerance === undefined
      ? 'the key of the contract'
      : `at most ${sla.duplicateTolerance * 100} % duplicates`;
  if (key.length === 0 && sla.duplicateTolerance === undefined) return [];
  const names = key.length > 0 ? key : wanted.fields.map((f) => f.name);
  return names.length === 1
    ? [line('uniqueness', 'expect_column_values_to_be_unique', { column: names[0], mostly }, reason)]
    : [line('uniqueness', 'expect_compound_columns_to_be_unique', { column_list: names, mostly }, reason)];
}
function slaLines(
  { sla }: Contract,
  wanted: ContractTable,
  table: CheckedColumns | undefined,
  nowMs: number | undefined,
): ExpectationConfig[] {
  const lines: ExpectationConfig[] = [];
  if (sla.completeness !== undefined)
    for (const { name, required } of wanted.fields)
      if (!required && (table === undefined || table.columns.some((c) => c.name === name)))
        lines.push(
          line(
            'completeness',
            'expect_column_values_to_not_be_null',
            { column: name, mostly: sla.completeness },
            `SLA: at least ${sla.completeness * 100} % of values are there`,
          ),
        );
  if (sla.freshnessMs !== undefined) {
    const column = freshnessColumn(sla.freshnessColumn, wanted, table);
    const hours = Math.round((sla.freshnessMs / 3_600_000) * 100) / 100;
    const oldest =
      table === undefined || nowMs === undefined
        ? {
            $PARAMETER: `now() - timedelta(${sla.freshnessMs % 36_000 === 0 ? `hours=${hours}` : `seconds=${sla.freshnessMs / 1000}`})`,
          }
        : new Date(nowMs - sla.freshnessMs).toISOString().replace('Z', '');
    lines.push(
      line(
        'freshness',
        'expect_column_max_to_be_between',
        { column, min_value: oldest },
        `SLA: the newest row is at most ${hours} h old`,
      ),
    );
  }
  return lines;
}
/** Of the contract's own columns, as the table has them; else any of the table. Throws CON1004 where none says how old a row is. */
function freshnessColumn(
  named: string | undefined,
  wanted: ContractTable,
  table: CheckedColumns | undefined,
): string {
  const promised = wanted.fields.flatMap((f): TableColumn[] => {
    if (table !== undefined) return table.columns.filter((c) => c.name === f.name);
    return f.type === 'timestamp' || f.type === 'date'
      ? [{ name: f.name, type: f.type, family: f.type }]
      : [];
  });
  const likeliest = (columns: readonly TableColumn[]): string | undefined =>
    timestampColumn({ columns, timestampColumn: undefined })?.name;
  const found = named ?? likeliest(promised) ?? likeliest(table?.columns ?? []);
  if (found !== undefined) return found;
  throw new UserError('CON1004', {
    message: 'the SLA has a freshness, but no column is a date or time',
    hint: 'sla: {freshness: {max_delay_hours: 24, column: loaded_at}} names one.',
  });
}
