/* Models end to end: how many questions are under way, in which order answers come, what is asked again, what is waited for;
 * where models are kept; and what is never shown. The service speaks OpenAI's protocol on this machine. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryDisk, worldOn, type World } from '#base';
import type { CatalogType } from '#catalog';
import { connectors, modelProviders } from '#connectors';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import { ModelServer } from '../conformance/model-server.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await ModelServer.start();
});
afterEach(async () => {
  await server.close();
});

const calls: number[] = [];
const modules = {
  /** The first row takes longest. */
  late: async (id: number): Promise<object> => {
    await new Promise((done) => setTimeout(done, id === 1 ? 150 : 5));
    return { seen: id };
  },
  wrongName: (): object => ({ feeling: 1 }),
  noObject: (): string => 'glad',
  nothing: (): object => ({ seen: null }),
  wrongType: (): object => ({ seen: 'one' }),
  broken: (): object => {
    throw new Error('not this one');
  },
  never: (): Promise<object> => new Promise(() => {}),
  /** Of each sort: what it was called with. */
  atOnce: (id: number): object => {
    calls.push(id);
    return { seen: id };
  },
  promised: async (id: number): Promise<object> => {
    calls.push(id);
    return { seen: id };
  },
  /** Promises for every third, failing for 8. */
  mixed: (id: number): object => {
    calls.push(id);
    if (id === 8) return Promise.reject(new Error('not eight'));
    return id % 3 === 0 ? Promise.resolve({ seen: id }) : { seen: id };
  },
};
/** A catalog that can only be read, as that of PostgreSQL. */
const readOnly: CatalogType = {
  type: 'read-only',
  options: [],
  defaultDatabase: 'd',
  open: async () => ({
    databases: async () => [{ name: 'd', comment: undefined, options: {} }],
    names: async () => [],
    read: async () => undefined,
  }),
};

function engine(world: World = realWorld(), warnings: string[] = []): Executor {
  return new Executor({
    world,
    connectors: new Map(connectors.map((c) => [c.name, c])),
    modelProviders,
    catalogTypes: [readOnly],
    loadModule: async () => modules,
    warn: (message) => warnings.push(message),
  });
}
async function run(executor: Executor, ...statements: readonly string[]): Promise<void> {
  for (const sql of statements) await executor.execute(parseStatement(sql));
}
async function shown(executor: Executor, sql: string): Promise<unknown[]> {
  const execution = await executor.execute(parseStatement(sql));
  return execution.kind === 'table' ? [...execution.rows] : [];
}
async function rows(executor: Executor, sql: string): Promise<unknown[]> {
  const execution = await executor.execute(parseStatement(sql), { unboundedResult: true });
  if (execution.kind !== 'query') throw new Error('a query was expected');
  await execution.job.done;
  const all: unknown[] = [];
  for (let part = await execution.changes.next(); part !== undefined; part = await execution.changes.next())
    all.push(...part.map((c) => c.row));
  return all;
}

const chat = (name: string, options: Readonly<Record<string, string>> = {}): string => {
  const all = {
    provider: 'openai',
    endpoint: `${server.url}/chat/completions`,
    'api-key': ModelServer.key,
    model: 'echo',
    ...options,
  };
  const text = Object.entries(all).map(([k, v]) => `'${k}' = '${v}'`);
  return `CREATE MODEL ${name} INPUT (q STRING) OUTPUT (answer STRING) WITH (${text.join(', ')})`;
};
const numbers = (count: number): string =>
  `CREATE TEMPORARY TABLE numbers (id INT) WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '${count}')`;
const texts = `CREATE TEMPORARY VIEW texts AS SELECT id, 'text ' || CAST(id AS STRING) AS q FROM numbers`;

