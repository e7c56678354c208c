/* Messages of changes, read and written by us, against what Flink gave. Where Flink fails we fail too, and say where. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseScript } from '#sql';
import { Broker } from '../../apps/library/src/broker.ts';
import { connectors } from '../../packages/connectors/src/index.ts';
import { cellText } from '../../packages/connectors/src/print/row-text.ts';
import {
  askRead,
  askWrite,
  fillTopic,
  type Party,
  type Places,
} from '../../tools/conformance/change-formats.ts';
import { readCases, writeCases, type ChangeAnswer, type Otherwise } from './change-format-cases.ts';
import answers from './change-formats.json' with { type: 'json' };

let broker: Broker;
let at: Places;
const folder = mkdtempSync(join(tmpdir(), 'millrace-changes-'));
beforeAll(async () => {
  broker = await Broker.start({ port: 0 });
  at = { folder, bootstrapServers: broker.bootstrapServers };
});
afterAll(async () => {
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

function engine(): Party {
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map(connectors.map((descriptor) => [descriptor.name, descriptor])),
    print: () => undefined,
    warn: () => {},
  });
  const execute = async (sql: string): Promise<string[]> => {
    const lines: string[] = [];
    for (const { statement } of parseScript(sql)) {
      const execution = await executor.execute(statement);
      if (execution.kind === 'job') await execution.job.done;
      if (execution.kind !== 'query') continue;
      const texts = execution.fields.map((f) => cellText(f.type));
      for (;;) {
        const changes = await execution.changes.next();
        if (changes === undefined) break;
        for (const { kind, row } of changes)
          lines.push(`${kind}[${row.map((v, i) => texts[i]!(v)).join(', ')}]`);
      }
    }
    return lines;
  };
  return { execute };
}
const ours = engine();
await ours.execute(`SET 'table.local-time-zone' = 'UTC'`);
const theirs = new Map((answers as ChangeAnswer[]).map((answer) => [answer.name, answer]));

/** Entries of maps have no order. */
const sorted = (line: string): string =>
  line.replace(/\{([^"{}]*)\}/g, (_, entries: string) => `{${entries.split(', ').sort().join(', ')}}`);
const malformed = /malformed [a-z]+-json record at .*read\d+\/messages:\d+/;

function compare(mine: ChangeAnswer, differs: Otherwise | undefined): void {
  const flink = theirs.get(mine.name);
  expect(flink, 'a recorded answer').toBeDefined();
  const expected = differs ?? flink!;
  if (expected.lines === undefined) expect(mine.error).toMatch(malformed);
  else expect(mine.lines?.map(sorted), mine.error).toEqual(expected.lines.map(sorted));
  if (differs !== undefined) expect(flink!.lines).not.toEqual(mine.lines);
}

describe('messages are read as Flink reads them', () => {
  for (const [i, asked] of readCases.entries())
    test(asked.name, async () => {
      if (asked.metadata !== undefined) await fillTopic(ours, asked, at, `ours${i}`);
      compare(await askRead(ours, asked, at, i, `ours${i}`), asked.differs);
    });
});
describe('changes are written as Flink writes them, byte for byte', () => {
  for (const [i, asked] of writeCases.entries())
    test(asked.name, async () => {
      compare(await askWrite(ours, asked, at, i), undefined);
    });
});

test('topics: updates of a result are written and read back, beside keys; null values are no rows', async () => {
  const kafka = `'connector' = 'kafka', 'topic' = 'counts', 'properties.bootstrap.servers' = '${at.bootstrapServers}', 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset'`;
  await ours.execute(`CREATE TABLE raw_counts (m STRING) WITH (${kafka}, 'format' = 'raw')`);
  await ours.execute('INSERT INTO raw_counts VALUES (CAST(NULL AS STRING))');
  await ours.execute(
    `CREATE TABLE counts (k STRING, n BIGINT) WITH (${kafka}, 'key.format' = 'raw', 'key.fields' = 'k', 'value.format' = 'ogg-json', 'value.fields-include' = 'ALL')`,
  );
  await ours.execute(
    `INSERT INTO counts SELECT k, COUNT(*) FROM (VALUES ('a'), ('b'), ('a')) AS v(k) GROUP BY k`,
  );
  expect(await ours.execute('SELECT k, n FROM counts')).toEqual([
    '+I[a, 1]',
    '+I[b, 1]',
    '-D[a, 1]',
    '+I[a, 2]',
  ]);
});
test('a format of changes is no format of keys, nor of upsert-kafka; a schema is not written', async () => {
  const rest = `'topic' = 'x', 'properties.bootstrap.servers' = '${at.bootstrapServers}'`;
  await expect(
    ours.execute(
      `CREATE TABLE bad_keys (k STRING) WITH ('connector' = 'kafka', ${rest}, 'key.format' = 'ogg-json', 'key.fields' = 'k', 'value.format' = 'json'); SELECT * FROM bad_keys`,
    ),
  ).rejects.toThrow(/'key.format': found 'ogg-json', a format of changes/);
  await expect(
    ours.execute(
      `CREATE TABLE bad_values (k STRING PRIMARY KEY NOT ENFORCED) WITH ('connector' = 'upsert-kafka', ${rest}, 'key.format' = 'json', 'value.format' = 'canal-json'); SELECT * FROM bad_values`,
    ),
  ).rejects.toThrow(/'value.format': found 'canal-json', a format of changes/);
  await expect(
    ours.execute(
      `CREATE TABLE bad_schema (k STRING) WITH ('connector' = 'filesystem', 'path' = '${folder}/bad', 'format' = 'debezium-json', 'debezium-json.schema-include' = 'true'); INSERT INTO bad_schema VALUES ('a')`,
    ),
  ).rejects.toThrow(/messages are written without a schema/);
});
