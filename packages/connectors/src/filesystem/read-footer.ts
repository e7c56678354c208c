/* The end of a file that holds columns: its footer, brought in two reads. */

import { open, type FileHandle } from 'node:fs/promises';
import { MalformedRecord, type ColumnFile } from '#formats';
import { fileError } from './files.ts';

/** Bytes [start, end) of a file. Throws FS2001, also where the file is shorter. */
export async function readRange(
  handle: FileHandle,
  path: string,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  try {
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0) throw new Error(`it ends at byte ${start + at}`);
      at += bytesRead;
    }
  } catch (cause) {
    throw fileError('read', path, cause);
  }
  return bytes;
}

export async function openFile(
  path: string,
): Promise<{ readonly handle: FileHandle; readonly bytes: number }> {
  try {
    const handle = await open(path);
    return { handle, bytes: (await handle.stat()).size };
  } catch (cause) {
    throw fileError('read', path, cause);
  }
}

/** Throws MalformedRecord with the path. */
export async function readFooter(
  handle: FileHandle,
  path: string,
  fileBytes: number,
  file: ColumnFile,
): Promise<Uint8Array> {
  const tail = await readRange(handle, path, Math.max(0, fileBytes - file.tailBytes), fileBytes);
  const length = inFile(path, () => file.footerBytes(tail, fileBytes));
  return await readRange(handle, path, fileBytes - length, fileBytes);
}

/** What is malformed is so in this file, at this place of it. */
export function inFile<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof MalformedRecord ? error.placedAt(place) : error;
  }
}
