/* What is wrong with functions of rows, of groups, and such as wait, and where it is found out. */

import { expect, test } from 'vitest';
import { Executor } from '#engine';
import { parseStatement } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';

interface Sum {
  n: number;
}
const signed = { args: ['INT'], returns: 'INT' };
const sum = {
  ...signed,
  createAccumulator: (): Sum => ({ n: 0 }),
  accumulate: (acc: Sum, value: number): void => {
    acc.n += value;
  },
  getValue: (acc: Sum): number => acc.n,
};
const module = {
  words: { args: ['STRING'], returns: 'STRING', rows: (s: string): string[] => s.split(' ') },
  sum,
  broken: {
    ...sum,
    accumulate: (): never => {
      throw new Error('no luck');
    },
  },
  unfit: { ...sum, getValue: (): string => 'text' },
  later: { args: ['STRING'], returns: 'STRING', async: true, call: async (s: string): Promise<string> => s },
  away: {
    ...signed,
    async: true,
    call: async (): Promise<never> => Promise.reject(new Error('nobody there')),
  },
  asked: { args: [], returns: 'STRING', async: true, call: async (): Promise<string> => '' },
  half: { ...signed, accumulate: (): void => {} },
};

async function failure(name: string, query: string): Promise<unknown> {
  const engine = new Executor({
    world: new SimWorld(1),
    connectors: new Map([['test', testConnector(new TestBoard())]]),
    loadModule: async () => module,
  });
  const run = async (sql: string): Promise<void> => {
    const execution = await engine.execute(parseStatement(sql), { unboundedResult: true });
    if (execution.kind === 'query') await execution.job.done;
  };
  try {
    await run(`CREATE FUNCTION ${name} AS 'm.ts#${name}' LANGUAGE TYPESCRIPT`);
    if (query !== '') await run(query);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

const counts = '(SELECT COUNT(*) AS c FROM (VALUES (1), (2)) AS t(n))';

test.each([
  ['half', '', 'CAT2021', 'createAccumulator, accumulate and getValue'],
  ['asked', '', 'LIB2004', 'has no arguments'],
  ['words', "SELECT words('a')", 'SQL2006', 'a table function: it has no place here'],
  [
    'words',
    "SELECT * FROM (VALUES ('a')) AS t(s) LEFT JOIN LATERAL TABLE(words(s)) AS w(x) ON x > 'b'",
    'SQL2008',
    'ON TRUE',
  ],
  ['words', 'SELECT * FROM TABLE(words(1, 2))', 'SQL3002', 'WORDS takes 1 argument, not 2'],
  ['sum', 'SELECT sum(1)', 'none', ''],
  ['broken', 'SELECT broken(1, 2)', 'SQL3002', 'broken takes 1 argument'],
  ['broken', "SELECT broken('x')", 'SQL3003', 'must be INT'],
  ['broken', 'SELECT broken(n) FROM (VALUES (1)) AS t(n)', 'LIB2001', '"broken" failed: Error: no luck'],
  ['unfit', 'SELECT unfit(n) FROM (VALUES (1)) AS t(n)', 'DATA2001', 'INT'],
  ['broken', `SELECT broken(CAST(c AS INT)) FROM ${counts}`, 'LIB2002', 'no retract'],
  [
    'later',
    "SELECT * FROM (VALUES ('a')) AS t(s) JOIN (VALUES ('a')) AS u(v) ON later(s) = v",
    'LIB2003',
    'no place',
  ],
  ['away', 'SELECT away(1)', 'LIB2001', '"away" failed: Error: nobody there'],
])('%s: %s', async (name, query, code, message) => {
  const thrown = (await failure(name, query)) as
    | { readonly code: string; readonly message: string }
    | undefined;
  if (code === 'none') return expect(thrown).toBeUndefined();
  expect(thrown).toMatchObject({ code });
  expect(thrown!.message).toContain(message);
});
