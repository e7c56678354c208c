import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, test } from 'vitest';
import { openFile, profileTable, readSuite, validateTable } from '#quality';
import { parseStatement } from '#sql';
import {
  diffContracts,
  draftContract,
  generate,
  lintContract,
  readContract,
  suiteOf,
  tableNamed,
} from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-contracts-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const short = `contract: {name: orders, version: 1.2.0, owner: sales}
schema:
  - {name: id, type: integer, primary_key: true, description: "number of the order, it's own"}
  - {name: status, type: string, not_null: true, enum: [new, paid]}
  - {name: total, type: "decimal(6, 2)", minimum: 0}
  - {name: email, type: string, format: email, pii: true, min_length: 5}
  - {name: created_at, type: timestamp, not_null: true}
  - {name: ship to, type: object, fields: [{name: city, type: string}]}
sla:
  freshness: {max_delay_hours: 24, column: created_at}
  completeness: {min_percentage: 90}
  accuracy: {duplicate_tolerance: 0.5}
consumers: [analytics, {name: billing, columns: [id, total]}]
`;
const odcs = `apiVersion: v3.1.0
kind: DataContract
id: 53581432-6c55-4ba2-a65f-72344a91553a
version: 1.0.0
status: active
schema:
  - name: orders
    physicalName: fct_orders
    quality:
      - {metric: rowCount, mustBeBetween: [1, 3], description: some}
      - {type: sql, query: "SELECT count(*) FROM \${object} WHERE total < 0", mustBeLessThan: 1}
      - {type: text, description: it looks nice}
    properties:
      - {name: id, logicalType: integer, primaryKey: true, primaryKeyPosition: 1, required: true}
      - name: status
        logicalType: string
        quality:
          - {metric: invalidValues, arguments: {validValues: [new, paid]}, mustBeLessOrEqualTo: 40, unit: percent, severity: warning}
          - {type: custom, engine: greatExpectations, implementation: {type: expect_column_value_lengths_to_be_between, kwargs: {column: status, max_value: 4}}}
          - {type: custom, engine: soda, implementation: "type: duplicate_percent"}
      - {name: total, logicalType: number, physicalType: "DECIMAL(6, 2)", logicalTypeOptions: {minimum: -5}}
slaProperties:
  - {property: latency, value: 2, unit: d, element: orders.created_at}
  - {property: retention, value: 3, unit: y}
`;
const csv =
  'id,status,total,email,created_at,ship to\n1,new,5.00,a@b.c,2024-01-01 10:00:00,\n2,lost,-1.00,bad,2024-01-01 11:00:00,\n2,paid,7.25,,2024-01-02 09:00:00,\n';
const file = join(folder, 'orders.csv');
writeFileSync(file, csv);
async function failures(text: string, nowMs = Date.UTC(2024, 0, 2, 12)): Promise<string[]> {
  const contract = readContract(text, 'c.yaml');
  const table = await openFile(file);
  const { results } = await validateTable(
    table,
    suiteOf(contract, tableNamed(contract, undefined), table, nowMs),
    { nowMs },
  );
  await table.close();
  expect(results.map((r) => r.exception_info.exception_message).filter((m) => m !== null)).toEqual([]);
  return results
    .filter((r) => !r.success)
    .map(
      (r) =>
        `${String(r.expectation_config.kwargs['column'] ?? '')} ${r.expectation_config.type.replace('expect_column_', '')}`,
    );
}

describe('a table against', () => {
  test('the short form', async () => {
    expect(await failures(short)).toEqual([
      'status values_to_be_in_set',
      'total values_to_be_between',
      'email values_to_match_regex',
      'email value_lengths_to_be_between',
      // 2 of 3 rows are doubles: more than half.
      'id values_to_be_unique',
      'email values_to_not_be_null',
      'ship to values_to_not_be_null',
    ]);
    expect(await failures(short, Date.UTC(2024, 0, 9))).toContain('created_at max_to_be_between');
  });
  test('the Open Data Contract Standard', async () => {
    expect(await failures(odcs)).toEqual(['id values_to_be_unique', ' unexpected_rows_expectation']);
    expect(await failures(odcs, Date.UTC(2024, 0, 9))).toContain('created_at max_to_be_between');
    expect(readContract(odcs, 'c').notMeasured).toEqual([
      'schema.0.properties.1.quality.2: rules of soda are not measured',
      'schema.0.quality.2: a rule in words is not measured',
      'slaProperties: retention is not measured',
    ]);
  });
});

