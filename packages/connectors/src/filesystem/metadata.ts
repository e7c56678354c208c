/* The metadata columns of files. */

import { BugError } from '#base';
import type { MetadataField } from '#catalog';
import { basename } from 'node:path';
import { notNull, types, type Value } from '#data';
import type { FoundFile } from './files.ts';

const readOnly = (key: string, type: MetadataField['type']): MetadataField => ({
  key,
  type: notNull(type),
  readable: true,
  writable: false,
});

export const fileMetadata: readonly MetadataField[] = [
  readOnly('file.path', types.STRING),
  readOnly('file.name', types.STRING),
  readOnly('file.size', types.BIGINT),
  readOnly('file.modification-time', types.timestampLtz(3)),
];

export function metadataValue(key: string, file: FoundFile): Value {
  switch (key) {
    case 'file.path':
      return file.path;
    case 'file.name':
      return basename(file.path);
    case 'file.size':
      return BigInt(file.size);
    case 'file.modification-time':
      return { ms: file.modifiedMs, ns: 0 };
    default:
      throw new BugError(`a file has no metadata '${key}'`);
  }
}
