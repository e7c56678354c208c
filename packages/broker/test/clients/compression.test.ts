/* librdkafka leaves its records uncompressed, without a word, where it takes a broker for too old: with ours it does not. */

import { afterAll, describe, expect, test } from 'vitest';
import { Broker } from '#broker';
import { realWorld } from '#host';
import { readRecordBatch } from '#records';
import { kcat, runProgram } from '../../../../tools/clients.ts';
import { WireClient } from '../wire-client.ts';

const program = await kcat();
const missing = 'missing' in program ? program.missing : undefined;
if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);

describe.skipIf(missing !== undefined)(`kcat${missing === undefined ? '' : ` (${missing})`}`, async () => {
  const broker = await Broker.start({ world: realWorld() });
  const client = await WireClient.connect(broker.bootstrapServers);
  afterAll(async () => {
    client.close();
    await broker.stop();
  });

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('%s', async (codec) => {
    if ('missing' in program) return;
    await client.createTopic(codec);
    const args = ['-b', broker.bootstrapServers, '-P', '-t', codec, '-z', codec];
    await runProgram(program.program, args, `${'the same again, '.repeat(1000)}\n`, program.env);
    const batches = await client.fetch(codec, 0, 0);
    expect(readRecordBatch(batches, 0)!.codec).toBe(codec);
    expect(broker.read(codec)).toHaveLength(1);
  });
});
