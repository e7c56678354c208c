/* The plain bytes of one file, read into buffers that somebody else owns. */

import { open, type FileHandle } from 'node:fs/promises';
import { FileBytes, fileError, isGzip } from './files.ts';

export interface Fill {
  /** Reads the next bytes, `bytesMax` at most, to `to[at …]`; how many, 0 at the end. One call at a time. Throws FS2001. */
  next(to: Buffer, at: number, bytesMax: number): Promise<number>;
  /** Reading is over, once what is under way has come. */
  close(): void;
}

/** From `offset` on: of the plain bytes, when the file is compressed. */
export function fillFrom(path: string, offset: number): Fill {
  return isGzip(path) ? new StreamFill(path, offset) : new FileFill(path, offset);
}

class FileFill implements Fill {
  readonly #path: string;
  readonly #handle: Promise<FileHandle>;
  #position: number;

  constructor(path: string, offset: number) {
    this.#path = path;
    this.#position = offset;
    this.#handle = open(path);
    // Whoever reads hears of it.
    this.#handle.catch(() => {});
  }
  async next(to: Buffer, at: number, bytesMax: number): Promise<number> {
    try {
      const handle = await this.#handle;
      const { bytesRead } = await handle.read(to, at, bytesMax, this.#position);
      this.#position += bytesRead;
      return bytesRead;
    } catch (cause) {
      throw fileError('read', this.#path, cause);
    }
  }
  close(): void {
    this.#handle.then((handle) => handle.close()).catch(() => {});
  }
}

/** Through a stream that decompresses: its chunks are copied. */
class StreamFill implements Fill {
  readonly #bytes: FileBytes;
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string, offset: number) {
    this.#bytes = new FileBytes(path, offset);
  }
  async next(to: Buffer, at: number, bytesMax: number): Promise<number> {
    if (this.#rest.length === 0) this.#rest = (await this.#bytes.next()) ?? this.#rest;
    const count = this.#rest.copy(to, at, 0, bytesMax);
    this.#rest = this.#rest.subarray(count);
    return count;
  }
  close(): void {
    this.#bytes.close();
  }
}
