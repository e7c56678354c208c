/* millrace dlq purge: letters that nobody needs any more go: all, or those that were replayed. */

import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '#base';
import { KafkaAdmin } from '#connectors';
import { out, warn } from '../terminal.ts';
import { counted } from '../topic/flags.ts';
import type { DlqFlags } from './flags.ts';
import { letters, type LetterSource } from './source.ts';

export async function purge(name: string, source: LetterSource, flags: DlqFlags): Promise<number> {
  const purged =
    source.kind === 'topic'
      ? await purgeTopic(source, flags.replayed === true)
      : purgeFiles(source.path, flags);
  out(
    flags.json === true
      ? JSON.stringify({ letters: name, purged })
      : `${counted(purged, 'letter')} of ${name} deleted`,
  );
  return 0;
}

async function purgeTopic(
  source: Extract<LetterSource, { kind: 'topic' }>,
  onlyReplayed: boolean,
): Promise<number> {
  const { topic, properties } = source;
  const admin = await KafkaAdmin.open(properties, warn);
  try {
    const { partitions } = await admin.describe(topic);
    const marks = onlyReplayed ? await admin.lag('millrace-replay', topic) : undefined;
    const before = new Map<number, bigint>();
    for (const { partition, start, end } of partitions) {
      const upTo =
        marks === undefined ? end : (marks.find((m) => m.partition === partition)?.offset ?? start);
      if (upTo <= start) continue;
      before.set(partition, upTo);
    }
    // Offsets are of marks of transactions too: letters are counted one by one.
    let purged = 0;
    for await (const { mark } of letters(source))
      if (mark.offset <= Number(before.get(mark.partition) ?? 0)) purged++;
    if (before.size > 0) await admin.deleteRecords(topic, before);
    return purged;
  } finally {
    await admin.close();
  }
}

function purgeFiles(path: string, { replayed }: DlqFlags): number {
  if (replayed === true)
    throw new UserError('CLI1004', {
      message: '--replayed: of files nothing but all of them can be deleted',
      hint: 'Only a topic of letters is deleted in part.',
    });
  // Hidden files are still being written.
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((f) => !f.startsWith('.'))
        .map((f) => join(path, f))
    : [path];
  let purged = 0;
  for (const file of files) {
    purged += readFileSync(file, 'latin1').split('\n').length - 1;
    rmSync(file);
  }
  return purged;
}
