/* What print sinks wrote: lines of the TaskManager's output, by the identifier in front of them.
 *
 *   q17> +U[["1","a",null]]  ──▶  'q17' ──▶ +U, ["1", "a", null] */

import { setTimeout as sleep } from 'node:timers/promises';

/** A change as its kind and its cells, each cast to STRING. */
export type Change = readonly [kind: string, ...cells: (string | null)[]];

const line = /^(q[\w-]+)> (\+I|-U|\+U|-D)\[(.*)\]$/;
const pauseMs = 12;

export class Printed {
  #rest = '';
  #arrivals = 0;
  readonly #changes = new Map<string, Change[]>();

  /** More of the output. */
  readonly take = (text: string): void => {
    this.#arrivals++;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const one of lines) {
      const [, id, kind, row] = line.exec(one) ?? [];
      if (id === undefined) continue;
      const changes = this.#changes.get(id) ?? [];
      this.#changes.set(id, changes);
      changes.push([kind!, ...(JSON.parse(row!) as (string | null)[])]);
    }
  };
  /** Waits until what was written is here: the job that wrote it has ended. */
  async settled(): Promise<void> {
    for (let quiet = 0, seen = this.#arrivals; quiet < 3; seen = this.#arrivals) {
      await sleep(pauseMs);
      quiet = seen === this.#arrivals && this.#rest === '' ? quiet + 1 : 0;
    }
  }
  /** All changes under an identifier, which is forgotten. */
  of(id: string): Change[] {
    const changes = this.#changes.get(id) ?? [];
    this.#changes.delete(id);
    return changes;
  }
}
