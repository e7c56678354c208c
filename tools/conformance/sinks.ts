/* Has Flink write into sinks, and writes down what they hold: a topic's records, or a table's rows. */

import { join } from 'node:path';
import { tables } from '../../tests/conformance/cases.ts';
import { changelogTables } from '../../tests/conformance/changelog-cases.ts';
import { lookupTables } from '../../tests/conformance/lookup-cases.ts';
import {
  conflictText,
  freely,
  sinkCaseName,
  sinkCases,
  type SinkCase,
} from '../../tests/conformance/sink-cases.ts';
import type { SinkAnswer } from '../../tests/conformance/answers.ts';
import { FlinkError, type FlinkSession } from '../flink.ts';
import {
  createLookups,
  createSources,
  freshTopic,
  jdbc,
  postgresColumns,
  rawTable,
  upsertKafka,
  withText,
} from './flink-tables.ts';
import { counted, type Judge } from './judge.ts';
import { cellText } from './queries.ts';

export async function recordSinks(judge: Judge): Promise<SinkAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables]);
  await createLookups(judge, session, lookupTables);
  return await counted('sinks', sinkCases, async (asked, i) => {
    const sql = sinkCaseName(asked);
    const settings = Object.entries({ ...freely, ...asked.set });
    for (const [k, v] of settings) await session.execute(`SET '${k}' = '${v}'`);
    try {
      return { sql, ...(await write(judge, session, asked, `sink_${i}`)) };
    } catch (error) {
      if (!(error instanceof FlinkError)) throw error;
      return { sql, error: error.reason };
    } finally {
      for (const [k] of settings) await session.execute(`RESET '${k}'`);
    }
  });
}

async function write(
  judge: Judge,
  session: FlinkSession,
  { into, columns, query, named, onConflict }: SinkCase,
  name: string,
): Promise<Omit<SinkAnswer, 'sql'>> {
  const insert = `INSERT INTO ${name}${named === undefined ? '' : ` (${named})`} ${query}${conflictText(onConflict)}`;
  const create = async (options: Record<string, string>): Promise<void> => {
    await session.execute(`CREATE TABLE ${name} (${columns}) WITH (${withText(options)})`);
    await session.execute(insert);
  };
  switch (into) {
    case 'append':
      await create({ connector: 'filesystem', path: `file://${join(judge.folder, name)}`, format: 'json' });
      return {};
    case 'jdbc': {
      const postgres = await judge.postgres();
      await postgres.query(`CREATE TABLE ${name} (${postgresColumns(columns)})`);
      await create(jdbc(name, postgres.options));
      const { rows } = await session.execute(`SELECT * FROM ${name}`);
      return { rows: rows.map((r) => r.fields.map(cellText)) };
    }
    case 'upsert-kafka': {
      const { bootstrapServers } = await judge.kafka();
      const topic = freshTopic(name);
      await create(upsertKafka(topic, bootstrapServers));
      await session.execute(rawTable(`${name}_records`, topic, bootstrapServers));
      const { rows } = await session.execute(`SELECT k, v FROM ${name}_records`);
      return { records: rows.map((r) => [String(r.fields[0]), cellText(r.fields[1])]) };
    }
  }
}
