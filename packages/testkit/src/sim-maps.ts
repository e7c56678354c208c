/* Ordered maps in memory that lose what was not flushed, as a machine that stops does: whole transactions, the last ones
 * first. */

import { assert, type DiskMap, type DiskMapEntry, type DiskMaps, type DiskMapWriter, type Rng } from '#base';

type Content = Map<string, Uint8Array>;
const keyOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesOf = (key: string): Uint8Array => new Uint8Array(Buffer.from(key, 'latin1'));

interface SimFile {
  content: Content;
  /** What is on the medium for sure, and what was committed since. */
  sure: Content;
  since: Content[];
}

export class SimMaps implements DiskMaps {
  readonly #rng: Rng;
  readonly #files = new Map<string, SimFile>();
  /** Called before each transaction; may throw, as a disk that fails does. */
  before: (folder: string) => void = () => {};

  constructor(rng: Rng) {
    this.#rng = rng;
  }
  open(folder: string): DiskMap {
    let file = this.#files.get(folder);
    if (file === undefined) {
      file = { content: new Map(), sure: new Map(), since: [] };
      this.#files.set(folder, file);
    }
    return new SimMap(file, () => {
      this.before(folder);
    });
  }
  /** The machine stops: each map is what some transaction since its last flush left, or that flush. */
  crash(): void {
    for (const file of this.#files.values()) {
      const kept = this.#rng.below(file.since.length + 1);
      file.content = kept === 0 ? file.sure : file.since[kept - 1]!;
      file.sure = file.content;
      file.since = [];
    }
  }
  /** What lies below a folder is removed. */
  remove(path: string): void {
    for (const folder of [...this.#files.keys()])
      if (folder === path || folder.startsWith(`${path}/`)) this.#files.delete(folder);
  }
}

class SimMap implements DiskMap {
  readonly #file: SimFile;
  readonly #before: () => void;
  #closed = false;

  constructor(file: SimFile, before: () => void) {
    this.#file = file;
    this.#before = before;
  }
  get(key: Uint8Array): Uint8Array | undefined {
    assert(!this.#closed, 'a map that is closed is not read');
    return this.#file.content.get(keyOf(key));
  }
  transact(work: (to: DiskMapWriter) => void): void {
    assert(!this.#closed, 'a map that is closed is not written');
    this.#before();
    const next = new Map(this.#file.content);
    work({
      put: (key, value) => {
        next.set(keyOf(key), value.slice());
      },
      remove: (key) => {
        next.delete(keyOf(key));
      },
    });
    this.#file.content = next;
    this.#file.since.push(next);
  }
  async write(work: (to: DiskMapWriter) => void): Promise<void> {
    const calls: ((to: DiskMapWriter) => void)[] = [];
    work({
      put: (key, value) => {
        calls.push((to) => {
          to.put(key, value);
        });
      },
      remove: (key) => {
        calls.push((to) => {
          to.remove(key);
        });
      },
    });
    await Promise.resolve();
    if (this.#closed) return;
    this.transact((to) => {
      for (const call of calls) call(to);
    });
  }
  range(from: Uint8Array, to: Uint8Array, limit: number, backwards = false): readonly DiskMapEntry[] {
    const first = keyOf(from);
    const end = keyOf(to);
    const keys = [...this.#file.content.keys()].filter((key) => key >= first && key < end).sort();
    if (backwards) keys.reverse();
    return keys
      .slice(0, limit)
      .map((key) => ({ key: bytesOf(key), value: this.#file.content.get(key)!.slice() }));
  }
  keys(from: Uint8Array, to: Uint8Array, limit: number): readonly Uint8Array[] {
    return this.range(from, to, limit).map(({ key }) => key);
  }
  clear(): void {
    this.#file.content = new Map();
    this.#file.since.push(this.#file.content);
  }
  async flush(): Promise<void> {
    this.#file.sure = this.#file.content;
    this.#file.since = [];
  }
  async close(): Promise<void> {
    this.#closed = true;
  }
}
