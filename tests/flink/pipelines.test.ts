/* The same files here and on Flink, with Kafka and PostgreSQL. Takes a minute of several cores: it runs where
 * MILLRACE_FLINK says so, as `npm run proof -- flink` does; apps/cli/test/flink.test.ts runs one of them. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer, type TestServer } from '../../packages/connectors/test/jdbc/server.ts';
import { flinkMissing, RealFlink } from '../../tools/flink.ts';
import { realKafka } from '../../tools/test-kafka.ts';
import { Pipelines, pipelines, type PipelineName } from './pipelines.ts';

const asked = process.env['MILLRACE_FLINK'] === '1';
const kafka = asked ? await realKafka() : { missing: 'it was not asked for' };
const missing = 'missing' in kafka ? kafka.missing : await flinkMissing();
if (asked && missing !== undefined) throw new Error(missing);

describe.skipIf(missing !== undefined)(`Flink${missing === undefined ? '' : ` (${missing})`}`, () => {
  let flink: RealFlink;
  let postgres: TestServer;
  let files: Pipelines;
  beforeAll(async () => {
    if ('missing' in kafka) return;
    postgres = await testServer();
    files = await Pipelines.start(kafka.bootstrapServers, postgres);
    flink = await RealFlink.start();
  }, 300_000);
  afterAll(async () => {
    files?.close();
    await flink?.close();
    await postgres?.stop();
  });

  test.each(Object.keys(pipelines) as PipelineName[])(
    '%s',
    async (name) => {
      const here = await files.run(name, 'here', []);
      const there = await files.run(name, 'there', [
        '--target',
        'flink',
        '--set',
        `flink.gateway=${flink.gateway}`,
      ]);
      expect(here.length).toBeGreaterThan(5);
      expect(here).toEqual(there);
    },
    300_000,
  );
});