describe('a service that is asked', () => {
  test('so many questions at a time as the session says, or the call; answers keep the order of the rows', async () => {
    const executor = engine();
    await run(executor, numbers(40), texts, chat('m'));
    const answered = await rows(
      executor,
      'SELECT id, answer FROM ML_PREDICT(TABLE texts, MODEL m, DESCRIPTOR(q))',
    );
    expect(answered).toEqual(
      Array.from({ length: 40 }, (_, i) => [i + 1, `${[...String(i + 1)].reverse().join('')} txet`]),
    );
    expect(server.asked.length).toBe(40);
    expect(server.openMax).toBeGreaterThan(1);
    expect(server.openMax).toBeLessThanOrEqual(10);

    server.openMax = 0;
    await rows(
      executor,
      "SELECT id FROM ML_PREDICT(TABLE texts, MODEL m, DESCRIPTOR(q), MAP['max-concurrent-operations', '1'])",
    );
    expect(server.openMax).toBe(1);
    await run(executor, "SET 'table.exec.async-ml-predict.max-concurrent-operations' = '3'");
    server.openMax = 0;
    await rows(executor, 'SELECT id FROM ML_PREDICT(TABLE texts, MODEL m, DESCRIPTOR(q))');
    expect(server.openMax).toBeLessThanOrEqual(3);
  });

  test('a question is asked again so often; what is refused is not', async () => {
    const executor = engine();
    await run(
      executor,
      numbers(1),
      texts,
      chat('busy', { model: 'busy', 'retry-num': '2' }),
      chat('hasty', { model: 'down', 'retry-num': '1' }),
      chat('once', { model: 'down', 'error-handling-strategy': 'failover' }),
      chat('refused', { model: 'refused' }),
    );
    const predict = (model: string): string =>
      `SELECT answer FROM ML_PREDICT(TABLE texts, MODEL ${model}, DESCRIPTOR(q))`;
    expect(await rows(executor, predict('busy'))).toEqual([['1 txet']]);
    expect(server.asked.length).toBe(3);
    server.asked.length = 0;
    await expect(rows(executor, predict('hasty'))).rejects.toMatchObject({
      code: 'MDL2001',
      class: 'external',
    });
    expect(server.asked.length).toBe(2);
    server.asked.length = 0;
    await expect(rows(executor, predict('once'))).rejects.toThrow(/answered 503: come back later/);
    expect(server.asked.length).toBe(1);
    server.asked.length = 0;
    await expect(rows(executor, predict('refused'))).rejects.toMatchObject({
      code: 'MDL1003',
      class: 'user',
    });
    expect(server.asked.length).toBe(1);
  });

  test('no answer in time fails the job, by the call and by the session', async () => {
    const executor = engine();
    await run(executor, numbers(1), texts, chat('silent', { model: 'silent' }));
    const failure = { code: 'MDL3001', message: '"silent" gave no answer in 50 ms' };
    await expect(
      rows(
        executor,
        "SELECT * FROM ML_PREDICT(TABLE texts, MODEL silent, DESCRIPTOR(q), MAP['timeout', '50 ms'])",
      ),
    ).rejects.toMatchObject(failure);
    await run(executor, "SET 'table.exec.async-ml-predict.timeout' = '50 ms'");
    await expect(
      rows(executor, 'SELECT * FROM ML_PREDICT(TABLE texts, MODEL silent, DESCRIPTOR(q))'),
    ).rejects.toMatchObject(failure);
  });

  test('a key is read where a reference says, and neither is ever shown', async () => {
    const warnings: string[] = [];
    const executor = engine(realWorld(), warnings);
    process.env['MILLRACE_TEST_MODEL_KEY'] = ModelServer.key;
    try {
      await run(
        executor,
        numbers(1),
        texts,
        chat('referred', { 'api-key': '${env:MILLRACE_TEST_MODEL_KEY}' }),
        chat('plain'),
        chat('wrong', { 'api-key': 'not-the-key', 'error-handling-strategy': 'ignore' }),
      );
      const predict = (model: string): string =>
        `SELECT answer FROM ML_PREDICT(TABLE texts, MODEL ${model}, DESCRIPTOR(q))`;
      expect(await rows(executor, predict('referred'))).toEqual([['1 txet']]);
      expect(await rows(executor, predict('wrong'))).toEqual([]);
      expect(warnings).toEqual([expect.stringMatching(/a row is left out: .* answered 401: a wrong key/)]);
      const all = [
        ...(await shown(executor, 'SHOW CREATE MODEL referred')),
        ...(await shown(executor, 'SHOW CREATE MODEL plain')),
        ...(await shown(executor, 'SHOW CREATE MODEL wrong')),
        ...(await shown(executor, `EXPLAIN ${predict('plain')}`)),
        ...(await shown(executor, `EXPLAIN CODEGEN ${predict('plain')}`)),
        warnings,
      ];
      expect(JSON.stringify(all)).not.toContain(ModelServer.key);
      expect(JSON.stringify(all)).not.toContain('not-the-key');
      expect(JSON.stringify(all[0])).toContain('${env:MILLRACE_TEST_MODEL_KEY}');
      expect(JSON.stringify(all[1])).toContain("'api-key' = '******'");
    } finally {
      delete process.env['MILLRACE_TEST_MODEL_KEY'];
    }
    await expect(
      rows(executor, 'SELECT answer FROM ML_PREDICT(TABLE texts, MODEL referred, DESCRIPTOR(q))'),
    ).rejects.toMatchObject({ code: 'SEC1001' });
  });

  test('rows whose input is NULL are left out, and a warning says so', async () => {
    const warnings: string[] = [];
    const executor = engine(realWorld(), warnings);
    await run(executor, numbers(3), chat('m'));
    expect(
      await rows(
        executor,
        "SELECT * FROM ML_PREDICT((SELECT id, NULLIF(CAST(id AS STRING), '2') AS q FROM numbers), MODEL m, DESCRIPTOR(q))",
      ),
    ).toEqual([
      [1, '1', '1'],
      [3, '3', '3'],
    ]);
    expect(warnings).toEqual(['model "m": rows whose input is NULL are left out']);
  });
});

