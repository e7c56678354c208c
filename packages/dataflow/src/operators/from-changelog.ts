/* FROM_CHANGELOG: each row is the change that its op column says; the other columns go on as they are. A code that nobody
 * knows fails the job, for a change that is taken for another would make the result wrong. Stateless. */

import { UserError } from '#base';
import { readValue, type Batch } from '#data';
import type { FromChangelogSpec } from '#job';
import type { Operator, Output, Progress } from '../contracts/index.ts';
import { registerOperator } from './table.ts';

class FromChangelogOperator implements Operator {
  readonly busy = false;
  readonly nextTimer = Infinity;
  readonly stateBytes = 0;
  readonly pending = 0;
  readonly #spec: FromChangelogSpec;
  readonly #kinds: ReadonlyMap<string, number>;

  constructor(spec: FromChangelogSpec) {
    this.#spec = spec;
    this.#kinds = new Map(spec.codes);
  }
  push(_input: number, batch: Batch, _from: number, out: Output): number {
    const { op, type } = this.#spec;
    const kinds = new Uint8Array(batch.rows);
    for (let row = 0; row < batch.rows; row++)
      kinds[row] = this.#kindOf(readValue(batch.columns[op]!, type, row) as string | null);
    out.emit({ ...batch, columns: batch.columns.filter((_, i) => i !== op), kinds });
    return batch.rows;
  }
  #kindOf(code: string | null): number {
    const kind = code === null ? undefined : this.#kinds.get(code);
    if (kind !== undefined) return kind;
    throw new UserError('DATA3004', {
      message:
        code === null
          ? 'FROM_CHANGELOG received a NULL op code. Every changelog row must carry an operation code.'
          : `FROM_CHANGELOG received the invalid op code '${code}'. Defined op codes are: [${[...this.#kinds.keys()].join(', ')}].`,
      hint: 'Name the code in op_mapping, or leave such rows out in front: FROM_CHANGELOG(input => (SELECT … WHERE op IN (…)), …).',
    });
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

registerOperator<FromChangelogSpec>('from-changelog', (spec) => new FromChangelogOperator(spec), {
  stateless: true,
});
