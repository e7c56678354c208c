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
        for (const part of parts) await writeAll(file, part);
      } finally {
        await file.close();
      }
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

/** `writeFile` goes in pieces of half a megabyte, each of which waits for its turn in a busy process. */
async function writeAll(file: FileHandle, part: Uint8Array): Promise<void> {
  for (let at = 0; at < part.length; ) {
    const { bytesWritten } = await file.write(part, at, Math.min(writeBytesMax, part.length - at));
    at += bytesWritten;
  }
}
const writeBytesMax = 64 << 20;

async function attempt(what: string, path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
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
