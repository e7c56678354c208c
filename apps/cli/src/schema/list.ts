/* millrace schema list [PREFIX]: subjects of a registry, with the latest schema of each. */

import { isRefusal } from '#registry';
import { dim, out } from '../terminal.ts';
import type { SchemaFlags } from './flags.ts';
import { registryClient } from './registry-client.ts';

export async function list(names: readonly string[], flags: SchemaFlags): Promise<number> {
  const client = await registryClient(flags);
  const [prefix] = names;
  const asked = { ...(prefix === undefined ? {} : { prefix }), deleted: flags.deleted === true };
  for (const subject of await client.subjects(asked)) {
    const latest = await client.version(subject).catch((error: unknown) => {
      // Softly deleted: it has versions, and none that counts.
      if (isRefusal(error, 40401, 40402)) return undefined;
      throw error;
    });
    if (latest === undefined) {
      out(flags.json ? JSON.stringify({ subject, deleted: true }) : `${subject}  ${dim('deleted')}`);
      continue;
    }
    const level = await client.level(subject);
    const { version, id, type } = latest;
    out(
      flags.json
        ? JSON.stringify({ subject, version, id, type, level })
        : `${subject}  ${dim(`version ${version}, id ${id}, ${type}, ${level}`)}`,
    );
  }
  client.close();
  return 0;
}