describe('a function that is asked', () => {
  const seen = (mode: string): string =>
    `SELECT seen FROM ML_PREDICT(TABLE numbers, MODEL late, DESCRIPTOR(id), MAP['output-mode', '${mode}'])`;
  const late =
    "CREATE MODEL late INPUT (id INT) OUTPUT (seen INT) WITH ('provider' = 'typescript', 'file' = 'models.ts#late')";

  test('answers come in the order of the rows, or as they are there', async () => {
    const executor = engine();
    await run(executor, numbers(4), late);
    expect(await rows(executor, seen('ordered'))).toEqual([[1], [2], [3], [4]]);
    const unordered = await rows(executor, seen('allow_unordered'));
    expect(unordered.at(-1)).toEqual([1]);
    expect([...unordered].sort()).toEqual([[1], [2], [3], [4]]);
  });

  test.each(['atOnce', 'promised', 'mixed'])(
    '%s: it is called once for each row, in their order',
    async (name) => {
      const executor = engine();
      const model = `CREATE MODEL m INPUT (id INT) OUTPUT (seen INT) WITH ('provider' = 'typescript', 'file' = 'models.ts#${name}')`;
      const ids = Array.from({ length: name === 'mixed' ? 7 : 3000 }, (_, i) => i + 1);
      await run(executor, numbers(ids.length), model);
      calls.length = 0;
      expect(
        await rows(executor, 'SELECT seen FROM ML_PREDICT(TABLE numbers, MODEL m, DESCRIPTOR(id))'),
      ).toEqual(ids.map((id) => [id]));
      expect(calls).toEqual(ids);
    },
  );

  test.each([
    ['wrongName', '', 'model "m" gave "feeling", and its OUTPUT has seen'],
    ['noObject', '', 'model "m" gave glad, expected an object with seen'],
    ['nothing', '', 'model "m" gave no "seen", which is NOT NULL'],
    ['wrongType', '', 'model "m" gave for "seen": one is not of type INT'],
    ['broken', '', 'model "m" failed: Error: not this one'],
    ['broken', ", MAP['async', 'false']", 'model "m" failed: Error: not this one'],
    ['promised', ", MAP['async', 'false']", `model "m" gives a promise: leave MAP['async', 'false'] out`],
  ])('what is none of its output stops the job: %s%s', async (name, config, message) => {
    const executor = engine();
    await run(
      executor,
      numbers(1),
      `CREATE MODEL m INPUT (id INT) OUTPUT (seen INT NOT NULL) WITH ('provider' = 'typescript', 'file' = 'models.ts#${name}')`,
    );
    await expect(
      rows(executor, `SELECT * FROM ML_PREDICT(TABLE numbers, MODEL m, DESCRIPTOR(id)${config})`),
    ).rejects.toMatchObject({ code: 'LIB2001', message });
  });

  test('a promise that fails stops the job, the first one too', async () => {
    const executor = engine();
    await run(
      executor,
      numbers(1),
      "CREATE MODEL m INPUT (id INT) OUTPUT (seen INT) WITH ('provider' = 'typescript', 'file' = 'models.ts#mixed')",
    );
    await expect(
      rows(executor, 'SELECT * FROM ML_PREDICT((SELECT id + 7 AS id FROM numbers), MODEL m, DESCRIPTOR(id))'),
    ).rejects.toMatchObject({ code: 'LIB2001', message: 'model "m" failed: Error: not eight' });
  });

  test('a promise that is never kept is waited for so long', async () => {
    const executor = engine();
    await run(
      executor,
      numbers(1),
      "CREATE MODEL never INPUT (id INT) OUTPUT (seen INT) WITH ('provider' = 'typescript', 'file' = 'models.ts#never')",
    );
    await expect(
      rows(
        executor,
        "SELECT * FROM ML_PREDICT(TABLE numbers, MODEL never, DESCRIPTOR(id), MAP['timeout', '40 ms'])",
      ),
    ).rejects.toMatchObject({ code: 'MDL3001' });
  });
});

