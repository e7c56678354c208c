/* Which registry the command `schema` asks: --url, else the service of this project, else an error. */

import { readFileSync } from 'node:fs';
import { UserError } from '#base';
import { resolveSecrets } from '#connectors';
import { realWorld } from '#host';
import { RegistryClient } from '#registry';
import { registry } from '../services/registry.ts';
import type { SchemaFlags } from './flags.ts';

function certificate(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError('CLI1003', { message: `--ca: there is no file ${file}`, cause });
  }
}

/** Whoever has it closes it. Throws CLI1005 where no registry is named. */
export async function registryClient({ url, user, token, ca }: SchemaFlags): Promise<RegistryClient> {
  const address = url ?? (await registry.status())?.url;
  if (address === undefined)
    throw new UserError('CLI1005', {
      message: 'which registry? None was named, and the service registry does not run here',
      hint: 'Give --url http://HOST:PORT, or start one: millrace services up registry',
    });
  return new RegistryClient({
    world: realWorld(),
    url: resolveSecrets(address),
    retries: 1,
    ...(user === undefined ? {} : { basicAuth: resolveSecrets(user) }),
    ...(token === undefined ? {} : { bearerToken: resolveSecrets(token) }),
    ...(ca === undefined ? {} : { tls: { ca: certificate(ca) } }),
  });
}
