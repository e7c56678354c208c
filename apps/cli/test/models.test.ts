/* Models in the command: run over several threads, checked without running, kept by a catalog in a folder. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ModelServer } from '../../../tests/conformance/model-server.ts';
import { jsonLines, Workspace } from './process.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await ModelServer.start();
});
afterAll(async () => {
  await server.close();
});
let work: Workspace;
beforeEach(() => {
  work = new Workspace();
});
afterEach(() => {
  work.close();
});

const chat = (): string =>
  `CREATE MODEL chat INPUT (q STRING) OUTPUT (answer STRING) WITH ('provider' = 'openai', 'endpoint' = '${server.url}/chat/completions', 'api-key' = '\${env:THE_KEY}', 'model' = 'echo');`;
const rows = (out: string): unknown[] =>
  jsonLines(out).flatMap((l) => (l['kind'] === '+I' ? [l['row']] : []));

test('a job in several threads asks a service from each, and functions where the program runs', async () => {
  work.file('model.ts', 'export const predict = (text: string) => ({ size: text.length });');
  const file = work.file(
    'p.sql',
    `${chat()}
CREATE MODEL size INPUT (q STRING) OUTPUT (size INT) WITH ('provider' = 'typescript', 'file' = 'model.ts');
CREATE TABLE n (id INT) WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '60');
CREATE VIEW texts AS SELECT id, CAST(id AS STRING) AS q FROM n;
CREATE TABLE out (id INT, answer STRING, size INT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'csv');
INSERT INTO out SELECT id, answer, size
  FROM ML_PREDICT((SELECT * FROM ML_PREDICT(TABLE texts, MODEL chat, DESCRIPTOR(q))), MODEL size, DESCRIPTOR(answer));`,
  );
  const env = { THE_KEY: ModelServer.key };
  const { code, err } = await work.run(['run', file, '--parallelism', '3'], '', env);
  expect(code, err).toBe(0);
  const { out } = await work.run([
    'sql',
    '-e',
    "CREATE TABLE o (id INT, answer STRING, size INT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'csv'); SELECT COUNT(*), SUM(id), SUM(size), COUNT(DISTINCT answer) FROM o",
    '--set',
    'execution.runtime-mode=batch',
    '--json',
  ]);
  expect(rows(out)).toEqual([[60, 1830, 111, 60]]);
});

test('check finds what is wrong with a model where it is made', async () => {
  work.file('model.ts', 'export const predict = () => null;');
  const file = work.file(
    'p.sql',
    `CREATE MODEL a INPUT (q STRING) OUTPUT (b STRING) WITH ('provider' = 'opnai');
CREATE MODEL b INPUT (q STRING) OUTPUT (b STRING) WITH ('provider' = 'openai');
CREATE MODEL c INPUT (q INT) OUTPUT (b STRING) WITH ('provider' = 'openai', 'endpoint' = 'http://x/v1/embeddings', 'api-key' = 'k', 'model' = 'm');
CREATE MODEL d INPUT (q STRING) OUTPUT (b STRING) WITH ('provider' = 'typescript', 'file' = 'model.ts#other');
CREATE MODEL e INPUT (q STRING) OUTPUT (b STRING) WITH ('provider' = 'openai', 'endpoint' = 'http://x/v1/chat/completions', 'api-key' = 'k', 'model' = 'm', 'max-context-size' = '5');
CREATE MODEL f INPUT (q STRING) OUTPUT (b STRING) WITH ('provider' = 'typescript', 'file' = 'model.ts');`,
  );
  const { code, out, err } = await work.run(['check', file]);
  expect(code).toBe(2);
  const said = out + err;
  for (const what of [
    `CAT1004 at ${file}:1:57: model "a": there is no provider 'opnai'`,
    `hint: Did you mean "openai"? There are 'openai', 'typescript'.`,
    `CAT1003 at ${file}:2:14: model "b" of the provider 'openai' needs the options 'endpoint', 'api-key', 'model'`,
    `MDL1002 at ${file}:3:14: model "c": input column q should be STRING, but is a INT`,
    `CAT2031 at ${file}:4:84: model "d": 'model.ts' exports no "other"`,
    `MDL1001 at ${file}:5:`,
  ])
    expect(said).toContain(what);
  expect(said).not.toContain('model "f"');
});

test('a job whose service is away starts again, and writes each row once', async () => {
  const busy = chat()
    .replace("'model' = 'echo'", "'model' = 'busy', 'error-handling-strategy' = 'failover'")
    .replace('MODEL chat', 'MODEL busy');
  const file = work.file(
    'p.sql',
    `SET 'restart-strategy.type' = 'fixed-delay'; SET 'restart-strategy.fixed-delay.attempts' = '20'; SET 'restart-strategy.fixed-delay.delay' = '20 ms';
${busy}
CREATE TABLE n (id INT) WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '4');
CREATE TABLE away (id INT, answer STRING) WITH ('connector' = 'filesystem', 'path' = 'away', 'format' = 'csv');
INSERT INTO away SELECT id, answer FROM ML_PREDICT((SELECT id, 'away ' || CAST(id AS STRING) AS q FROM n), MODEL busy, DESCRIPTOR(q));`,
  );
  const { code, err } = await work.run(['run', file], '', { THE_KEY: ModelServer.key });
  expect(code, err).toBe(0);
  expect(err).toContain('answered 503: come back later');
  const { out } = await work.run([
    'sql',
    '-e',
    "CREATE TABLE o (id INT, answer STRING) WITH ('connector' = 'filesystem', 'path' = 'away', 'format' = 'csv'); SELECT * FROM o",
    '--json',
  ]);
  expect([...rows(out)].sort()).toEqual([1, 2, 3, 4].map((id) => [id, `${id} yawa`]));
});
