/* Rows → messages in ordinary memory, through a block encoder and a region of the thread's memory. */

import type { ByteWriter } from '#base';
import type { Column } from '#data';
import type { Region, ThreadMemory } from '#wasm';
import type { BlockEncoder } from '../block-encoder.ts';

const regionBytes = 1 << 17;

export class MessageBlock {
  readonly #memory: ThreadMemory;
  readonly #encoder: BlockEncoder;
  readonly #region: Region;

  private constructor(memory: ThreadMemory, encoder: BlockEncoder, region: Region) {
    this.#memory = memory;
    this.#encoder = encoder;
    this.#region = region;
  }
  /** Takes over the encoder. Undefined when there is none, or no room in the memory. */
  static create(memory: ThreadMemory, encoder: BlockEncoder | undefined): MessageBlock | undefined {
    const region = encoder && memory.allocate(regionBytes);
    if (encoder !== undefined && region !== undefined) return new MessageBlock(memory, encoder, region);
    encoder?.release();
    return undefined;
  }
  release(): void {
    this.#encoder.release();
    this.#memory.free(this.#region);
  }

  /** Appends the messages of rows from `from` on, behind each other, `bytesMax` bytes at most; returns the first row that
   *  was not written. When that is `from`, it does not fit or is one for the row encoder; else the next call goes on. */
  write(columns: readonly Column[], from: number, to: number, bytesMax: number, out: ByteWriter): number {
    const next = this.lay(columns, from, to, bytesMax);
    if (next > from) out.bytes(this.#memory.bytes, this.#region.address, this.end(next - from - 1));
    return next;
  }

  /** As `write`, but the messages stay: message i is bytes[start(i), end(i)) until the next call. */
  lay(columns: readonly Column[], from: number, to: number, bytesMax: number): number {
    const { address, bytes } = this.#region;
    return this.#encoder.encode(
      columns,
      undefined,
      from,
      to,
      address,
      address + Math.min(bytes, Math.max(0, bytesMax)),
    );
  }
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#memory.bytes;
  }
  start(i: number): number {
    return i === 0 ? this.#region.address : this.end(i - 1);
  }
  end(i: number): number {
    return this.#encoder.ends[i]!;
  }
}
