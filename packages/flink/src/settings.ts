/* What --set gives: `flink.*` is where and how to run, all else goes to Flink's session. */

import { didYouMean, UserError } from '#base';

export interface FlinkTarget {
  /** The SQL gateway, without a slash at its end. */
  readonly gateway: string;
  /** The JobManager's REST interface, if it was named. */
  readonly jobManager?: string;
  /** Where a savepoint of each job goes when the command is stopped; without, jobs go on. */
  readonly savepoints?: string;
  /** Properties of the session. Zone and parallelism are those of an embedded run unless they were given. */
  readonly session: Readonly<Record<string, string>>;
}

const keys = ['flink.gateway', 'flink.jobmanager', 'flink.stop-with-savepoint'] as const;

/** Throws FLK1001 without a gateway, FLK1003 for a key or an address that is none. */
export function splitSettings(pairs: readonly (readonly [string, string])[]): FlinkTarget {
  const own = new Map<string, string>();
  const session: Record<string, string> = { 'table.local-time-zone': 'UTC' };
  for (const [key, value] of pairs) {
    if (!key.startsWith('flink.')) session[key] = value;
    else if ((keys as readonly string[]).includes(key)) own.set(key, value);
    else
      throw new UserError('FLK1003', {
        message: `--set ${key}: expected one of ${keys.join(', ')}`,
        hint: didYouMean(key, keys),
      });
  }
  const gateway = own.get('flink.gateway');
  if (gateway === undefined)
    throw new UserError('FLK1001', {
      message: 'the target flink needs the address of a SQL gateway',
      hint: '--set flink.gateway=http://localhost:8083',
    });
  const jobManager = own.get('flink.jobmanager');
  const savepoints = own.get('flink.stop-with-savepoint');
  return {
    gateway: address('flink.gateway', gateway),
    ...(jobManager === undefined ? {} : { jobManager: address('flink.jobmanager', jobManager) }),
    ...(savepoints === undefined ? {} : { savepoints }),
    session,
  };
}

function address(key: string, text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new UserError('FLK1003', {
      message: `--set ${key}: expected an address such as http://localhost:8083, without user and password`,
    });
  return (url.origin + url.pathname).replace(/\/+$/, '');
}
