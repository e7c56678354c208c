/* Which test files take the Kafka that MILLRACE_KAFKA names: those are run on a real one too. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folders = ['packages', 'apps', 'tests'];
/** What tools/test-kafka.ts, and the sources' and sinks' tests over it, export of it. */
const asksForIt = /\b(testKafka|ownKafka|noKafka)\b/;

/** Paths from the root of the project, in order. */
export function kafkaTests(): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .filter((path) => path.endsWith('.test.ts') && asksForIt.test(readFileSync(path, 'utf8')))
    .sort();
}
