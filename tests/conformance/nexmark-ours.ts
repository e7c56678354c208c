/* Our side of the Nexmark queries: the engine with all its connectors, and the function of q14 in TypeScript. */

import { connectors } from '#connectors';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import { TestBoard, testConnector } from '#testkit';
import type { Party } from './nexmark-cases.ts';

/** How often a character stands in a text. */
const countChar = {
  args: ['STRING', 'STRING'],
  returns: 'BIGINT NOT NULL',
  call: (text: string, character: string): bigint => BigInt(text.split(character).length - 1),
};

/** `board`: what lies in the tables of tests. */
export function nexmarkParty(board = new TestBoard()): Party {
  const all = [...connectors, testConnector(board)];
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map(all.map((c) => [c.name, c])),
    warn: () => {},
    loadModule: async () => ({ count_char: countChar }),
  });
  executor.session.settings.set('millrace.memory.budget', '8 gb');
  return {
    name: 'Millrace',
    execute: async (sql) => {
      const execution = await executor.execute(parseStatement(sql));
      if (execution.kind === 'job') await execution.job.done;
    },
  };
}
