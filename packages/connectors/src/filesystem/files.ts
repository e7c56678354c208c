/* Finding files, and reading one as chunks of plain bytes. */

import { createReadStream, type Dirent, type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ExternalError, UserError } from '#base';

export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
}

const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** What the operating system refused, with the path that it was about. */
export function fileError(what: string, path: string, cause: unknown): ExternalError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ExternalError('FS2001', { message: `cannot ${what} '${path}': ${reason}`, cause });
}

/** All files under `root`, or `root` itself, in the order of their paths. Names that start with `.` or `_`
 *  are hidden: files in progress, success files. Throws FS1005 when there is no `root`. */
export async function findFiles(root: string, pattern: RegExp | undefined): Promise<FoundFile[]> {
  let whole: Stats;
  try {
    whole = await stat(root);
  } catch (cause) {
    if (!isCode(cause, 'ENOENT', 'ENOTDIR')) throw fileError('look at', root, cause);
    throw new UserError('FS1005', { message: `there is no file or folder '${root}'`, cause });
  }
  const files = whole.isFile() ? [await found(root)] : await inFolder(root);
  return files
    .filter((f): f is FoundFile => f !== undefined && (pattern === undefined || pattern.test(f.path)))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function inFolder(root: string): Promise<(FoundFile | undefined)[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(root, { recursive: true, withFileTypes: true });
  } catch (cause) {
    throw fileError('list', root, cause);
  }
  const paths = entries
    .filter((e) => e.isFile() || e.isSymbolicLink())
    .map((e) => join(e.parentPath, e.name));
  const visible = paths.filter(
    (p) =>
      !relative(root, p)
        .split(sep)
        .some((part) => /^[._]/.test(part)),
  );
  return await Promise.all(visible.map(found));
}

/** Undefined for what went away meanwhile, and for links to folders. */
async function found(path: string): Promise<FoundFile | undefined> {
  try {
    const { size, mtimeMs, isFile } = await stat(path).then((s) => ({
      size: s.size,
      mtimeMs: s.mtimeMs,
      isFile: s.isFile(),
    }));
    return isFile ? { path, size, modifiedMs: Math.floor(mtimeMs) } : undefined;
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return undefined;
    throw fileError('look at', path, cause);
  }
}

const chunkBytes = 1 << 20;
export const isGzip = (path: string): boolean => /\.gz(ip)?$/i.test(path);

/** The bytes of one file from `offset` on (of its plain bytes, when it is compressed), a chunk at a time: at
 *  most one chunk waits. */
export class FileBytes {
  readonly #path: string;
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Buffer>;
  #skip: number;

  constructor(path: string, offset: number) {
    this.#path = path;
    const gzip = isGzip(path);
    const raw = createReadStream(path, { start: gzip ? 0 : offset, highWaterMark: chunkBytes });
    this.#stream = raw;
    if (gzip) {
      const plain = createGunzip({ chunkSize: chunkBytes });
      raw.on('error', (error) => {
        plain.destroy(error);
      });
      raw.pipe(plain);
      plain.on('close', () => {
        raw.destroy();
      });
      this.#stream = plain;
    }
    this.#skip = gzip ? offset : 0;
    this.#chunks = (this.#stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }
  /** Undefined at the end. Throws FS2001. */
  async next(): Promise<Buffer | undefined> {
    try {
      for (;;) {
        const { done, value } = await this.#chunks.next();
        if (done === true) return undefined;
        if (value.length > this.#skip) {
          const rest = value.subarray(this.#skip);
          this.#skip = 0;
          return rest;
        }
        this.#skip -= value.length;
      }
    } catch (cause) {
      throw fileError('read', this.#path, cause);
    }
  }
  close(): void {
    this.#stream.destroy();
  }
}