describe('mistakes have their line', () => {
  test.each([
    [
      'contract: {name: a, version: 1}\nschema:\n  - {name: id, type: integr}\n',
      'CON1002',
      3,
      'which is no type',
    ],
    [
      'contract: {name: a, version: 1}\nschema:\n  - {name: id, typ: integer}\n',
      'CON1002',
      3,
      'is not known',
    ],
    ['contract: {name: a}\nschema: []\n', 'CON1002', 1, 'version: is missing'],
    [
      'contract: {name: a, version: 1}\nschema: [{name: a, type: int}]\nsla:\n  completeness:\n    min_percentage: 120\n',
      'CON1002',
      5,
      'expected 0 to 100',
    ],
    ['contract: {name: a, version: 1}\nschema: 5\n', 'CON1002', 2, 'expected a map'],
    ['contract: [\n', 'CON1001', 2, 'is no YAML'],
    ['a: 1\n', 'CON1002', undefined, 'it is no contract'],
    ['apiVersion: v2.2.2\nkind: DataContract\nid: x\nversion: 1.0.0\n', 'CON1002', 1, 'expected a version 3'],
    ['apiVersion: v3.0.0\nkind: DataContract\nversion: 1.0.0\n', 'CON1002', undefined, 'id: is missing'],
    [
      'apiVersion: v3.0.0\nkind: DataContract\nid: x\nversion: 1.0.0\nschema:\n  - name: t\n    properties:\n      - {name: a, logicalType: text}\n',
      'CON1002',
      8,
      'expected one of string',
    ],
  ])('%j', (text, code, line, part) => {
    try {
      readContract(text, 'c.yaml');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code });
      expect((error as Error).message).toContain(part);
      if (line !== undefined) expect((error as { at?: { line: number } }).at?.line).toBe(line);
    }
  });
  test('several tables need a name', () => {
    const two = odcs.replace(
      'slaProperties:',
      '  - {name: other, properties: [{name: a, logicalType: string}]}\nslaProperties:',
    );
    const contract = readContract(two, 'c');
    expect(() => tableNamed(contract, undefined)).toThrow(expect.objectContaining({ code: 'CON1003' }));
    expect(tableNamed(contract, 'fct_orders').name).toBe('orders');
    expect(() => tableNamed(contract, 'none')).toThrow(/no table "none"/);
  });
});

test('lint', () => {
  const bad = short
    .replace('owner: sales', 'status: x')
    .replace('minimum: 0', 'minimum: 9, maximum: 1')
    .replace('[id, total]', '[id, gone]')
    .replace('name: email', 'name: status');
  const errors = lintContract(readContract(bad, 'c'))
    .filter((f) => f.severity === 'error')
    .map((f) => `${f.where}: ${f.message}`);
  expect(errors).toEqual([
    'orders.total: minimum 9 is greater than maximum 1',
    'orders.status: the column is there twice',
    'consumers.billing: reads gone, which is no column',
  ]);
  expect(lintContract(readContract(short, 'c')).filter((f) => f.severity === 'error')).toEqual([]);
});

describe('diff', () => {
  const diff = (change: (text: string) => string): string[] =>
    diffContracts(readContract(short, 'a'), readContract(change(short), 'b')).changes.map(
      (c) => `${c.impact} ${c.where}: ${c.message} (${c.consumers.join(', ')})`,
    );
  test.each<[string, (text: string) => string, string]>([
    [
      'a column goes',
      (t) => t.replace(/.*name: total.*\n/, ''),
      'breaking orders.total: the column is gone (analytics, billing)',
    ],
    [
      'a column that only some read',
      (t) => t.replace(/.*name: email.*\n/, ''),
      'breaking orders.email: the column is gone (analytics)',
    ],
    [
      'a column comes',
      (t) => t.replace('sla:', '  - {name: extra, type: string}\nsla:'),
      'safe orders.extra: a new column, string ()',
    ],
    [
      'another type',
      (t) => t.replace('name: status, type: string', 'name: status, type: integer'),
      'breaking orders.status: its type was string, it is integer (analytics)',
    ],
    [
      'a wider type',
      (t) => t.replace('name: id, type: integer', 'name: id, type: number'),
      'risky orders.id: its type was integer, it is number (analytics, billing)',
    ],
    [
      'missing values',
      (t) => t.replace('type: string, not_null: true, enum', 'type: string, enum'),
      'breaking orders.status: it may be missing now (analytics)',
    ],
    [
      'a set that grows',
      (t) => t.replace('[new, paid]', '[new, paid, lost]'),
      'breaking orders.status: it may be lost now (analytics)',
    ],
    [
      'a set that shrinks',
      (t) => t.replace('[new, paid]', '[new]'),
      'safe orders.status: it is never paid now ()',
    ],
    [
      'more digits',
      (t) => t.replace('(6, 2)', '(8, 2)'),
      'breaking orders.total: its precision was 6, it is 8 (analytics, billing)',
    ],
    [
      'a range that grows',
      (t) => t.replace('minimum: 0', 'minimum: -1'),
      'risky orders.total: its minimum was 0, it is -1 (analytics, billing)',
    ],
    [
      'later data',
      (t) => t.replace('hours: 24', 'hours: 48'),
      'breaking sla: the greatest delay in hours was 24, it is 48 (analytics, billing)',
    ],
    [
      'another key',
      (t) => t.replace('primary_key: true, ', 'not_null: true, '),
      'breaking orders: the key was id, it is none (analytics, billing)',
    ],
    [
      'a field of an object goes',
      (t) => t.replace('name: city', 'name: town'),
      'breaking orders.ship to: city: the column is gone (analytics)',
    ],
  ])('%s', (_, change, expected) => {
    expect(diff(change)).toContain(expected);
  });
  test('nothing', () => {
    expect(diff((t) => t)).toEqual([]);
    expect(diff((t) => t.replace('1.2.0', '1.2.1').replace('owner: sales', 'owner: x'))).toEqual([]);
  });
  test('the version that is needed', () => {
    const needed = (version: string, change: (t: string) => string): string | undefined =>
      diffContracts(readContract(short, 'a'), readContract(change(short.replace('1.2.0', version)), 'b'))
        .versionNeeded;
    const breaking = (t: string): string => t.replace('[new, paid]', '[new, paid, lost]');
    expect(needed('1.3.0', breaking)).toBe('2.0.0');
    expect(needed('2.0.0', breaking)).toBeUndefined();
    expect(needed('1.2.0', (t) => t.replace('[new, paid]', '[new]'))).toBe('1.2.1');
  });
});

