/* Kafka's own Java clients and console tools, in one process: java/. */

import { fileURLToPath } from 'node:url';
import { kafkaMissing, shortLived } from '../../../../tools/kafka.ts';
import { compileJava, javaMissing, runProgram } from '../../../../tools/clients.ts';
import type { Servers } from './both.ts';
import { linesOf, type Client } from './client.ts';

const folder = fileURLToPath(new URL('./java', import.meta.url));
let classPath: Promise<string> | undefined;

async function prepare(): Promise<string | undefined> {
  const missing = (await kafkaMissing()) ?? (await javaMissing());
  if (missing === undefined) {
    classPath ??= compileJava(folder);
    await classPath;
  }
  return missing;
}

const scenarios = (name: string, linesMin: number, ...wanted: readonly string[]): Client => ({
  name: `${name} 4.1.0`,
  prepare,
  observe: async ({ plain, sasl }: Servers, run: string) =>
    linesOf(
      await runProgram('java', [
        ...shortLived,
        '-cp',
        await classPath!,
        'Scenarios',
        plain,
        sasl,
        run,
        ...wanted,
      ]),
    ),
  linesMin,
});
export const javaClients = scenarios('Java clients', 300, 'records', 'groups', 'administration', 'security');
export const consoleTools = scenarios('console tools', 200, 'tools');
