/* Our side of the Nexmark queries: the engine with all its connectors, and the function of q14 in TypeScript. */

import { connectors } from '#connectors';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import { TestBoard, testConnector } from '#testkit';
import { nexmarkModule } from '../../bench/nexmark/needs.ts';
import type { Party } from './nexmark-cases.ts';

/** `board`: what lies in the tables of tests. */
export function nexmarkParty(board = new TestBoard()): Party {
  const all = [...connectors, testConnector(board)];
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map(all.map((c) => [c.name, c])),
    warn: () => {},
    loadModule: nexmarkModule,
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
