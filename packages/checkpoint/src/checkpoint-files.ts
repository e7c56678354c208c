/* One checkpoint or savepoint in a folder of its own.
 *
 *   <folder>/state         the parts, one behind the other
 *            _metadata     the manifest: written beside, synced, renamed; with it the checkpoint is there
 */

import { crc32 } from 'node:zlib';
import type { Disk } from '#base';
import type { Checkpoint } from './checkpoint.ts';
import { damaged, readManifest, writeManifest, type Manifest, type PartEntry } from './manifest.ts';

const manifestName = '_metadata';
const stateName = 'state';

/** Bytes summed up before others have their turn: about a millisecond. */
const sumStep = 1 << 20;

/** Resolves when it is on the medium, the name of the folder aside; returns its size in bytes. `breathe` lets others have
 *  their turn. Throws ExternalError. */
export async function writeCheckpoint(
  disk: Disk,
  folder: string,
  { parts, ...info }: Checkpoint,
  breathe: () => Promise<void> = async () => {},
): Promise<number> {
  await disk.remove(folder);
  await disk.makeFolder(folder);
  const bodies = [...parts.values()];
  await disk.write(`${folder}/${stateName}`, bodies);
  await disk.sync(`${folder}/${stateName}`);
  const entries: PartEntry[] = [];
  for (const [id, bytes] of parts)
    entries.push({ id, bytes: bytes.length, crc: await sumOf(bytes, breathe) });
  const manifest = writeManifest({ ...info, parts: entries });
  await disk.write(`${folder}/${manifestName}.part`, [manifest]);
  await disk.sync(`${folder}/${manifestName}.part`);
  // The manifest's name must not come through where the state's did not.
  await disk.sync(folder);
  await disk.rename(`${folder}/${manifestName}.part`, `${folder}/${manifestName}`);
  await disk.sync(folder);
  return bodies.reduce((n, b) => n + b.length, manifest.length);
}

/** CRC-32 of a part, a step at a time. */
async function sumOf(bytes: Uint8Array, breathe: () => Promise<void>): Promise<number> {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += sumStep) {
    sum = crc32(bytes.subarray(at, at + sumStep), sum);
    if (at + sumStep < bytes.length) await breathe();
  }
  return sum;
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
