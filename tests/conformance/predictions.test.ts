/* What Flink predicted by its own provider openai and by models in Java, beside ours: both ask the same small server, and the
 * functions are the same in TypeScript. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toMillraceError } from '#base';
import { modelProviders } from '#connectors';
import type { Executor } from '#engine';
import { realWorld } from '#host';
import { TestBoard } from '#testkit';
import { recorded } from './answers.ts';
import { tables } from './cases.ts';
import { changelogTables } from './changelog-cases.ts';
import { ModelServer } from './model-server.ts';
import { otherModels, predictionModels, predictionQueries } from './prediction-cases.ts';
import { predictionDifferences } from './prediction-differences.ts';
import * as functions from './prediction-functions.ts';
import { changesOf, engineWith, inOrder, net, parseCell } from './replay.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await ModelServer.start();
});
afterAll(async () => {
  await server.close();
});

const withText = (options: Readonly<Record<string, string>>): string =>
  Object.entries(options)
    .map(([k, v]) => `'${k}' = '${v.replaceAll("'", "''")}'`)
    .join(', ');

async function engine(): Promise<Executor> {
  const models = predictionModels.map(({ name, columns, of }) => {
    const options =
      typeof of === 'string'
        ? { provider: 'typescript', file: `prediction-functions.ts#${of}` }
        : {
            provider: 'openai',
            endpoint: `${server.url}/${of.task}`,
            'api-key': ModelServer.key,
            model: 'echo',
            ...of.options,
          };
    return `CREATE MODEL ${name} ${columns} WITH (${withText(options)})`;
  });
  return await engineWith(
    new TestBoard(),
    [...tables, ...changelogTables],
    [...models, ...otherModels],
    async () => functions,
    { world: realWorld(), modelProviders },
  );
}
/** Rows of one scan, which nothing else orders. */
const hasOrder = (sql: string): boolean => !/UNION|JOIN|GROUP BY|UNORDERED|, LATERAL| IN \(SELECT/.test(sql);

describe('predictions', () => {
  const answers = recorded('predictions');
  test('every case has an answer', () => {
    expect(answers.map((a) => a.sql)).toEqual(predictionQueries);
  });
  test.each(answers)('$sql', async (answer) => {
    const ours = await changesOf(await engine(), answer.sql).catch((error: unknown) => ({ error }));
    const differs = predictionDifferences.has(answer.sql);
    const refused = 'error' in ours;
    if (differs) {
      expect(refused).not.toBe(answer.error !== undefined);
      return;
    }
    if (answer.error !== undefined) {
      expect(refused).toBe(true);
      if (refused) expect(toMillraceError(ours.error).class).not.toBe('bug');
      return;
    }
    if (refused) throw ours.error;
    expect(ours.fields.map((f) => f.name)).toEqual(answer.columns);
    const theirs = answer.changes!.map(([kind, ...cells]) => ({
      kind: kind!,
      row: cells.map((c, i) => parseCell(c, ours.fields[i]!.type)),
    }));
    if (hasOrder(answer.sql)) expect(inOrder(ours.changes)).toEqual(inOrder(theirs));
    else expect(net(ours.changes)).toEqual(net(theirs));
  });
  test('every listed difference is one of a query', () => {
    expect([...predictionDifferences.keys()].filter((sql) => !predictionQueries.includes(sql))).toEqual([]);
  });
});
