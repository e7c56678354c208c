/* Mistakes in timers, in the places of fetched and laid bytes, and in functions of text on bytes. */

import type { Break } from './break.ts';

const state = 'packages/state/src/memory';
const timers = { vitest: 'packages/state/test/timers.test.ts' } as const;
const layer = { vitest: 'packages/records/test/memory-layer.test.ts' } as const;
const text = { vitest: 'packages/expr/test/text-bytes.test.ts' } as const;

export const byteBreaks: readonly Break[] = [
  {
    mistake: 'an entry of a timer that has moved to another bucket counts',
    file: `${state}/timer-buckets.ts`,
    test: timers,
    find: ' &&\n      Math.floor(this.#times.values[slot]! / this.#width) === number\n',
    replace: '\n',
  },
  {
    mistake: 'a timer that comes near keeps its place in a bucket',
    file: `${state}/timers.ts`,
    test: timers,
    find: '    if (place !== 0) this.#take(slot, place);\n    this.#times',
    replace: '    this.#times',
  },
  {
    mistake: 'the first bucket is the one that was opened first',
    file: `${state}/timer-buckets.ts`,
    test: timers,
    find: 'if (number < least) least = number;',
    replace: 'least = Math.min(number, 0) + number;',
  },
  {
    mistake: 'what is laid in front runs into the batch that is kept',
    file: 'packages/records/src/memory-layer.ts',
    test: layer,
    find: 'this.#end = this.#lastStart - slackBytes - sentinelBytes;',
    replace: 'this.#end = this.#dataEnd;',
  },
  {
    mistake: 'behind the batch that is kept is behind the batch laid last',
    file: 'packages/records/src/memory-layer.ts',
    test: layer,
    find: '    this.#at = this.#keptEnd;\n',
    replace: '    this.#at = this.#lastEnd;\n',
  },
  {
    mistake: 'a batch on its way shares its memory with the next one',
    file: 'packages/connectors/src/kafka/sink/batch-pool.ts',
    test: { vitest: 'packages/connectors/test/kafka/batch-pool.test.ts' },
    find: '      const [piece] = this.#spare.splice(at, 1);\n',
    replace: '      const [piece] = this.#spare.slice(at, at + 1);\n',
  },
  {
    mistake: 'a fetch slot comes back before its rows were taken',
    file: 'packages/connectors/src/kafka/source/fetcher.ts',
    test: { vitest: 'packages/connectors/test/kafka/slots.test.ts', named: 'none, columns by a scanner' },
    find: '    if (this.#closed) answer.release();\n    else this.#read.push(answer);\n',
    replace: '    answer.release();\n',
  },
  {
    mistake: 'SUBSTRING counts bytes',
    file: 'packages/expr/src/compile/text-parts.ts',
    test: text,
    find: '    while (to < end && continues(data[to]!)) to++;\n',
    replace: '',
  },
  {
    mistake: 'LOWER maps bytes beyond ASCII one by one',
    file: 'packages/expr/src/compile/made-text.ts',
    test: text,
    find: '    if (byte > 127) return -1;\n',
    replace: '',
  },
  {
    mistake: 'a repetition that would have to give back is taken for simple',
    file: 'packages/expr/src/values/regex/byte-program.ts',
    test: text,
    find: '      if (overlap(item.set!, next.set!)) return false;\n',
    replace: '',
  },
  {
    mistake: 'rows before a NULL in a NOT NULL column are lost',
    file: 'packages/dataflow/src/runtime/not-null.ts',
    test: { vitest: 'packages/engine/test/not-null.test.ts' },
    find: 'batch: gatherBatch(batch, outputTypes, keep), failure: this.#error',
    replace: 'batch: gatherBatch(batch, outputTypes, []), failure: this.#error',
  },
  {
    mistake: 'a job that ended keeps its nodes',
    file: 'packages/dataflow/src/runtime/share.ts',
    test: { vitest: 'packages/engine/test/ended-jobs.test.ts' },
    find: '      this.#built = undefined;\n      this.#alignment',
    replace: '      this.#alignment',
  },
];
