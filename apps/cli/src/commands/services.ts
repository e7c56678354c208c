/* millrace services: embedded servers of the project in the current folder, kept under .millrace/. */

import { UserError } from '#base';
import { postgresStatus, startPostgres, stopPostgres } from '#connectors';
import { realWorld } from '#host';
import { out } from '../terminal.ts';

const known = ['postgres'];

export async function services(
  action: string,
  names: readonly string[],
  flags: { readonly json?: boolean },
): Promise<number> {
  if (!['up', 'down', 'list'].includes(action))
    throw new UserError('CLI1001', { message: `services ${action}: expected up, down or list` });
  const wrong = names.find((n) => !known.includes(n));
  if (wrong !== undefined) {
    const later = ['kafka', 'registry'].includes(wrong);
    throw new UserError('CLI1002', {
      message: `the service ${wrong} ${later ? 'is not supported yet' : 'does not exist'}`,
      hint: `There is: ${known.join(', ')}.`,
    });
  }
  const world = realWorld();
  if (action === 'down') {
    const stopped = await stopPostgres(world);
    tell(
      flags,
      { service: 'postgres', status: stopped ? 'stopped' : 'not running' },
      stopped ? 'postgres: stopped' : 'postgres: was not running',
    );
    return 0;
  }
  const at = action === 'up' ? await startPostgres(world) : await postgresStatus(world);
  if (at === undefined) tell(flags, { service: 'postgres', status: 'not running' }, 'postgres: not running');
  else {
    const url = `jdbc:postgresql://${at.host}:${at.port}/${at.database}`;
    tell(
      flags,
      { service: 'postgres', status: 'running', url, user: at.user },
      `postgres: running at ${url}, user ${at.user}; in SQL: 'url' = 'jdbc:postgresql:embedded'`,
    );
  }
  return 0;
}

function tell(flags: { readonly json?: boolean }, json: unknown, text: string): void {
  out(flags.json ? JSON.stringify(json) : text);
}
