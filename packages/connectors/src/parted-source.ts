/* Sources whose instances each make a share of the rows: every share is a split, fixed when the job first starts. At
 * another parallelism the same shares are dealt out anew, so that each goes on from its own position.
 *
 *   first start with 2   shares 0/2, 1/2 ─▶ one an instance
 *   restored with 3      instance 0: 0/2 · instance 1: 1/2 · instance 2: nothing, and its end at once
 */

import { BugError } from '#base';
import type { Polled, Source, SourceContext, SplitPositions } from '#dataflow';

/** Reads one share: `context.instance` of `context.instances`. Holds nothing before `open`. */
export interface ShareReader {
  /** `position` is what `snapshot` returned, or undefined for a fresh start. */
  open(position: Uint8Array | undefined): Promise<void>;
  poll(): Polled;
  readonly bufferedBytes?: number;
  snapshot(): Uint8Array;
  close(): Promise<void>;
}

interface Share {
  readonly id: string;
  readonly reader: ShareReader;
  ended: boolean;
}
/** Splits of one share are numbered apart from those of the next. */
const splitsPerShare = 1 << 16;

export class PartedSource implements Source {
  readonly #context: SourceContext;
  readonly #make: (context: SourceContext) => ShareReader;
  #shares: Share[];
  #turn = 0;

  constructor(context: SourceContext, make: (context: SourceContext) => ShareReader) {
    this.#context = context;
    this.#make = make;
    // Made before the job opens it, so that a mistake in the options is found at once.
    this.#shares = [this.#share(`${context.instance}/${context.instances}`)];
  }
  async open(positions: SplitPositions | undefined): Promise<void> {
    const { instance, instances } = this.#context;
    if (positions !== undefined)
      this.#shares = [...positions.keys()]
        .sort((a, b) => shareOf(a).share - shareOf(b).share)
        .filter((_, i) => i % instances === instance)
        .map((id) => this.#share(id));
    for (const { id, reader } of this.#shares) await reader.open(positions?.get(id));
  }
  #share(id: string): Share {
    const { share, shares } = shareOf(id);
    const reader = this.#make({ ...this.#context, instance: share, instances: shares });
    return { id, reader, ended: false };
  }
  poll(): Polled {
    const count = this.#shares.length;
    for (let k = 0; k < count; k++) {
      const at = (this.#turn + k) % count;
      const share = this.#shares[at]!;
      if (share.ended) continue;
      const polled = share.reader.poll();
      if (polled.kind === 'wait') continue;
      if (polled.kind === 'end') {
        share.ended = true;
        continue;
      }
      this.#turn = (at + 1) % count;
      const id = polled.split === 0 ? share.id : `${share.id}:${polled.split}`;
      const split = shareOf(share.id).share * splitsPerShare + polled.split;
      return polled.kind === 'split-start' ? { ...polled, split, id } : { ...polled, split };
    }
    return { kind: this.#shares.every((s) => s.ended) ? 'end' : 'wait' };
  }
  get bufferedBytes(): number {
    return this.#shares.reduce((bytes, { reader }) => bytes + (reader.bufferedBytes ?? 0), 0);
  }
  snapshot(): SplitPositions {
    return new Map(this.#shares.map(({ id, reader }) => [id, reader.snapshot()]));
  }
  async close(): Promise<void> {
    for (const { reader } of this.#shares) await reader.close();
  }
}

function shareOf(id: string): { readonly share: number; readonly shares: number } {
  const match = /^(\d+)\/(\d+)$/.exec(id);
  if (match === null) throw new BugError(`"${id}" is no share of a source`);
  return { share: Number(match[1]), shares: Number(match[2]) };
}
