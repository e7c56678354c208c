/* Blocks of a share's snapshots, sent to the thread of its job, which writes them. */

import { present } from '#base';
import type { BlockTarget } from '#state';
import type { FromShare } from './messages.ts';

type Post = (message: FromShare, transfer: readonly ArrayBuffer[]) => void;

export class SentBlocks {
  readonly #post: Post;
  readonly #waiting = new Map<number, (memory: ArrayBuffer) => void>();
  #sent = 0;

  constructor(post: Post) {
    this.#post = post;
  }
  /** The target of one snapshot. */
  target(epoch: number): BlockTarget {
    let count = 0;
    return {
      put: ({ buffer: memory, length }, written) => {
        const block = this.#sent++;
        this.#waiting.set(block, written);
        this.#post({ kind: 'block', epoch, block, memory, length }, [memory]);
        return count++;
      },
    };
  }
  /** The memory of a block came back. */
  written(block: number, memory: ArrayBuffer): void {
    const written = present(this.#waiting.get(block), 'memory comes back once');
    this.#waiting.delete(block);
    written(memory);
  }
}
