/* One checkpoint or savepoint in a folder of its own.
 *
 *   <folder>/state         the parts, one behind the other
 *            _metadata     the manifest: written beside, synced, renamed; with it the checkpoint is there
 */

import { crc32 } from 'node:zlib';
import type { Disk } from '#base';
import type { Checkpoint } from './checkpoint.ts';
import { damaged, readManifest, writeManifest, type Manifest } from './manifest.ts';

const manifestName = '_metadata';
const stateName = 'state';

/** Resolves when it is on the medium, the name of the folder aside; returns its size in bytes. Throws ExternalError. */
export async function writeCheckpoint(
  disk: Disk,
  folder: string,
  { parts, ...info }: Checkpoint,
): Promise<number> {
  await disk.remove(folder);
  await disk.makeFolder(folder);
  const bodies = [...parts.values()];
  await disk.write(`${folder}/${stateName}`, bodies);
  await disk.sync(`${folder}/${stateName}`);
  const manifest = writeManifest({
    ...info,
    parts: [...parts].map(([id, bytes]) => ({ id, bytes: bytes.length, crc: crc32(bytes) })),
  });
  await disk.write(`${folder}/${manifestName}.part`, [manifest]);
  await disk.sync(`${folder}/${manifestName}.part`);
  // The manifest's name must not come through where the state's did not.
  await disk.sync(folder);
  await disk.rename(`${folder}/${manifestName}.part`, `${folder}/${manifestName}`);
  await disk.sync(folder);
  return bodies.reduce((n, b) => n + b.length, manifest.length);
}

/** Undefined where no manifest was written: the process ended in the middle, or nothing is there. */
export async function manifestOf(disk: Disk, folder: string): Promise<Manifest | undefined> {
  const path = `${folder}/${manifestName}`;
  const bytes = await disk.read(path);
  return bytes && readManifest(bytes, path);
}

/** Throws ExternalError CHK2001 where it is not whole. */
export async function readCheckpoint(disk: Disk, folder: string): Promise<Checkpoint | undefined> {
  const manifest = await manifestOf(disk, folder);
  if (manifest === undefined) return undefined;
  const path = `${folder}/${stateName}`;
  const state = await disk.read(path);
  if (state === undefined) throw damaged(path, 'it is not there');
  const { parts: entries, ...info } = manifest;
  const parts = new Map<string, Uint8Array>();
  let at = 0;
  for (const { id, bytes, crc } of entries) {
    const part = state.subarray(at, at + bytes);
    if (part.length < bytes) throw damaged(path, `it ends at byte ${state.length}, within "${id}"`);
    if (crc32(part) !== crc) throw damaged(path, `the checksum of "${id}" does not fit its bytes`);
    parts.set(id, part);
    at += bytes;
  }
  return { ...info, parts };
}
