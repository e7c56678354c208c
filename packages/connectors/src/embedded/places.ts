/* Where an embedded table lies.
 *
 *   <folder>/<catalog>/<database>/<table>.json       its definition, and which folder holds its rows
 *                                 <table>-1c0ffee1/  files of rows: table-files.ts
 *
 * A table that is renamed keeps its folder. */

import { ExternalError, fileName, type Disk } from '#base';
import type { KeptTable, ObjectPath } from '#catalog';

/** What stands in the definition's file. */
export interface Definition extends KeptTable {
  /** Name of the folder with its rows. */
  readonly data: string;
}

const folderOf = (root: string, { catalog, database }: ObjectPath): string =>
  `${root}/${fileName(catalog)}/${fileName(database)}`;

export const definitionFile = (root: string, path: ObjectPath): string =>
  `${folderOf(root, path)}/${fileName(path.object)}.json`;

export const dataFolder = (root: string, { path, data }: Definition): string =>
  `${folderOf(root, path)}/${data}`;

/** Undefined where there is no such table. */
export async function readDefinition(
  disk: Disk,
  root: string,
  path: ObjectPath,
): Promise<Definition | undefined> {
  const file = definitionFile(root, path);
  const bytes = await disk.read(file);
  return bytes && parsedDefinition(bytes, file);
}
/** Throws ExternalError for a file that was touched. */
export function parsedDefinition(bytes: Uint8Array, file: string): Definition {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as Definition;
  } catch (cause) {
    throw new ExternalError('EMB2001', {
      message: `${file} is no definition of a table`,
      retryable: false,
      cause,
    });
  }
}

/** Written whole or not at all. */
export async function writeDefinition(disk: Disk, root: string, definition: Definition): Promise<void> {
  const file = definitionFile(root, definition.path);
  const folder = folderOf(root, definition.path);
  await disk.makeFolder(folder);
  await disk.write(`${file}.new`, [Buffer.from(JSON.stringify(definition, undefined, 2))]);
  await disk.sync(`${file}.new`);
  await disk.rename(`${file}.new`, file);
  await disk.sync(folder);
}
