/* TUMBLE, HOP and CUMULATE as table functions: each row once per window that holds it, of a HOP the last window first. */

import type { Row } from '#data';
import type { WindowTableSpec } from '#job';
import { msOf, SlowReference } from './reference.ts';
import { propertiesOf, windowsOf } from './windows.ts';

export class WindowTableReference extends SlowReference {
  readonly #spec: WindowTableSpec;

  constructor(spec: WindowTableSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row, kind: number): void {
    const { shape, time, properties } = this.#spec;
    const windows = windowsOf(shape, msOf(row[time!]!));
    for (const window of shape.kind === 'hop' ? windows.toReversed() : windows)
      this.emit(kind, [...row, ...propertiesOf(properties, window)]);
  }
}
