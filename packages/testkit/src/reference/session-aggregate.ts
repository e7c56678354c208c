/* Aggregates over SESSION windows of rowtime. */

import type { Row } from '#data';
import type { SessionAggregateSpec } from '#job';
import { SlowAggregate } from './aggregate.ts';
import { adds } from './reference.ts';
import { SessionReference, type Session } from './sessions.ts';
import { propertiesOf } from './windows.ts';

interface Kept {
  rows: number;
  readonly aggregates: readonly SlowAggregate[];
}

export class SessionAggregateReference extends SessionReference<Kept> {
  readonly #calls: SessionAggregateSpec;

  constructor(spec: SessionAggregateSpec) {
    super(spec);
    this.#calls = spec;
  }
  protected begin(): Kept {
    return { rows: 0, aggregates: this.#calls.calls.map((c) => new SlowAggregate(c)) };
  }
  protected add(kept: Kept, row: Row, kind: number): void {
    kept.rows += adds(kind) ? 1 : -1;
    for (const aggregate of kept.aggregates) {
      if (adds(kind)) aggregate.add(row);
      else aggregate.takeBack(row);
    }
  }
  protected merge(into: Kept, from: Kept): void {
    into.rows += from.rows;
    into.aggregates.forEach((a, i) => {
      a.merge(from.aggregates[i]!);
    });
  }
  /** A session whose rows were all taken back gives nothing. */
  protected close(session: Session<Kept>): void {
    const { rows, aggregates } = session.kept;
    if (rows === 0) return;
    const window = propertiesOf(this.#calls.properties, session);
    this.emit(0, [...session.key, ...aggregates.map((a) => a.result()), ...window]);
  }
}
