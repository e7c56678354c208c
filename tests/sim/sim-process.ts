/* A process on a simulated machine: its clock, disk and network are the machine's until it is killed. From then on no timer
 * of it fires, nothing that it asked for is answered, and its connections are closed. */

import type { Disk, DiskLock, DiskMap, DiskMaps, Rng, Timer, World } from '#base';
import type { Broker } from '#broker';
import type { SimWorld } from '#testkit';

type Link = ReturnType<Broker['connect']>;

export class SimProcess implements World {
  readonly rng: Rng;
  readonly disk: Disk;
  readonly #machine: SimWorld;
  readonly #broker: () => Broker;
  readonly #timers = new Set<Timer>();
  readonly #links: Link[] = [];
  /** They go with the process. */
  readonly #locks: DiskLock[] = [];
  #killed = false;

  constructor(machine: SimWorld, broker: () => Broker) {
    this.#machine = machine;
    this.#broker = broker;
    this.rng = machine.rng;
    const { disk } = machine;
    this.disk = {
      read: (path) => this.#alive(() => disk.read(path)),
      write: (path, parts) => this.#alive(() => disk.write(path, parts)),
      create: (path) =>
        this.#alive(async () => {
          const file = await disk.create(path);
          return {
            append: (parts) => this.#alive(() => file.append(parts)),
            sync: () => this.#alive(() => file.sync()),
            close: () => this.#alive(() => file.close()),
          };
        }),
      sync: (path) => this.#alive(() => disk.sync(path)),
      rename: (from, to) => this.#alive(() => disk.rename(from, to)),
      makeFolder: (path) => this.#alive(() => disk.makeFolder(path)),
      list: (path) => this.#alive(() => disk.list(path)),
      remove: (path) => this.#alive(() => disk.remove(path)),
      lock: (path) =>
        this.#alive(async () => {
          const lock = await disk.lock(path);
          if ('release' in lock) this.#locks.push(lock);
          return lock;
        }),
      maps: () => this.#alive(() => disk.maps()),
    };
  }
  /** What is asked for before the process is killed may still happen; nobody hears of it. */
  async #alive<T>(ask: () => Promise<T>): Promise<T> {
    const never = new Promise<never>(() => {});
    if (this.#killed) return never;
    const answer = await ask();
    return this.#killed ? never : answer;
  }
  /** The machine's maps. What a killed process would go on writing must not meet what the next one reads. */
  get maps(): DiskMaps {
    const { ordered } = this.#machine.disk;
    return { open: (folder) => this.#own(ordered.open(folder)) };
  }
  #own(map: DiskMap): DiskMap {
    return {
      get: (key) => map.get(key),
      range: (...asked) => map.range(...asked),
      keys: (...asked) => map.keys(...asked),
      transact: (work) => {
        if (!this.#killed) map.transact(work);
      },
      clear: () => {
        if (!this.#killed) map.clear();
      },
      write: (work) => this.#alive(() => map.write(work)),
      flush: () => this.#alive(() => map.flush()),
      close: () => map.close(),
    };
  }
  now(): number {
    return this.#machine.now();
  }
  monotonic(): number {
    return this.#machine.monotonic();
  }
  after(delayMs: number, callback: () => void): Timer {
    if (this.#killed) return { cancel: () => {} };
    const timer = this.#machine.after(delayMs, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
    return timer;
  }
  breathe(): Promise<void> {
    return this.#alive(() => this.#machine.breathe());
  }
  /** A connection to the broker. */
  readonly dial = (): Link => {
    if (this.#killed) throw new Error('a process that is dead opens no connection');
    const link = this.#broker().connect();
    this.#links.push(link);
    return link;
  };
  kill(): void {
    this.#killed = true;
    for (const lock of this.#locks.splice(0)) void lock.release();
    for (const timer of this.#timers) timer.cancel();
    for (const link of this.#links) link.close();
  }
}
