/* All that a process table function keeps of its partitions beside timers, by the number of the state: values, lists and maps. */

import { assert } from '#base';
import type { LogicalType } from '#data';
import type { ProcessList, ProcessMap, ProcessState } from '#expr';
import type { StateStore } from '#state';
import { ProcessValue, type PartitionKey } from './process-state.ts';
import { ProcessListView, ProcessMapView } from './process-views.ts';

export class ProcessStates {
  readonly #states: readonly (ProcessValue | ProcessListView | ProcessMapView)[];

  constructor(
    states: readonly ProcessState[],
    parts: { readonly store: StateStore; readonly key: readonly LogicalType[]; readonly jobTtlMs: number },
  ) {
    const { store, key, jobTtlMs } = parts;
    this.#states = states.map((state) => {
      if (state.kind === 'list') return new ProcessListView(state, store, key, jobTtlMs);
      if (state.kind === 'map') return new ProcessMapView(state, store, key, jobTtlMs);
      return new ProcessValue(state, store, key, jobTtlMs);
    });
  }
  /** Partitions of the state that has the most of them. */
  get partitions(): number {
    return this.#states.reduce((most, state) => Math.max(most, state.size), 0);
  }
  value(state: number): ProcessValue {
    const found = this.#states[state];
    assert(found instanceof ProcessValue, `state ${state} is a value`);
    return found;
  }
  list(state: number, key: PartitionKey): ProcessList {
    const found = this.#states[state];
    assert(found instanceof ProcessListView, `state ${state} is a list`);
    return found.of(key);
  }
  map(state: number, key: PartitionKey): ProcessMap {
    const found = this.#states[state];
    assert(found instanceof ProcessMapView, `state ${state} is a map`);
    return found.of(key);
  }
}
