/* Record batches as Kafka's own Java producer writes them, with every codec. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { types } from '#data';
import { kafkaTool } from '../../../../tools/kafka.ts';
import { kafkaToolsMissing } from '../../../../tools/test-kafka.ts';
import { bootstrapServers, createTopic, jsonOptions, readAll, tableOf } from './support.ts';

const noTools = (await kafkaToolsMissing()) !== undefined;

describe.skipIf(noTools)('records of the Java producer', () => {
  const lines = Array.from(
    { length: 1000 },
    (_, i) => `{"id":${i},"text":"${'some words '.repeat(i % 20)}"}`,
  );
  const payload = join(mkdtempSync(join(tmpdir(), 'millrace-')), 'payload');
  writeFileSync(payload, lines.join('\n'));

  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    test(`compressed with ${codec}`, async () => {
      const topic = await createTopic();
      await kafkaTool('org.apache.kafka.tools.ProducerPerformance', [
        '--topic',
        topic,
        '--num-records',
        '5000',
        '--payload-file',
        payload,
        '--throughput',
        '-1',
        '--producer-props',
        `bootstrap.servers=${bootstrapServers}`,
        `compression.type=${codec}`,
        'batch.size=60000',
        'linger.ms=20',
      ]);
      const { rows } = await readAll(tableOf({ id: types.BIGINT, text: types.STRING }, jsonOptions(topic)));
      expect(rows).toHaveLength(5000);
      const known = new Set(lines);
      expect(rows.every(([id, text]) => known.has(`{"id":${id},"text":"${text}"}`))).toBe(true);
    });
  }
});
