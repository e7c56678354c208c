/* The manifest of a checkpoint: JSON on one line, and a line with its checksum. A checkpoint is what its manifest lists;
 * without one it is not there.
 *
 *   {"format":"millrace-checkpoint","version":1,"job":"orders/totals","epoch":7,…,"parts":[{"id":"…#0","bytes":812,"crc":…}]}
 *   crc32 9f0a11c2
 */

import { crc32 } from 'node:zlib';
import { ExternalError } from '#base';
import type { Checkpoint } from './checkpoint.ts';

const format = 'millrace-checkpoint';
const version = 1;

export interface PartEntry {
  readonly id: string;
  readonly bytes: number;
  readonly crc: number;
}
export interface Manifest extends Omit<Checkpoint, 'parts'> {
  /** In the order in which they lie in the file of states. */
  readonly parts: readonly PartEntry[];
}

export function writeManifest(manifest: Manifest): Uint8Array {
  const line = JSON.stringify({ format, version, ...manifest });
  return Buffer.from(`${line}\ncrc32 ${hex(crc32(line))}\n`);
}

/** Throws ExternalError CHK2001 for what no manifest is, or one of a later version. */
export function readManifest(bytes: Uint8Array, path: string): Manifest {
  const text = Buffer.from(bytes).toString();
  const [line = '', sum = ''] = text.split('\n');
  if (sum !== `crc32 ${hex(crc32(line))}`) throw damaged(path, 'its checksum does not fit its text');
  const {
    format: found,
    version: written,
    ...manifest
  } = JSON.parse(line) as Manifest & {
    readonly format: string;
    readonly version: number;
  };
  if (found !== format) throw damaged(path, `it is a ${found}`);
  if (written > version)
    throw damaged(path, `it is of version ${written}, and this program reads up to ${version}`);
  return manifest;
}

export const damaged = (path: string, why: string): ExternalError =>
  new ExternalError('CHK2001', { message: `${path} cannot be used: ${why}`, retryable: false });

const hex = (n: number): string => n.toString(16).padStart(8, '0');
