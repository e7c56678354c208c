/* Memory for the blocks of a share's snapshots: what was written is used again, for memory that nobody has touched yet costs more
 * than what is copied into it. */

import type { BlockOutput, BlockTarget } from '#state';

/** Memory of a block as a rule (state/page-guard.ts). */
const memoryBytes = 1 << 16;
/** Blocks of fewer bytes get memory of their own. */
const smallBytes = 1 << 14;
/** Bytes that may be on their way: who copies waits then. */
const outBytesMax = 16 << 20;

export class BlockPool {
  readonly #free: ArrayBuffer[] = [];
  #out = 0;
  readonly #freed: () => void;

  /** `freed` is called when there is room again. */
  constructor(freed: () => void) {
    this.#freed = freed;
  }
  get hasRoom(): boolean {
    return this.#out < outBytesMax;
  }
  room(bytes: number): Uint8Array<ArrayBuffer> {
    if (bytes < smallBytes || bytes > memoryBytes) return new Uint8Array(bytes);
    return new Uint8Array(this.#free.pop() ?? new ArrayBuffer(memoryBytes), 0, bytes);
  }
  /** Puts a block into a target; its memory comes back. */
  putInto(target: BlockTarget, block: Uint8Array<ArrayBuffer>): number {
    const { length } = block;
    this.#out += length;
    return target.put(block, (memory) => {
      const hadRoom = this.hasRoom;
      this.#out -= length;
      if (memory.byteLength === memoryBytes) this.#free.push(memory);
      if (!hadRoom && this.hasRoom) this.#freed();
    });
  }
}

/** The blocks of one snapshot, on their way to `target`. */
export class PooledBlocks implements BlockOutput {
  readonly id: number;
  readonly #pool: BlockPool;
  readonly #target: BlockTarget;

  constructor(id: number, pool: BlockPool, target: BlockTarget) {
    this.id = id;
    this.#pool = pool;
    this.#target = target;
  }
  get hasRoom(): boolean {
    return this.#pool.hasRoom;
  }
  room(bytes: number): Uint8Array<ArrayBuffer> {
    return this.#pool.room(bytes);
  }
  put(block: Uint8Array<ArrayBuffer>): number {
    return this.#pool.putInto(this.#target, block);
  }
}
