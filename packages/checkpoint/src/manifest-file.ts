/* The file of a manifest: written beside, synced, renamed; with it the checkpoint is there. */

import type { Disk } from '#base';
import { readManifest, writeManifest, type Manifest } from './manifest.ts';

const manifestName = '_metadata';

/** Resolves when it is on the medium; returns its size. What it lists is on the medium, the folder's names aside. */
export async function keepManifest(disk: Disk, folder: string, manifest: Manifest): Promise<number> {
  const bytes = writeManifest(manifest);
  await disk.write(`${folder}/${manifestName}.part`, [bytes]);
  await disk.sync(`${folder}/${manifestName}.part`);
  // The manifest's name must not come through where those of its files did not.
  await disk.sync(folder);
  await disk.rename(`${folder}/${manifestName}.part`, `${folder}/${manifestName}`);
  await disk.sync(folder);
  return bytes.length;
}

/** Resolves when it is gone for good. */
export async function removeManifest(disk: Disk, folder: string): Promise<void> {
  await disk.remove(`${folder}/${manifestName}`);
  await disk.sync(folder);
}

/** Undefined where no manifest was written: the process ended in the middle, or nothing is there. Throws ExternalError
 *  CHK2001. */
export async function manifestOf(disk: Disk, folder: string): Promise<Manifest | undefined> {
  const path = `${folder}/${manifestName}`;
  const bytes = await disk.read(path);
  return bytes && readManifest(bytes, path);
}
