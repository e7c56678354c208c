/* Which test files are run in a way of their own, by what stands in them. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folders = ['packages', 'apps', 'tests'];

/** What tools/test-kafka.ts, and the sources' and sinks' tests over it, export of the Kafka that MILLRACE_KAFKA names. */
const asksForKafka = /\b(testKafka|ownKafka|noKafka)\b/;
const makesUpCases = /from 'fast-check'/;

/** The variable that names the seed of those cases, an integer. */
export const propertySeedVariable = 'MILLRACE_PROPERTY_SEED';

/** Those that run on a real Kafka too. */
export const kafkaTests = (): string[] => testsWith(asksForKafka);
/** Those whose cases are made up from a seed. */
export const propertyTests = (): string[] => testsWith(makesUpCases);

/** Paths from the root of the project, in order. */
function testsWith(text: RegExp): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .filter((path) => path.endsWith('.test.ts') && text.test(readFileSync(path, 'utf8')))
    .sort();
}
