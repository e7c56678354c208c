/* The manifest of a checkpoint: JSON on one line, and a line with its checksum. A checkpoint is what its manifest lists;
 * without one it is not there.
 *
 *   {"format":"millrace-checkpoint","version":1,"job":"orders/totals","epoch":7,…,"parts":[{"id":"…#0","bytes":812,"crc":…}]}
 *   crc32 9f0a11c2
 *
 * Version 1: all parts lie in one file beside it, one behind the other: savepoints. Version 3: they lie block by block in
 * files that checkpoints share (block-table.ts). In version 2 arrays of one table stood in another order. */

import { crc32 } from 'node:zlib';
import { ExternalError } from '#base';
import type { Checkpoint } from './checkpoint.ts';

const format = 'millrace-checkpoint';
const newestVersion = 3;
/** Of which parts are rows: every later version reads them. */
const savepointVersion = 1;

export interface PartEntry {
  readonly id: string;
  readonly bytes: number;
  readonly crc: number;
}
export interface WholeManifest extends Omit<Checkpoint, 'parts'> {
  readonly version: 1;
  /** In the order in which they lie in the file of states. */
  readonly parts: readonly PartEntry[];
}
/** A part in blocks; its entries in the table follow those of the part before. */
export interface BlocksEntry {
  readonly id: string;
  readonly bytes: number;
  readonly blocks: number;
}
export interface SharedManifest extends Omit<Checkpoint, 'parts'> {
  readonly version: 3;
  readonly parts: readonly BlocksEntry[];
  /** Names of the shared files that its blocks lie in, and their sizes. */
  readonly files: readonly (readonly [name: string, bytes: number])[];
  readonly table: { readonly bytes: number; readonly crc: number };
}
export type Manifest = WholeManifest | SharedManifest;

export function writeManifest(manifest: Manifest): Uint8Array {
  const line = JSON.stringify({ format, ...manifest });
  return Buffer.from(`${line}\ncrc32 ${hex(crc32(line))}\n`);
}

/** Throws ExternalError CHK2001 for what no manifest is, or one of another version. */
export function readManifest(bytes: Uint8Array, path: string): Manifest {
  const text = Buffer.from(bytes).toString();
  const [line = '', sum = ''] = text.split('\n');
  if (sum !== `crc32 ${hex(crc32(line))}`) throw damaged(path, 'its checksum does not fit its text');
  const { format: found, ...manifest } = JSON.parse(line) as Manifest & { readonly format: string };
  if (found !== format) throw damaged(path, `it is a ${found}`);
  const version: number = manifest.version;
  if (version !== newestVersion && version !== savepointVersion)
    throw damaged(
      path,
      `it is of version ${version}, and this program reads checkpoints of version ${newestVersion}, and savepoints`,
    );
  return manifest as Manifest;
}

export const damagedCode = 'CHK2001';
export const damaged = (path: string, why: string): ExternalError =>
  new ExternalError(damagedCode, { message: `${path} cannot be used: ${why}`, retryable: false });

const hex = (n: number): string => n.toString(16).padStart(8, '0');
