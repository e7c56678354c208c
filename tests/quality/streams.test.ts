/* What a suite says of the rows of a stream equals what it says of the same rows as a table: every expectation that streams have,
 * over random tables, in one window that holds all rows. MILLRACE_TABLES sets how many. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, expect, test } from 'vitest';
import { Rng, UserError } from '#base';
import { connectors } from '#connectors';
import { Executor } from '#engine';
import { realWorld } from '#host';
import {
  isOfStreams,
  millraceFamily,
  openFile,
  streamChecks,
  validateTable,
  type ExpectationConfig,
  type Suite,
} from '#quality';
import { parseStatement } from '#sql';
import { asSuite, randomCases } from '../../tools/quality/cases.ts';
import { createSql, randomTable, type RandomColumn } from '../../tools/quality/tables.ts';

const tables = Number(process.env['MILLRACE_TABLES'] ?? 3);
const firstSeed = Number(process.env['MILLRACE_SEED'] ?? 1);
const folder = mkdtempSync(join(tmpdir(), 'millrace-streams-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const typeOf = ({ kind, sqlType }: RandomColumn): string =>
  kind === 'integer'
    ? sqlType
    : {
        float: 'DOUBLE',
        decimal: 'DECIMAL(10, 2)',
        text: 'STRING',
        date: 'DATE',
        timestamp: 'TIMESTAMP(6)',
        boolean: 'BOOLEAN',
      }[kind];

const asColumn = ({ name, typeText: type }: { name: string; typeText: string }) => ({
  name,
  type,
  family: millraceFamily(type),
});

/** One result, for comparison: numbers to 12 digits, for sums of DOUBLE follow the order of rows. */
interface Answer {
  readonly type: string;
  readonly success: boolean;
  readonly elements?: number | undefined;
  readonly unexpected: number | undefined;
  readonly percent: number | undefined;
  readonly observed: number | undefined;
}
const rounded = (value: unknown): number | undefined => {
  const number =
    typeof value === 'bigint' ? Number(value) : typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Number(number.toPrecision(12)) : undefined;
};

/** What a stream refuses does not fit the columns. */
function fits(line: ExpectationConfig, columns: readonly RandomColumn[]): boolean {
  const table = {
    name: 't',
    rowtime: undefined,
    columns: columns.map((c) => asColumn({ name: c.name, typeText: typeOf(c) })),
  };
  try {
    streamChecks({ name: 'one', expectations: [line] }, table, {
      onFailure: 'warn',
      windowMs: 1000,
      nowMs: 0,
    });
    return true;
  } catch (thrown) {
    if (thrown instanceof UserError) return false;
    throw thrown;
  }
}

async function fromStream(file: string, columns: readonly RandomColumn[], suite: Suite): Promise<Answer[]> {
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map(connectors.map((c) => [c.name, c])),
    loadChecks: async ({ table: name, columns: all, ...asked }, nowMs) =>
      streamChecks(suite, { name, rowtime: asked.rowtime, columns: all.map(asColumn) }, { ...asked, nowMs }),
  });
  const declared = columns.map((c) => `\`${c.name}\` ${typeOf(c)}`).join(', ');
  await executor.execute(
    parseStatement(`CREATE TABLE t (${declared}, at AS TO_TIMESTAMP('2024-01-01 00:00:00'), WATERMARK FOR at AS at)
      WITH ('connector' = 'filesystem', 'path' = '${file}', 'format' = 'json', 'millrace.suite' = 'given', 'millrace.suite.window' = '1 d')`),
  );
  // As rows pass, and in sum: the same rows are unexpected.
  const passed = await executor.execute(parseStatement('SELECT * FROM t'));
  const summed = await executor.execute(parseStatement('SELECT * FROM t$quality'));
  if (passed.kind !== 'query' || summed.kind !== 'query') throw new TypeError('a SELECT is a query');
  const answers: Answer[] = [];
  for (let part = await summed.changes.next(); part !== undefined; part = await summed.changes.next())
    for (const { row } of part)
      answers.push({
        type: String(row[2]),
        success: row[4] as boolean,
        elements: Number(row[5]),
        unexpected: rounded(row[6]),
        percent: rounded(row[7]),
        observed: rounded(row[8]),
      });
  for (let part = await passed.changes.next(); part !== undefined; ) part = await passed.changes.next();
  await passed.job.done;
  expect(passed.job.checks().map((c) => c.unexpected)).toEqual(
    answers.flatMap((a) => (a.unexpected === undefined ? [] : [a.unexpected])),
  );
  return answers;
}

async function fromTable(file: string, suite: Suite): Promise<Answer[]> {
  const table = await openFile(file);
  try {
    const { results } = await validateTable(table, suite, { nowMs: 0 });
    return results.map(
      ({ expectation_config: { type }, success, result, exception_info: { exception_message } }) => {
        expect(exception_message).toBeNull();
        return {
          type,
          success,
          ...('element_count' in result ? { elements: Number(result['element_count']) } : {}),
          unexpected: rounded(result['unexpected_count']),
          percent: rounded(result['unexpected_percent']),
          observed: rounded(result['observed_value']),
        };
      },
    );
  } finally {
    await table.close();
  }
}

test(`a window that holds all rows says what validate says, over ${tables} tables`, async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const types = new Set<string>();
  let compared = 0;
  for (let seed = firstSeed; seed < firstSeed + tables; seed++) {
    const rng = new Rng(seed);
    const table = randomTable(rng);
    // No row makes no window.
    if (table.rows === 0) continue;
    for (const sql of createSql('t', table)) await connection.run(sql);
    const [parquet, json] = [join(folder, `${seed}.parquet`), join(folder, `${seed}.json`)];
    await connection.run(`COPY t TO '${parquet}' (FORMAT parquet)`);
    await connection.run(`COPY t TO '${json}' (FORMAT json)`);
    await connection.run('DROP TABLE t');
    const lines = randomCases(rng, table)
      .filter(({ type }) => isOfStreams(type) && !/_type|_to_exist$/.test(type))
      .map(
        ({ type, kwargs }): ExpectationConfig => ({
          type,
          kwargs: asSuite(kwargs) as ExpectationConfig['kwargs'],
        }),
      )
      .filter((line) => fits(line, table.columns));
    const suite = { name: `seed ${seed}`, expectations: lines };
    const expected = await fromTable(parquet, suite);
    const found = await fromStream(json, table.columns, suite);
    expect(found.length).toBe(lines.length);
    const differences = lines.flatMap((line, i) => {
      const ours = { ...found[i]!, ...(expected[i]!.elements === undefined && { elements: undefined }) };
      return isDeepStrictEqual({ elements: undefined, ...expected[i]! }, ours)
        ? []
        : [{ seed, line, stream: ours, table: expected[i] }];
    });
    expect(differences).toEqual([]);
    for (const { type } of lines) types.add(type);
    compared += lines.length;
  }
  connection.closeSync();
  console.log(`${compared} results equal, of ${types.size} expectations`);
  expect(types.size).toBeGreaterThan(20);
}, 600_000);
