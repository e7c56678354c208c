/* librdkafka by confluent-kafka for Python: scenario.py. */

import { fileURLToPath } from 'node:url';
import { confluentPython, runProgram } from '../../../../tools/clients.ts';
import type { Servers } from './both.ts';
import { linesOf, type Client } from './client.ts';

const program = fileURLToPath(new URL('./scenario.py', import.meta.url));
let env: Readonly<Record<string, string>> = {};

async function prepare(): Promise<string | undefined> {
  const found = await confluentPython();
  if ('missing' in found) return found.missing;
  env = found.env;
  return undefined;
}
export const pythonClient: Client = {
  name: 'confluent-kafka 2.16.1',
  prepare,
  observe: async ({ plain }: Servers, name: string) =>
    linesOf(await runProgram('python3', [program, plain, name], '', env)),
  linesMin: 90,
};
