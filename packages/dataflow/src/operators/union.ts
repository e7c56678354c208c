/* UNION ALL: several streams into one. The node's valve has already merged their watermarks.
 * With `dropUpdateBefore`, -U rows go no further, where nobody downstream needs them. */

import { gatherBatch, type Batch, type LogicalType } from '#data';
import type { Operator, Output, Progress } from '../contracts/index.ts';
import { registerOperator } from './table.ts';

export interface UnionSpec {
  readonly dropUpdateBefore: boolean;
}

class UnionOperator implements Operator {
  readonly busy = false;
  readonly nextTimer = Infinity;
  readonly pending = 0;
  readonly #drop: boolean;
  readonly #types: readonly LogicalType[];

  constructor(spec: UnionSpec, types: readonly LogicalType[]) {
    this.#drop = spec.dropUpdateBefore;
    this.#types = types;
  }
  push(_input: number, batch: Batch, _from: number, out: Output): number {
    out.emit(this.#drop && batch.kinds !== undefined ? this.#without(batch, batch.kinds) : batch);
    return batch.rows;
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

registerOperator<UnionSpec>('union', (spec, setup) => new UnionOperator(spec, setup.outputTypes));
