/* The files of a jar: enough of the ZIP format for what Maven publishes (stored and deflated entries, no ZIP64). */

import { inflateRawSync } from 'node:zlib';

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;

/** Path and bytes of every file. Throws when the bytes are no jar. */
export function* readJar(jar: Buffer): Iterable<readonly [path: string, bytes: Buffer]> {
  let end = jar.length - 22;
  while (end >= 0 && jar.readUInt32LE(end) !== endSignature) end--;
  if (end < 0) throw new Error('the file is no jar');
  let at = jar.readUInt32LE(end + 16);
  for (let n = jar.readUInt16LE(end + 10); n > 0; n--) {
    if (jar.readUInt32LE(at) !== entrySignature) throw new Error('the directory of the jar is damaged');
    const method = jar.readUInt16LE(at + 10);
    const size = jar.readUInt32LE(at + 20);
    const nameLength = jar.readUInt16LE(at + 28);
    const extra = jar.readUInt16LE(at + 30) + jar.readUInt16LE(at + 32);
    const local = jar.readUInt32LE(at + 42);
    const path = jar.toString('utf8', at + 46, at + 46 + nameLength);
    const start = local + 30 + jar.readUInt16LE(local + 26) + jar.readUInt16LE(local + 28);
    const bytes = jar.subarray(start, start + size);
    yield [path, method === 0 ? bytes : inflateRawSync(bytes)];
    at += 46 + nameLength + extra;
  }
}
