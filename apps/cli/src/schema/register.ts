/* millrace schema register SUBJECT FILE. */

import { isRefusal, type RegistryClient } from '#registry';
import { out } from '../terminal.ts';
import { takeNames } from './arguments.ts';
import { checkFailed, type SchemaFlags } from './flags.ts';
import { check, resultJson, resultText } from './findings.ts';
import { Sources, type NamedSchema } from './source.ts';

export async function register(names: readonly string[], flags: SchemaFlags): Promise<number> {
  const [subject, file] = takeNames('register', names, ['SUBJECT', 'FILE']);
  const sources = new Sources(flags);
  try {
    const schema = await sources.file(file!);
    return await registerSchema(await sources.client(), subject!, schema, flags);
  } finally {
    sources.close();
  }
}
/** Ends with 4 when the registry refuses it as incompatible. */
export async function registerSchema(
  client: RegistryClient,
  subject: string,
  schema: NamedSchema,
  flags: SchemaFlags,
): Promise<number> {
  try {
    const { id, version } = await client.register(subject, schema, flags.normalize === true);
    out(flags.json ? JSON.stringify({ subject, version, id }) : `${subject}: version ${version}, id ${id}`);
    return 0;
  } catch (error) {
    if (!isRefusal(error, 409, 40901)) throw error;
    const level = await client.level(subject);
    const versions = await client.versions(subject);
    const previous = await Promise.all(
      versions.map(async (version) => ({
        version,
        schema: await client.parse(await client.version(subject, version)),
      })),
    );
    const result = check(schema.parsed, previous, level);
    // The registry's own words where we find nothing.
    if (result.conflict === undefined) throw error;
    const shown = new Map(versions.map((version) => [version, `${subject}, version ${version}`]));
    out(
      flags.json
        ? JSON.stringify({ subject, ...resultJson(result, shown) })
        : resultText(result, schema.name, shown),
    );
    return checkFailed;
  }
}
