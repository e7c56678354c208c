/* Which Kafka the command `topic` speaks to: --bootstrap-server, else the service of this project, else an error. */

import { UserError } from '#base';
import { kafka } from '../services/kafka.ts';

export interface ClientFlags {
  readonly bootstrapServer?: string;
  readonly property: readonly string[];
}
/** Settings of Kafka's client, by its names. */
export async function clientProperties(flags: ClientFlags): Promise<Map<string, string>> {
  const properties = new Map<string, string>();
  for (const pair of flags.property) {
    const at = pair.indexOf('=');
    if (at < 1) throw new UserError('CLI1004', { message: `--property ${pair}: expected k=v` });
    properties.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const address = flags.bootstrapServer ?? properties.get('bootstrap.servers') ?? (await kafka.status())?.url;
  if (address === undefined)
    throw new UserError('CLI1005', {
      message: 'which Kafka? None was named, and the service kafka does not run here',
      hint: 'Give --bootstrap-server HOST:PORT, or start one: millrace services up kafka',
    });
  properties.set('bootstrap.servers', address);
  return properties;
}
