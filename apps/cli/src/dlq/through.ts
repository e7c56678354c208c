/* millrace dlq replay --through FILE.sql: a file of statements over the table `dead_letters`, as a job of its own whose state is
 * kept: killed, it goes on from its last checkpoint, so a sink that writes exactly once has each row once. */

import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '#base';
import { run } from '../commands/run.ts';
import type { DlqFlags } from './flags.ts';
import { filesTable, recordsTable, type LetterSource } from './source.ts';

/** Reading goes on where the last replay of this kind came to. */
const group = 'millrace-replay-through';

export async function replayThrough(name: string, source: LetterSource, flags: DlqFlags): Promise<number> {
  const file = flags.through!;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError('CLI1003', { message: `there is no file ${file}`, cause });
  }
  const folder = mkdtempSync(join(tmpdir(), 'millrace-replay-'));
  const whole = join(folder, 'replay.sql');
  try {
    writeFileSync(whole, `${lettersTable(source)};\n${text}`);
    return await run(whole, {
      target: 'embedded',
      set: [],
      name: `dlq-replay-${name.replaceAll(/[^\w.-]/g, '-')}`,
      ...(flags.stateDir === undefined ? {} : { stateDir: flags.stateDir }),
      ...(flags.json === undefined ? {} : { json: flags.json }),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function lettersTable(source: LetterSource): string {
  if (source.kind === 'files') return filesTable('dead_letters', source.path);
  return recordsTable('dead_letters', source.topic, source.properties, {
    'scan.startup.mode': 'group-offsets',
    'properties.group.id': group,
    'properties.auto.offset.reset': 'earliest',
    'scan.bounded.mode': 'latest-offset',
  });
}
