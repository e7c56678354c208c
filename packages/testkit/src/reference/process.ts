/* A process table function: state and timers of each partition in maps and arrays, timers looked for one by one. */

import type { Row, Value } from '#data';
import { userProcess, type ProcessCalls, type ProcessHost } from '#expr';
import type { ProcessSpec } from '#job';
import { keyText, msOf, SlowReference } from './reference.ts';

interface Timer {
  readonly partition: string;
  readonly key: readonly Value[];
  readonly name: string | undefined;
  readonly at: number;
  readonly due: number;
}

export class ProcessReference extends SlowReference {
  readonly #spec: ProcessSpec;
  readonly #calls: ProcessCalls;
  readonly #values = new Map<string, Value>();
  /** Lists and maps alike: an entry of a list has no key. */
  readonly #entries = new Map<string, (readonly [Value, Value])[]>();
  #timers: Timer[] = [];
  #partition = '';
  #key: readonly Value[] = [];
  #time = 0;
  /** The timer that fires, or the row in hand. */
  #fires: 'row' | 'named' | 'unnamed' = 'row';

  constructor(spec: ProcessSpec) {
    super();
    this.#spec = spec;
    const value = (state: number): string => `${state} ${this.#partition}`;
    const entries = (state: number): readonly (readonly [Value, Value])[] =>
      this.#entries.get(value(state)) ?? [];
    const become = (state: number, next: readonly (readonly [Value, Value])[]): void =>
      void this.#entries.set(value(state), [...next]);
    const same = (a: Value, b: Value): boolean => keyText([a], [0]) === keyText([b], [0]);
    const clear = (goes: (timer: Timer) => boolean): void => {
      this.#timers = this.#timers.filter((t) => t.partition !== this.#partition || !goes(t));
    };
    const partitionKey = (): readonly Value[] => this.#key;
    const [time, watermark] = [(): number => this.#time, (): number => this.watermark];
    const host: ProcessHost = {
      get partitionKey() {
        return partitionKey();
      },
      get time() {
        return time();
      },
      get watermark() {
        return watermark();
      },
      emit: (row, kind) =>
        this.emit(kind, [...spec.inputs.flatMap(() => this.#key), ...row, { ms: this.#time, ns: 0 }]),
      read: (state) => this.#values.get(value(state)) ?? null,
      write: (state, written) => void this.#values.set(value(state), written),
      list: (state) => ({
        values: () => entries(state).map(([, v]) => v),
        add: (added) => become(state, [...entries(state), [null, added]]),
        remove(removed) {
          const at = entries(state).findIndex(([, v]) => same(v, removed));
          become(
            state,
            entries(state).filter((_, i) => i !== at),
          );
          return at >= 0;
        },
        clear: () => become(state, []),
      }),
      map: (state) => {
        const without = (key: Value): (readonly [Value, Value])[] =>
          entries(state).filter(([k]) => !same(k, key));
        return {
          get: (key) => entries(state).find(([k]) => same(k, key))?.[1],
          put(key, put) {
            const isNew = entries(state).every(([k]) => !same(k, key));
            const replaced = entries(state).map((e) => (same(e[0], key) ? ([key, put] as const) : e));
            become(state, isNew ? [...replaced, [key, put]] : replaced);
          },
          remove: (key) => become(state, without(key)),
          entries: () => entries(state),
          clear: () => become(state, []),
        };
      },
      register: (name, at) => {
        clear((t) => t.name === name && (name !== undefined || t.at === at));
        const waits = this.#fires === 'row' || (this.#fires === 'named' && name === undefined);
        const due = waits ? Math.max(at, this.watermark + 1) : at;
        this.#timers.push({ partition: this.#partition, key: this.#key, name, at, due });
      },
      clearTimer: (timer) => {
        clear((t) => (typeof timer === 'string' ? t.name === timer : t.name === undefined && t.at === timer));
      },
      clearTimers: () => {
        clear(() => true);
      },
    };
    const { inputs, changes } = spec;
    this.#calls = userProcess(spec.fn).start(host, { tables: inputs, scalars: [], changes });
  }
  row(input: number, row: Row, kind: number): void {
    const { partition, time } = this.#spec.inputs[input]!;
    this.#partition = keyText(row, partition);
    this.#key = partition.map((c) => row[c]!);
    this.#time = msOf(row[time!]!);
    this.#calls.eval(input, row, kind);
  }
  override mark(watermark: number): void {
    super.mark(watermark);
    for (;;) {
      const due = this.#timers.filter((t) => t.due <= this.watermark).sort(inOrder);
      const [next] = due;
      if (next === undefined) break;
      this.#timers = this.#timers.filter((t) => t !== next);
      this.#partition = next.partition;
      this.#key = next.key;
      this.#time = next.at;
      this.#fires = next.name === undefined ? 'unnamed' : 'named';
      this.#calls.onTimer(next.name);
    }
    this.#fires = 'row';
  }
}

/** Those without a name all come in front of those with one. */
const inOrder = (a: Timer, b: Timer): number =>
  Number(a.name !== undefined) - Number(b.name !== undefined) ||
  a.due - b.due ||
  a.at - b.at ||
  ((a.name ?? '') < (b.name ?? '') ? -1 : 1);
