/* The change formats, asked of a real Flink and of us, statement by statement: what tests/conformance/change-formats.json
 * holds is made here.
 *
 *   node --conditions=millrace-source tools/conformance/change-formats.ts     records Flink's answers again
 *
 * Messages lie in a file; those that metadata are read of lie in a topic of an embedded broker, which Flink reads too. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  namesOf,
  readCases,
  writeCases,
  written,
  type ChangeAnswer,
  type ReadCase,
  type WriteCase,
} from '../../tests/conformance/change-format-cases.ts';

export interface Party {
  /** Runs a statement to its end; its changes as text. Throws an Error for what is refused. */
  execute(sql: string): Promise<readonly string[]>;
}
export interface Places {
  /** Of files; one folder a party. */
  readonly folder: string;
  readonly bootstrapServers: string;
}

const settings = (format: string, set: Readonly<Record<string, string>> = {}): string =>
  Object.entries(set)
    .map(([key, value]) => `, '${format}.${key}' = '${value}'`)
    .join('');

/** Puts the messages of a case in its topic, through the raw format. */
export async function fillTopic(party: Party, asked: ReadCase, at: Places, topic: string): Promise<void> {
  const values = asked.messages.map((m) => `('${m.replaceAll("'", "''")}')`).join(', ');
  const table = `fill_${topic}`;
  await party.execute(
    `CREATE TABLE ${table} (m STRING) WITH ('connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${at.bootstrapServers}', 'format' = 'raw')`,
  );
  await party.execute(`INSERT INTO ${table} VALUES ${values}`);
}

/** `topic`: where the messages of a case with metadata lie. */
export async function askRead(
  party: Party,
  asked: ReadCase,
  at: Places,
  number: number,
  topic: string,
): Promise<ChangeAnswer> {
  const { name, format, columns, messages, metadata = [], set } = asked;
  const path = join(at.folder, `read${number}`);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'messages'), messages.map((m) => `${m}\n`).join(''));
  const source =
    metadata.length === 0
      ? `'connector' = 'filesystem', 'path' = 'file://${path}'`
      : `'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${at.bootstrapServers}', 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset'`;
  const declared = [
    columns,
    ...metadata.map(([n, key, type]) => `${n} ${type} METADATA FROM 'value.${key}' VIRTUAL`),
  ];
  const shown = [...namesOf(columns), ...metadata.map(([n]) => n)].map(
    (n) => `COALESCE(CAST(${n} AS STRING), 'NULL')`,
  );
  try {
    await party.execute(
      `CREATE TABLE read${number} (${declared.join(', ')}) WITH (${source}, 'format' = '${format}'${settings(format, set)})`,
    );
    return { name, lines: await party.execute(`SELECT ${shown.join(', ')} FROM read${number}`) };
  } catch (error) {
    return { name, error: (error as Error).message };
  }
}

export async function askWrite(
  party: Party,
  asked: WriteCase,
  at: Places,
  number: number,
): Promise<ChangeAnswer> {
  const { name, format, set } = asked;
  const from = join(at.folder, `from${number}`);
  const to = join(at.folder, `to${number}`);
  mkdirSync(from, { recursive: true });
  writeFileSync(join(from, 'messages'), written.messages.map((m) => `${m}\n`).join(''));
  try {
    await party.execute(
      `CREATE TABLE from${number} (${written.columns}) WITH ('connector' = 'filesystem', 'path' = 'file://${from}', 'format' = 'debezium-json')`,
    );
    await party.execute(
      `CREATE TABLE to${number} (${written.columns}) WITH ('connector' = 'filesystem', 'path' = 'file://${to}', 'format' = '${format}'${settings(format, set)})`,
    );
    await party.execute(`INSERT INTO to${number} SELECT * FROM from${number}`);
    const files = readdirSync(to).filter((file) => !file.startsWith('.') && !file.startsWith('_'));
    return { name, lines: files.flatMap((f) => readFileSync(join(to, f), 'utf8').trimEnd().split('\n')) };
  } catch (error) {
    return { name, error: (error as Error).message };
  }
}

const kinds: Readonly<Record<string, string>> = {
  INSERT: '+I',
  UPDATE_BEFORE: '-U',
  UPDATE_AFTER: '+U',
  DELETE: '-D',
};

async function record(): Promise<void> {
  const [{ Judge }, { FlinkError }, { Broker }] = await Promise.all([
    import('./judge.ts'),
    import('../flink.ts'),
    import('../../apps/library/src/broker.ts'),
  ]);
  const judge = await Judge.start();
  const broker = await Broker.start({ port: 0 });
  try {
    const session = await judge.session();
    const party: Party = {
      execute: async (sql) => {
        try {
          const { rows } = await session.execute(sql, 60_000);
          return rows.map(({ kind, fields }) => `${kinds[kind]}[${fields.join(', ')}]`);
        } catch (error) {
          throw error instanceof FlinkError ? new Error(error.reason) : error;
        }
      },
    };
    const at = { folder: judge.folder, bootstrapServers: broker.bootstrapServers };
    const answers: ChangeAnswer[] = [];
    for (const [i, asked] of readCases.entries()) {
      if (asked.metadata !== undefined) await fillTopic(party, asked, at, `flink${i}`);
      answers.push(await askRead(party, asked, at, i, `flink${i}`));
      process.stderr.write(`\r${i + 1} of ${readCases.length} `);
    }
    for (const [i, asked] of writeCases.entries()) answers.push(await askWrite(party, asked, at, i));
    const to = new URL('../../tests/conformance/change-formats.json', import.meta.url);
    writeFileSync(to, `${JSON.stringify(answers, null, 2)}\n`.replaceAll(judge.folder, 'FOLDER'));
  } finally {
    await broker.stop();
    await judge.close();
  }
}

if (import.meta.main) await record();