describe('generate', () => {
  const contract = readContract(short, 'c');
  const table = tableNamed(contract, undefined);
  test('DDL that parses', () => {
    const ddl = generate('ddl', table, contract);
    expect(parseStatement(ddl.trim().replace(/;$/, ''))).toMatchObject({ kind: 'create-table' });
    expect(ddl).toContain("`id` BIGINT NOT NULL COMMENT 'number of the order, it''s own'");
    expect(ddl).toContain('`ship to` ROW<`city` STRING>');
  });
  test('a JSON Schema that takes good rows and refuses bad ones', () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      JSON.parse(generate('json-schema', table, contract)) as object,
    );
    const row = {
      id: 1,
      status: 'new',
      total: 1.5,
      email: null,
      created_at: '2024-01-01T00:00:00Z',
      'ship to': { city: null },
    };
    expect(validate(row), JSON.stringify(validate.errors)).toBe(true);
    for (const bad of [
      { ...row, status: 'lost' },
      { ...row, total: -1 },
      { ...row, id: null },
      { ...row, email: 'a' },
    ])
      expect(validate(bad)).toBe(false);
  });
  test('a suite that is read back', async () => {
    const suite = readSuite(generate('suite', table, contract), 's');
    const opened = await openFile(file);
    const { results } = await validateTable(opened, suite, { nowMs: Date.UTC(2024, 0, 2, 12) });
    await opened.close();
    expect(results.filter((r) => r.exception_info.raised_exception)).toEqual([]);
    expect(results.filter((r) => !r.success).length).toBeGreaterThan(4);
  });
  test('Avro, types, dbt', () => {
    const avro = JSON.parse(generate('avro', table, contract)) as {
      fields: { name: string; type: unknown; default?: unknown }[];
    };
    expect(avro.fields.map((f) => f.name)).toEqual([
      'id',
      'status',
      'total',
      'email',
      'created_at',
      'ship_to',
    ]);
    expect(avro.fields[2]).toMatchObject({
      type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 }],
      default: null,
    });
    expect(generate('typescript', table, contract)).toContain(
      'readonly "ship to": {\n    readonly city: string | null;\n  } | null;',
    );
    expect(generate('dbt', table, contract)).toContain('accepted_values');
    expect(() => generate('avor', table, contract)).toThrow(
      expect.objectContaining({ code: 'CON1005', hint: 'Did you mean avro?' }),
    );
  });
  test('the standard, read back, is the same contract', () => {
    const again = readContract(generate('odcs', table, contract), 'again');
    expect(
      diffContracts(contract, again).changes.filter(
        (c) => !/enum|one of|any value|physicalType/.test(c.message),
      ),
    ).toEqual([]);
    expect(again.consumers).toEqual(
      contract.consumers.map((c) => ({ contact: undefined, columns: undefined, ...c })),
    );
    expect(again.owner).toBe('sales');
    // What was a set is a rule.
    expect(again.tables[0]!.fields[1]!.quality[0]).toMatchObject({
      type: 'expect_column_values_to_be_in_set',
      kwargs: { value_set: ['new', 'paid'], mostly: 1 },
    });
  });
  test('a draft from a table holds for it', async () => {
    const opened = await openFile(file);
    const text = draftContract('orders', await profileTable(opened));
    const draft = readContract(text.replace('min_percentage: 95', 'min_percentage: 0'), 'draft');
    const { results } = await validateTable(opened, suiteOf(draft, tableNamed(draft, undefined), opened, 0), {
      nowMs: 0,
    });
    await opened.close();
    expect(
      results
        .filter((r) => !r.success)
        .map((r) => [r.expectation_config.type, r.expectation_config.kwargs, r.result]),
    ).toEqual([]);
    expect(draft.tables[0]!.fields.find((f) => f.name === 'email')?.classification).toBe('personal');
  });
});
