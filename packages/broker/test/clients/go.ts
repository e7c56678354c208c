/* franz-go: go/main.go. */

import { fileURLToPath } from 'node:url';
import { goProgram, runProgram } from '../../../../tools/clients.ts';
import type { Servers } from './both.ts';
import { linesOf, type Client } from './client.ts';

const folder = fileURLToPath(new URL('./go', import.meta.url));
let program = '';

async function prepare(): Promise<string | undefined> {
  const found = await goProgram(folder);
  if ('missing' in found) return found.missing;
  program = found.program;
  return undefined;
}
export const goClient: Client = {
  name: 'franz-go 1.22.2',
  prepare,
  observe: async ({ plain }: Servers, name: string) => linesOf(await runProgram(program, [plain, name])),
  linesMin: 220,
};