describe('catalogs', () => {
  const model = "INPUT (a STRING) OUTPUT (b STRING) WITH ('provider' = 'x', 'api-key' = 'k')";

  test('one in a folder keeps models, apart from tables and functions of their names', async () => {
    const world = worldOn(realWorld(), new MemoryDisk());
    const make = "CREATE CATALOG c WITH ('type' = 'filesystem', 'path' = 'kept', 'default-database' = 'd')";
    const first = engine(world);
    await run(
      first,
      make,
      'USE CATALOG c',
      `CREATE MODEL m INPUT (a STRING COMMENT 'it''s') OUTPUT (b ROW<x INT>, c INT NOT NULL) COMMENT 'kept' WITH ('provider' = 'x')`,
      "CREATE TABLE m (a INT) WITH ('connector' = 'datagen')",
      `CREATE MODEL n ${model}`,
      `CREATE TEMPORARY MODEL t ${model}`,
    );
    const second = engine(world);
    await run(second, make, 'USE CATALOG c');
    expect(await shown(second, 'SHOW MODELS')).toEqual([['m'], ['n']]);
    expect(await shown(second, 'SHOW TABLES')).toEqual([['m']]);
    expect(await shown(second, 'DESCRIBE MODEL m')).toEqual([
      ['a', 'STRING', true, true, "it's"],
      ['b', 'ROW<`x` INT>', true, false, null],
      ['c', 'INT', false, false, null],
    ]);
    await run(second, "ALTER MODEL m SET ('k' = 'v')", 'ALTER MODEL n RENAME TO o', 'DROP TABLE m');
    // What the first session did not do itself it sees too.
    expect(await shown(first, 'SHOW MODELS FROM c.d')).toEqual([['m'], ['o'], ['t']]);
    expect(await shown(first, 'SHOW CREATE MODEL m')).toEqual(await shown(second, 'SHOW CREATE MODEL m'));
    await expect(shown(first, 'DESCRIBE MODEL n')).rejects.toMatchObject({ code: 'CAT2030' });
    await run(second, 'DROP MODEL m', 'DROP MODEL o', 'USE CATALOG default_catalog', 'DROP DATABASE c.d');
    await expect(shown(first, 'SHOW MODELS FROM c.d')).rejects.toMatchObject({ code: 'CAT2010' });
  });

  test('one that can only be read refuses them, but for temporary ones', async () => {
    const executor = engine();
    await run(executor, "CREATE CATALOG r WITH ('type' = 'read-only')");
    await expect(run(executor, `CREATE MODEL r.d.m ${model}`)).rejects.toMatchObject({
      code: 'CAT2012',
      at: { column: 14 },
    });
    await run(executor, `CREATE TEMPORARY MODEL r.d.m ${model}`);
    expect(await shown(executor, 'SHOW MODELS FROM r.d')).toEqual([['m']]);
    await expect(run(executor, 'DROP MODEL r.d.m')).rejects.toMatchObject({ code: 'CAT2030' });
    await run(executor, 'DROP TEMPORARY MODEL r.d.m');
  });
});
