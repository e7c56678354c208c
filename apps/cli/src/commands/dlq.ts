/* millrace dlq: dead letters, in a topic or in files. */

import { nearest, UserError } from '#base';
import type { DlqFlags } from '../dlq/flags.ts';
import { list, show } from '../dlq/list.ts';
import { purge } from '../dlq/purge.ts';
import { replayToSource } from '../dlq/replay.ts';
import { letterSource } from '../dlq/source.ts';
import { replayThrough } from '../dlq/through.ts';

const actions: Readonly<Record<string, (name: string | undefined, flags: DlqFlags) => Promise<number>>> = {
  list,
  show: (name, flags) => show(named(name), flags),
  replay: (name, flags) => replay(named(name), flags),
  purge: async (name, flags) => purge(named(name), await letterSource(named(name), flags), flags),
};

export async function dlqCommand(action: string, name: string | undefined, flags: DlqFlags): Promise<number> {
  const run = actions[action];
  if (run !== undefined) return run(name, flags);
  const meant = nearest(action, Object.keys(actions));
  throw new UserError('CLI1001', {
    message: `dlq ${action}: expected ${Object.keys(actions).join(', ')}`,
    hint: meant === undefined ? undefined : `Did you mean ${meant}?`,
  });
}
function named(name: string | undefined): string {
  if (name !== undefined) return name;
  throw new UserError('CLI1001', {
    message: 'which dead letters? Their topic, folder or table is missing',
    hint: 'millrace dlq list shows them.',
  });
}
async function replay(name: string, flags: DlqFlags): Promise<number> {
  if ((flags.toSource === true) === (flags.through !== undefined))
    throw new UserError('CLI1001', {
      message: 'dlq replay needs one of --to-source and --through FILE.sql',
    });
  const source = await letterSource(name, flags);
  return flags.toSource === true
    ? await replayToSource(name, source, flags)
    : await replayThrough(name, source, flags);
}
