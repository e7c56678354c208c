/* The producer snapshots in a log's folder. `<offset>.snapshot` is what producers did below that offset; one is taken
 * wherever a segment ends, and at the log's end when it is closed. One that cannot be read counts as not there. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProducerState } from '../producers.ts';
import { syncFile } from './epoch-checkpoint.ts';
import { readProducers, writeProducers } from './snapshot-format.ts';

const snapshotFile = /^(\d{20})\.snapshot$/;

export interface LoadedSnapshot {
  readonly offset: number;
  readonly states: ReadonlyMap<number, ProducerState>;
}

export class ProducerSnapshots {
  readonly #folder: string;
  readonly #log: (line: string) => void;
  readonly #offsets: Set<number>;
  readonly #unsynced = new Set<number>();

  /** `names`: what lies in the folder. */
  constructor(folder: string, names: readonly string[], log: (line: string) => void) {
    this.#folder = folder;
    this.#log = log;
    const offsets = names.flatMap((name) => snapshotFile.exec(name)?.[1] ?? []);
    this.#offsets = new Set(offsets.map(Number));
  }
  #path(offset: number): string {
    return join(this.#folder, `${`${offset}`.padStart(20, '0')}.snapshot`);
  }
  get count(): number {
    return this.#offsets.size;
  }
  /** The latest that can be read of those within [from, upTo]; all later ones go. */
  latest(from: number, upTo: number, endOffset: number): LoadedSnapshot | undefined {
    for (const offset of [...this.#offsets].sort((a, b) => b - a)) {
      if (offset < from) return undefined;
      const states = offset <= upTo ? this.#read(offset) : undefined;
      if (states !== undefined) return { offset, states };
      if (offset > endOffset) this.#log(`${this.#path(offset)} goes, as the log ends at ${endOffset}`);
      else if (offset <= upTo) this.#log(`${this.#path(offset)} is no whole snapshot of producers, and goes`);
      this.drop(offset);
    }
    return undefined;
  }
  #read(offset: number): ReadonlyMap<number, ProducerState> | undefined {
    try {
      return readProducers(readFileSync(this.#path(offset)));
    } catch {
      return undefined;
    }
  }
  /** Writes one, where there is none yet. A start reads more where the disk does not take it. */
  take(offset: number, states: ReadonlyMap<number, ProducerState>): void {
    if (this.#offsets.has(offset)) return;
    const path = this.#path(offset);
    try {
      writeFileSync(path, writeProducers(states));
      this.#offsets.add(offset);
      this.#unsynced.add(offset);
    } catch (error) {
      this.#log(String(error));
      rmSync(path, { force: true });
    }
  }
  drop(offset: number): void {
    if (!this.#offsets.delete(offset)) return;
    this.#unsynced.delete(offset);
    rmSync(this.#path(offset), { force: true });
  }
  dropBelow(offset: number): void {
    this.dropAllBut((at) => at >= offset);
  }
  dropAllBut(wanted: (offset: number) => boolean): void {
    for (const offset of [...this.#offsets]) if (!wanted(offset)) this.drop(offset);
  }
  async sync(): Promise<void> {
    for (const offset of [...this.#unsynced]) {
      this.#unsynced.delete(offset);
      await syncFile(this.#path(offset));
    }
  }
}
