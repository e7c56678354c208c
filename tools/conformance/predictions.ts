/* Models on Flink: those of its provider openai, which asks a small server of ours, and those of a provider in Java, compiled
 * against its own jars. Both have to be on Flink's class path, so it is a Flink of its own. */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { QueryAnswer } from '../../tests/conformance/answers.ts';
import { tables } from '../../tests/conformance/cases.ts';
import { changelogTables } from '../../tests/conformance/changelog-cases.ts';
import { ModelServer } from '../../tests/conformance/model-server.ts';
import {
  otherModels,
  predictionModels,
  predictionQueries,
} from '../../tests/conformance/prediction-cases.ts';
import { flinkClassPath, flinkHome, flinkVersion } from '../flink.ts';
import { createSources, withText } from './flink-tables.ts';
import { counted, Judge } from './judge.ts';
import { askQuery } from './queries.ts';

const run = promisify(execFile);
const source = join(import.meta.dirname, 'predictions');

/** The jar of the models in Java, made once for each text of their source. */
async function modelsJar(): Promise<string> {
  const java = join(source, 'Predicted.java');
  const text = createHash('sha256').update(readFileSync(java)).digest('hex').slice(0, 16);
  const folder = join(flinkHome, `predictions-${text}`);
  const jar = join(folder, 'predictions.jar');
  if (existsSync(jar)) return jar;
  const classes = join(folder, 'classes');
  mkdirSync(classes, { recursive: true });
  await run('javac', ['-nowarn', '-cp', flinkClassPath, '-d', classes, java]);
  cpSync(join(source, 'META-INF'), join(classes, 'META-INF'), { recursive: true });
  await run('jar', ['cf', jar, '-C', classes, '.']);
  return jar;
}

/** Flink's provider openai. The file alone: the project that its description names as parent is not published. */
async function openaiJar(): Promise<string> {
  const name = `flink-model-openai-${flinkVersion}.jar`;
  const folder = join(flinkHome, 'models');
  const jar = join(folder, name);
  if (existsSync(jar)) return jar;
  const fresh = join(folder, 'fresh');
  mkdirSync(fresh, { recursive: true });
  await run(
    'mvn',
    [
      '-q',
      '-B',
      'org.apache.maven.plugins:maven-dependency-plugin:2.8:copy',
      `-Dartifact=org.apache.flink:flink-model-openai:${flinkVersion}`,
      `-DoutputDirectory=${fresh}`,
    ],
    { maxBuffer: 64 << 20 },
  );
  renameSync(join(fresh, name), jar);
  return jar;
}

/** `judge` has no models: another one has. */
export async function recordPredictions(): Promise<QueryAnswer[]> {
  const server = await ModelServer.start();
  const judge = await Judge.start({ classPath: [await modelsJar(), await openaiJar()] });
  try {
    const session = await judge.session();
    await createSources(judge, session, [...tables, ...changelogTables]);
    for (const { name, columns, of } of predictionModels) {
      const options =
        typeof of === 'string'
          ? { provider: 'judged', function: of }
          : {
              provider: 'openai',
              endpoint: `${server.url}/${of.task}`,
              'api-key': ModelServer.key,
              model: 'echo',
              ...of.options,
            };
      await session.execute(`CREATE MODEL ${name} ${columns} WITH (${withText(options)})`);
    }
    for (const sql of otherModels) await session.execute(sql);
    return await counted('predictions', predictionQueries, async (sql) => {
      const { error, ...answer } = await askQuery(session, sql);
      // The port is another one each time.
      return error === undefined
        ? answer
        : { ...answer, error: error.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1') };
    });
  } finally {
    await judge.close();
    await server.close();
  }
}
