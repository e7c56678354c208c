/* Counters and gauges by node and instance, under Flink's names: numLateRecordsDropped, … */

import type { FieldDrift, OperatorMetrics, Trouble } from '../contracts/index.ts';
import type { SilentSplits, SplitProgress } from './split-watermarks.ts';

export interface NodeMetrics {
  readonly id: string;
  readonly title: string;
  readonly instance: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly watermark: number;
  /** Memory of its state, or of what its connector has buffered. */
  readonly heldBytes: number;
  readonly counters: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
  /** Of a source that cannot read, a lookup that gets no answer, or a sink that cannot write, at the moment. */
  readonly trouble: Trouble | undefined;
  /** Of a source whose watermark some splits hold back. */
  readonly silentSplits: SilentSplits | undefined;
  /** Of a source with watermarks: where its splits are. */
  readonly splits: readonly SplitProgress[] | undefined;
  /** Of a source: how what it reads differs from its table. */
  readonly drift: readonly FieldDrift[] | undefined;
  /** No row is to be expected of it: it holds nobody back. */
  readonly idle: boolean;
}

export class MetricsBoard {
  readonly #counters = new Map<string, Map<string, number>>();
  readonly #gauges = new Map<string, Map<string, () => number>>();

  of(id: string, instance: number): OperatorMetrics {
    const key = `${id}#${instance}`;
    return {
      count: (name, by) => {
        const group = this.#counters.get(key) ?? new Map<string, number>();
        this.#counters.set(key, group);
        group.set(name, (group.get(name) ?? 0) + by);
      },
      gauge: (name, read) => {
        const group = this.#gauges.get(key) ?? new Map<string, () => number>();
        this.#gauges.set(key, group);
        group.set(name, read);
      },
    };
  }
  counters(id: string, instance: number): ReadonlyMap<string, number> {
    return this.#counters.get(`${id}#${instance}`) ?? new Map();
  }
  gauges(id: string, instance: number): [string, number][] {
    return [...(this.#gauges.get(`${id}#${instance}`) ?? [])].map(([name, read]) => [name, read()]);
  }
}
