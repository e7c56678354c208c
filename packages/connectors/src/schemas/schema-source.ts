/* Where a table's schemas come from, as sources and sinks see it; and the same over a client of a registry. */

import { readFileSync } from 'node:fs';
import { UserError, type World } from '#base';
import type { EncoderSchema, RegistrySettings } from '#formats';
import type { ParsedSchema } from '#schemas';

export interface SchemaSource {
  /** Undefined where there is none with this id. Rejects with ExternalError while the registry is away. */
  byId(id: number): Promise<ParsedSchema | undefined>;
  byGuid(guid: string): Promise<ParsedSchema | undefined>;
  /** Throws UserError where the registry has no such subject. */
  latest(subject: string): Promise<ParsedSchema>;
  /** The schema that messages of the subject are to be written with. Rejects with UserError where the registry has it not, and
   *  it may not be registered. */
  toWrite(
    subject: string,
    schema: EncoderSchema,
  ): Promise<{ readonly id: number; readonly guid: string | undefined; readonly schema: ParsedSchema }>;
  close(): void;
}

/** The client is loaded when a table first needs one. */
export async function openSchemaSource(world: World, settings: RegistrySettings): Promise<SchemaSource> {
  const { isRefusal, RegistryClient } = await import('#registry');
  const client = new RegistryClient({
    world,
    url: settings.url,
    // Whoever asks tries again.
    retries: 0,
    ...(settings.basicAuth === undefined ? {} : { basicAuth: settings.basicAuth }),
    ...(settings.bearerToken === undefined ? {} : { bearerToken: settings.bearerToken }),
    tls: tlsOf(settings),
  });
  const parsed = async (found: ReturnType<typeof client.byId>): Promise<ParsedSchema | undefined> => {
    try {
      return await client.parse(await found);
    } catch (error) {
      if (isRefusal(error, 40403)) return undefined;
      throw error;
    }
  };
  return {
    byId: (id) => parsed(client.byId(id, settings.subject)),
    byGuid: (guid) => parsed(client.byGuid(guid)),
    latest: async (subject) => await client.parse(await client.version(subject)),
    toWrite: async (subject, { type, text }) => {
      const found = settings.useLatest
        ? await client.version(subject)
        : settings.autoRegister
          ? await client.register(subject, { type, text }, settings.normalize)
          : await client.lookUp(subject, { type, text }, settings.normalize);
      return { id: found.id, guid: found.guid, schema: await client.parse(found) };
    },
    close: () => client.close(),
  };
}

function tlsOf({ keystore, truststore }: RegistrySettings): {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly pfx?: Buffer;
  readonly passphrase?: string;
} {
  const ca = truststore === undefined ? {} : { ca: read(truststore).toString() };
  if (keystore === undefined) return ca;
  const store = read(keystore.path);
  const passphrase = keystore.password === undefined ? {} : { passphrase: keystore.password };
  const text = store.toString('latin1');
  if (text.includes('-----BEGIN')) return { ...ca, cert: text, key: text, ...passphrase };
  return { ...ca, pfx: store, ...passphrase };
}
function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UserError('REG1007', { message: `cannot read '${path}' for the registry`, cause });
  }
}
