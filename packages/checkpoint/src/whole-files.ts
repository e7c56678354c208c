/* A checkpoint that stands by itself, in a folder of its own: how savepoints lie.
 *
 *   <folder>/state         the parts, one behind the other
 *            _metadata     the manifest
 */

import { crc32 } from 'node:zlib';
import type { Disk } from '#base';
import { bytesOf, partOf } from '#state';
import type { Checkpoint } from './checkpoint.ts';
import { sumOf } from './checksum.ts';
import { damaged, type PartEntry, type WholeManifest } from './manifest.ts';
import { keepManifest } from './manifest-file.ts';

const stateName = 'state';

/** Resolves when it is on the medium, the name of the folder aside; returns its size in bytes. Its parts refer to no others.
 *  `breathe` lets others have their turn. Throws ExternalError. */
export async function writeWhole(
  disk: Disk,
  folder: string,
  { parts, ...info }: Checkpoint,
  breathe: () => Promise<void> = async () => {},
): Promise<number> {
  await disk.remove(folder);
  await disk.makeFolder(folder);
  const bodies = [...parts.values()].map((part) => bytesOf(part));
  await disk.write(`${folder}/${stateName}`, bodies);
  await disk.sync(`${folder}/${stateName}`);
  const entries: PartEntry[] = [];
  for (const id of parts.keys()) {
    const bytes = bodies[entries.length]!;
    entries.push({ id, bytes: bytes.length, crc: await sumOf([bytes], breathe) });
  }
  const manifest = await keepManifest(disk, folder, { ...info, version: 1, parts: entries });
  return bodies.reduce((n, b) => n + b.length, manifest);
}

/** Throws ExternalError CHK2001 where it is not whole. */
export async function readWhole(
  disk: Disk,
  folder: string,
  { parts: entries, version: _, ...info }: WholeManifest,
): Promise<Checkpoint> {
  const path = `${folder}/${stateName}`;
  const state = await disk.read(path);
  if (state === undefined) throw damaged(path, 'it is not there');
  const parts = new Map<string, ReturnType<typeof partOf>>();
  let at = 0;
  for (const { id, bytes, crc } of entries) {
    const part = state.subarray(at, at + bytes);
    if (part.length < bytes) throw damaged(path, `it ends at byte ${state.length}, within "${id}"`);
    if (crc32(part) !== crc) throw damaged(path, `the checksum of "${id}" does not fit its bytes`);
    parts.set(id, partOf(part));
    at += bytes;
  }
  return { ...info, parts };
}
