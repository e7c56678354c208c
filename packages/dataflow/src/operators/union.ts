/* UNION ALL: several streams into one. The node's valve has already merged their watermarks.
 * Before a sink that is written by key, -U rows go no further, for the +U replaces the row; or they go on as -D, where a
 * filter may have held the +U back. */

import type { UnionSpec } from '#job';
import { gatherBatch, type Batch, type LogicalType } from '#data';
import type { Operator, Output, Progress } from '../contracts/index.ts';
import { registerOperator } from './table.ts';

class UnionOperator implements Operator {
  readonly busy = false;
  readonly nextTimer = Infinity;
  readonly stateBytes = 0;
  readonly pending = 0;
  readonly #updateBefore: UnionSpec['updateBefore'];
  readonly #types: readonly LogicalType[];

  constructor(spec: UnionSpec, types: readonly LogicalType[]) {
    this.#updateBefore = spec.updateBefore;
    this.#types = types;
  }
  push(_input: number, batch: Batch, _from: number, out: Output): number {
    out.emit(batch.kinds === undefined ? batch : this.#changed(batch, batch.kinds));
    return batch.rows;
  }
  #changed(batch: Batch, kinds: Uint8Array): Batch {
    switch (this.#updateBefore) {
      case 'keep':
        return batch;
      case 'drop':
        return this.#without(batch, kinds);
      case 'delete':
        return { ...batch, kinds: kinds.map((kind) => (kind === 1 ? 3 : kind)) };
    }
  }
  #without(batch: Batch, kinds: Uint8Array): Batch {
    const keep: number[] = [];
    for (let row = 0; row < batch.rows; row++) if (kinds[row] !== 1) keep.push(row);
    return gatherBatch(batch, this.#types, keep);
  }
  resume(): Progress {
    return 'done';
  }
  end(): void {}
  fire(): Progress {
    return 'done';
  }
  snapshot(): void {}
  restore(): void {}
}

registerOperator<UnionSpec>('union', (spec, setup) => new UnionOperator(spec, setup.outputTypes), {
  stateless: true,
});
