/* One WebAssembly memory a thread: 1 GiB from the start, so that it never grows and no view is ever
 * detached; only pages that are touched cost memory. Regions of it are handed out and taken back.
 *
 *   0 ─ nothing ─ 64 KiB ─ regions, each with `slack` bytes behind it ─ 1 GiB */

import { assert, LRUCache } from '#base';

export const pageBytes = 1 << 16;
/** 1 GiB. */
export const memoryPages = (1 << 30) / pageBytes;
/** Bytes behind a region that may be read and written over: vector code works in steps of 16 bytes. */
const slack = 64;
const alignment = 64;
/** Compiled modules that are kept. */
const modulesMax = 32;
const latin1 = new TextDecoder('latin1');

/** A stretch of the memory that belongs to whoever asked for it. */
export interface Region {
  readonly address: number;
  readonly bytes: number;
}

export class ThreadMemory {
  readonly memory = new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages });
  /** By their bytes: a job that is like one before goes on with code that was optimized already. */
  readonly #modules = new LRUCache<string, WebAssembly.Module>(modulesMax);
  /** All of it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Free stretches by address; neighbours are merged. */
  #free: { start: number; end: number }[] = [{ start: pageBytes, end: memoryPages * pageBytes }];

  constructor() {
    this.bytes = new Uint8Array(this.memory.buffer);
  }

  /** A region of at least `bytes`, or undefined when there is none: then the work is done in ordinary
   *  memory. */
  allocate(bytes: number): Region | undefined {
    const size = Math.ceil((bytes + slack) / alignment) * alignment;
    const gap = this.#free.find((f) => f.end - f.start >= size);
    if (gap === undefined) return undefined;
    const region = { address: gap.start, bytes };
    gap.start += size;
    if (gap.start === gap.end) this.#free.splice(this.#free.indexOf(gap), 1);
    return region;
  }

  /** Takes a region back. No view of it may be used afterwards. */
  free(region: Region): void {
    const start = region.address;
    const end = start + Math.ceil((region.bytes + slack) / alignment) * alignment;
    const at = this.#free.findIndex((f) => f.start >= end);
    const next = at < 0 ? this.#free.length : at;
    assert(next === 0 || this.#free[next - 1]!.end <= start, 'a region is given back once');
    this.#free.splice(next, 0, { start, end });
    const merged: { start: number; end: number }[] = [];
    for (const gap of this.#free) {
      const last = merged.at(-1);
      if (last !== undefined && last.end === gap.start) last.end = gap.end;
      else merged.push({ ...gap });
    }
    this.#free = merged;
  }

  /** Compiles a module over this memory and returns its exported functions. */
  instantiate(code: Uint8Array<ArrayBuffer>): Readonly<Record<string, (...args: number[]) => number>> {
    const text = latin1.decode(code);
    let module = this.#modules.get(text);
    if (module === undefined) {
      module = new WebAssembly.Module(code);
      this.#modules.set(text, module);
    }
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    return instance.exports as Readonly<Record<string, (...args: number[]) => number>>;
  }
}

let mine: ThreadMemory | undefined;

/** The memory of this thread. */
export function threadMemory(): ThreadMemory {
  mine ??= new ThreadMemory();
  return mine;
}

/** Whether `data` is all of this thread's memory, as ThreadMemory.bytes is. */
export function isThreadMemory(data: Uint8Array): boolean {
  return mine !== undefined && mine.bytes === data;
}
