/* SESSION as a table function over rowtime: the rows of a session, in their order of arrival, once it has ended. */

import type { Row } from '#data';
import type { SessionTableSpec } from '#job';
import { SessionReference, type Session } from './sessions.ts';
import { propertiesOf } from './windows.ts';

type Kept = { readonly arrived: number; readonly row: Row; readonly kind: number }[];

export class SessionTableReference extends SessionReference<Kept> {
  readonly #properties: SessionTableSpec['properties'];
  #arrived = 0;

  constructor(spec: SessionTableSpec) {
    super(spec);
    this.#properties = spec.properties;
  }
  protected begin(): Kept {
    return [];
  }
  protected add(kept: Kept, row: Row, kind: number): void {
    kept.push({ arrived: this.#arrived++, row, kind });
  }
  protected merge(into: Kept, from: Kept): void {
    into.push(...from);
  }
  protected close(session: Session<Kept>): void {
    const window = propertiesOf(this.#properties, session);
    for (const { row, kind } of [...session.kept].sort((a, b) => a.arrived - b.arrived))
      this.emit(kind, [...row, ...window]);
  }
}
