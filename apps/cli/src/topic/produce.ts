/* millrace topic produce: a record a line, of standard input or a file. */

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ExternalError, UserError } from '#base';
import { TopicWriter } from '#connectors';
import { realWorld } from '#host';
import { onStop } from '../signals.ts';
import { out, warn } from '../terminal.ts';
import { clientProperties } from './address.ts';
import { counted, number, type TopicFlags } from './flags.ts';

export async function produce(topic: string, flags: TopicFlags): Promise<number> {
  const partition = flags.partition.length === 0 ? undefined : number('partition', flags.partition.at(-1), 0);
  const headers = flags.header.map(header);
  const writer = await TopicWriter.open(realWorld(), topic, await clientProperties(flags), warn);
  const input = flags.file === undefined || flags.file === '-' ? process.stdin : createReadStream(flags.file);
  const lines = createInterface({ input, crlfDelay: Infinity });
  const stop = onStop(async () => {
    lines.close();
  });
  let written = 0;
  try {
    for await (const line of linesOf(lines, flags.file)) {
      const { key, value } = split(line, flags.keySeparator);
      await writer.add({
        partition,
        headers,
        key: key === null ? null : Buffer.from(key),
        value: flags.tombstones === true && value === '' ? null : Buffer.from(value),
      });
      written++;
    }
  } finally {
    // What was added is in the topic, whatever came then.
    await writer.close();
    stop.off();
  }
  out(
    flags.json
      ? JSON.stringify({ topic, records: written })
      : `${counted(written, 'record')} written to ${topic}`,
  );
  return stop.code;
}

/** The lines, with what reading failed with as an error of the command line. */
async function* linesOf(lines: AsyncIterable<string>, file: string | undefined): AsyncIterable<string> {
  try {
    yield* lines;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR')
      throw new UserError('CLI1003', { message: `there is no file ${file}`, cause });
    throw new ExternalError('CLI3001', {
      message: `${file ?? 'standard input'} cannot be read: ${message}`,
      cause,
    });
  }
}

/** With a separator, what stands in front of it is the key; a line without one has none. */
function split(line: string, separator: string | undefined): { key: string | null; value: string } {
  const at = separator === undefined ? -1 : line.indexOf(separator);
  return at < 0
    ? { key: null, value: line }
    : { key: line.slice(0, at), value: line.slice(at + separator!.length) };
}

function header(pair: string): { key: string; value: Uint8Array } {
  const at = pair.indexOf('=');
  if (at < 1) throw new UserError('CLI1004', { message: `--header ${pair}: expected k=v` });
  return { key: pair.slice(0, at), value: Buffer.from(pair.slice(at + 1)) };
}
