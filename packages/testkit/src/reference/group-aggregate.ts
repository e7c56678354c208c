/* GROUP BY without a window. */

import type { Row } from '#data';
import type { GroupAggregateSpec } from '#job';
import { SlowAggregate } from './aggregate.ts';
import { adds, at, keyText, rowText, SlowReference } from './reference.ts';

interface Group {
  rows: number;
  readonly aggregates: readonly SlowAggregate[];
}

export class GroupAggregateReference extends SlowReference {
  readonly #spec: GroupAggregateSpec;
  readonly #groups = new Map<string, Group>();

  constructor(spec: GroupAggregateSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row, kind: number): void {
    const { keys, calls, updateBefore } = this.#spec;
    const key = keyText(row, keys);
    const add = adds(kind);
    if (!add && !this.#groups.has(key)) return;
    const group = at(this.#groups, key, () => ({
      rows: 0,
      aggregates: calls.map((c) => new SlowAggregate(c)),
    }));
    const result = (): Row => [...keys.map((k) => row[k]!), ...group.aggregates.map((a) => a.result())];
    const was = group.rows;
    const before = was === 0 ? [] : result();
    for (const aggregate of group.aggregates) {
      if (add) aggregate.add(row);
      else aggregate.takeBack(row);
    }
    group.rows += add ? 1 : -1;
    if (group.rows === 0) {
      this.#groups.delete(key);
      this.emit(3, before);
      return;
    }
    const after = result();
    if (was === 0) this.emit(0, after);
    else if (rowText(before) !== rowText(after)) {
      if (updateBefore) this.emit(1, before);
      this.emit(2, after);
    }
  }
}
