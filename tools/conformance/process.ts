/* Process table functions in Java on Flink: compiled against its own jars, and asked the same as ours in TypeScript. */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { QueryAnswer } from '../../tests/conformance/answers.ts';
import { tables } from '../../tests/conformance/cases.ts';
import { changelogTables } from '../../tests/conformance/changelog-cases.ts';
import { processQueries, processTables } from '../../tests/conformance/process-cases.ts';
import * as functions from '../../tests/conformance/process-functions.ts';
import { flinkClassPath, flinkHome } from '../flink.ts';
import { createSources } from './flink-tables.ts';
import { counted, type Judge } from './judge.ts';
import { askQuery } from './queries.ts';

const run = promisify(execFile);
const source = join(import.meta.dirname, 'process', 'Judged.java');

/** The jar of the functions, made once for each text of their source. */
async function functionsJar(): Promise<string> {
  const text = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const folder = join(flinkHome, `functions-${text}`);
  const jar = join(folder, 'functions.jar');
  if (existsSync(jar)) return jar;
  const classes = join(folder, 'classes');
  mkdirSync(classes, { recursive: true });
  await run('javac', ['-nowarn', '-cp', flinkClassPath, '-d', classes, source]);
  await run('jar', ['cf', jar, '-C', classes, '.']);
  return jar;
}

export async function recordProcesses(judge: Judge): Promise<QueryAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables, ...processTables]);
  const jar = await functionsJar();
  for (const name of Object.keys(functions)) {
    const className = name[0]!.toUpperCase() + name.slice(1);
    await session.execute(
      `CREATE FUNCTION ${name} AS 'millrace.Judged$${className}' LANGUAGE JAVA USING JAR '${jar}'`,
    );
  }
  return await counted('processes', processQueries, (sql) => askQuery(session, sql));
}
