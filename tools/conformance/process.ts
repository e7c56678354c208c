/* Process table functions in Java on Flink: compiled against its own jars, and asked the same as ours in TypeScript. */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { QueryAnswer } from '../../tests/conformance/answers.ts';
import { tables } from '../../tests/conformance/cases.ts';
import { changelogTables } from '../../tests/conformance/changelog-cases.ts';
import {
  processModules,
  processQueries,
  processTables,
  processViews,
} from '../../tests/conformance/process-cases.ts';
import { steppedProcessQueries } from '../../tests/conformance/process-table-cases.ts';
import { flinkClassPath, flinkHome } from '../flink.ts';
import { steppedTable, steppedViews } from '../../tests/conformance/stepped-table.ts';
import type { FlinkSession } from '../flink.ts';
import { createSources, createStepped } from './flink-tables.ts';
import { counted, countedTogether, type Judge } from './judge.ts';
import { askQuery } from './queries.ts';

const run = promisify(execFile);
const folderOfSources = join(import.meta.dirname, 'process');

/** The jar of the functions, made once for each text of their sources. */
async function functionsJar(): Promise<string> {
  const sources = readdirSync(folderOfSources)
    .sort()
    .map((name) => join(folderOfSources, name));
  const text = createHash('sha256');
  for (const source of sources) text.update(readFileSync(source));
  const folder = join(flinkHome, `functions-${text.digest('hex').slice(0, 16)}`);
  const jar = join(folder, 'functions.jar');
  if (existsSync(jar)) return jar;
  const classes = join(folder, 'classes');
  mkdirSync(classes, { recursive: true });
  await run('javac', ['-nowarn', '-cp', flinkClassPath, '-d', classes, ...sources]);
  await run('jar', ['cf', jar, '-C', classes, '.']);
  return jar;
}

/** Makes the functions known to a session. */
async function createFunctions(session: FlinkSession): Promise<void> {
  const jar = await functionsJar();
  for (const [judged, functions] of Object.entries(processModules))
    for (const name of Object.keys(functions)) {
      const className = name[0]!.toUpperCase() + name.slice(1);
      await session.execute(
        `CREATE FUNCTION ${name} AS 'millrace.${judged}$${className}' LANGUAGE JAVA USING JAR '${jar}'`,
      );
    }
}

export async function recordProcesses(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables, ...processTables]);
  for (const view of processViews) await session.execute(view);
  await createFunctions(session);
  return await counted('processes', processQueries, (sql) => askQuery(session, sql));
}
/** Over rows that come one at a time. */
export async function recordProcessSteps(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createStepped(session, steppedTable);
  for (const view of steppedViews) await session.execute(view);
  await createFunctions(session);
  return await countedTogether('process-steps', steppedProcessQueries, (sql) => askQuery(session, sql));
}
