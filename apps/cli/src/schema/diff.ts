/* millrace schema diff OLD NEW: what changed, and who reads whom. */

import { schemaDiff, type SchemaChange } from '#schemas';
import { green, magenta, out, red } from '../terminal.ts';
import { takeNames } from './arguments.ts';
import type { SchemaFlags } from './flags.ts';
import { Sources } from './source.ts';

function line({ change, path, before, after }: SchemaChange): string {
  const name = path === '' ? 'the schema' : path;
  if (change === 'added') return green(`+ ${name}: ${after}`);
  if (change === 'removed') return red(`- ${name}: ${before}`);
  return magenta(`~ ${name}: ${before} → ${after}`);
}

export async function diff(names: readonly string[], flags: SchemaFlags): Promise<number> {
  const [old, now] = takeNames('diff', names, ['OLD', 'NEW']);
  const sources = new Sources(flags);
  try {
    const [before, after] = [await sources.schema(old!), await sources.schema(now!)];
    const changes = schemaDiff(before.parsed, after.parsed);
    const backward = after.parsed.cannotRead(before.parsed).length === 0;
    const forward = before.parsed.cannotRead(after.parsed).length === 0;
    if (flags.json) {
      out(JSON.stringify({ changes, backward, forward }));
      return 0;
    }
    for (const change of changes) out(line(change));
    if (changes.length === 0) out('no differences');
    const can = (yes: boolean): string => (yes ? 'reads' : 'does not read');
    out(`the new schema ${can(backward)} old data; the old schema ${can(forward)} new data`);
    return 0;
  } finally {
    sources.close();
  }
}
