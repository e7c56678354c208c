/* Places in the thread's memory that bytes with record batches are read into, so that the memory layer lays them open where
 * they lie.
 *
 *   slot   │ bytes, as many as came … │ quotes │ slack
 *
 * Slots are made when they are first needed, and all of a thread together take a quarter of its memory at most. Whoever
 * finds none takes ordinary memory: the work is the same, with a copy. */

import { assert } from '#base';
import { memoryPages, pageBytes, threadMemory, type Region } from '#wasm';
import { quote, sentinelBytes } from './sentinel.ts';

/** Of all slots of this thread. */
const threadBytesMax = (memoryPages * pageBytes) / 4;
let threadBytes = 0;

export class FetchSlots {
  readonly #slotBytes: number;
  readonly #slotsMax: number;
  /** The last one given back is the first one taken: its pages are warm. */
  readonly #free: Region[] = [];
  /** By address. */
  readonly #taken = new Map<number, Region>();
  #closed = false;

  /** `slotBytes`: nothing larger fits. */
  constructor(slotBytes: number, slotsMax: number) {
    this.#slotBytes = slotBytes;
    this.#slotsMax = slotsMax;
  }

  /** Memory for `bytes` that is nobody else's until it is given back; undefined when there is none. */
  take(bytes: number): Buffer | undefined {
    if (this.#closed || bytes > this.#slotBytes) return undefined;
    const region = this.#free.pop() ?? this.#make();
    if (region === undefined) return undefined;
    this.#taken.set(region.address, region);
    return Buffer.from(threadMemory().memory.buffer, region.address, bytes);
  }
  #make(): Region | undefined {
    const bytes = this.#slotBytes + sentinelBytes;
    if (this.#taken.size >= this.#slotsMax || threadBytes + bytes > threadBytesMax) return undefined;
    const region = threadMemory().allocate(bytes);
    if (region === undefined) return undefined;
    threadBytes += bytes;
    threadMemory().bytes.fill(quote, region.address + this.#slotBytes, region.address + bytes);
    return region;
  }

  /** Nobody reads or writes the bytes any more, nor any view of them. What is no slot's is left alone. */
  giveBack(bytes: Buffer): void {
    if (bytes.buffer !== threadMemory().memory.buffer) return;
    const region = this.#taken.get(bytes.byteOffset);
    assert(region !== undefined, 'a slot is given back once, as it was taken');
    this.#taken.delete(region.address);
    if (this.#closed) this.#unmake(region);
    else this.#free.push(region);
  }
  #unmake(region: Region): void {
    threadBytes -= region.bytes;
    threadMemory().free(region);
  }

  /** No more are taken. Those that are still taken go when they are given back. */
  close(): void {
    this.#closed = true;
    for (const region of this.#free.splice(0)) this.#unmake(region);
  }
}
