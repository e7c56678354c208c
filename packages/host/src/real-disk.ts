/* The machine's disk. What the operating system refuses is an external error that names the file. */

import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { ExternalError, type Disk } from '#base';
import { lockFile } from './lock-file.ts';

export const realDisk: Disk = {
  async read(path) {
    try {
      // A Buffer is not what its users take it for: its `slice` shares memory.
      const { buffer, byteOffset, length } = await readFile(path);
      return new Uint8Array(buffer, byteOffset, length);
    } catch (thrown) {
      if (codeOf(thrown) === 'ENOENT') return undefined;
      throw refused('read', path, thrown);
    }
  },
  write: (path, parts) =>
    attempt('write', path, async () => {
      const file = await open(path, 'w', 0o600);
      try {
        await writeAll(file, parts);
      } finally {
        await file.close();
      }
    }),
  create: (path) =>
    attempt('make', path, async () => {
      const file = await open(path, 'w', 0o600);
      return {
        append: (parts) => attempt('write', path, () => writeAll(file, parts)),
        sync: () => attempt('sync', path, () => file.sync()),
        close: () => attempt('close', path, () => file.close()),
      };
    }),
  sync: (path) =>
    attempt('sync', path, async () => {
      const file = await open(path, 'r');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    }),
  rename: (from, to) => attempt('rename', from, () => rename(from, to)),
  makeFolder: (path) =>
    attempt('make the folder', path, async () => {
      await mkdir(path, { recursive: true, mode: 0o700 });
    }),
  async list(path) {
    try {
      return (await readdir(path)).sort();
    } catch (thrown) {
      if (codeOf(thrown) === 'ENOENT') return [];
      throw refused('list', path, thrown);
    }
  },
  lock: lockFile,
  maps: async () => (await import('./lmdb-maps.ts')).lmdbMaps,
  remove: (path) => attempt('remove', path, () => rm(path, { recursive: true, force: true })),
};

/** In as few calls as may be: each waits for its turn in a busy process (`writeFile` makes one of each half megabyte). */
async function writeAll(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  const rest = parts.filter((part) => part.length > 0);
  for (let next = 0; next < rest.length; ) {
    let end = next;
    let bytes = 0;
    const call: Uint8Array[] = [];
    while (end < rest.length && call.length < writePartsMax && bytes < writeBytesMax) {
      const part = rest[end++]!.subarray(0, writeBytesMax - bytes);
      call.push(part);
      bytes += part.length;
    }
    let { bytesWritten } = await file.writev(call);
    // What was written of the last one may be a part of it.
    while (next < rest.length && bytesWritten >= rest[next]!.length) bytesWritten -= rest[next++]!.length;
    if (bytesWritten > 0) rest[next] = rest[next]!.subarray(bytesWritten);
  }
}
const writePartsMax = 1024;
const writeBytesMax = 64 << 20;

async function attempt<T>(what: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw refused(what, path, thrown);
  }
}
const codeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
const refused = (what: string, path: string, thrown: unknown): ExternalError =>
  new ExternalError('SYS2001', {
    message: `cannot ${what} ${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    cause: thrown,
  });
