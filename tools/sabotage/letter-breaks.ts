/* Mistakes on the way of a bad or late row: reported, made a letter, written beside the rows, sent again. */

import type { Break } from './break.ts';

const letters = { slt: 'tests/slt/bad-data/dead-letters.slt' } as const;
const whole = { vitest: 'tests/e2e/bad-data.test.ts' } as const;
const refused = { vitest: 'packages/connectors/test/jdbc/exactly-once.test.ts', named: 'refuses' } as const;
const runtime = 'packages/dataflow/src/runtime';
const kafka = 'packages/connectors/src/kafka';
const jdbc = 'packages/connectors/src/jdbc';

export const letterBreaks: readonly Break[] = [
  {
    mistake: 'the record behind the one at which letters are full is left out',
    file: `${kafka}/source/scan-decoder.ts`,
    test: { ...whole, named: 'nothing but bad records' },
    find: '      if (this.#context.badRecords?.full === true) return record;\n',
    replace: '      if (this.#context.badRecords?.full === true) return record + 1;\n',
  },
  {
    mistake: 'a source that has nothing but letters waits for rows, and holds its letters back',
    file: `${kafka}/source/source.ts`,
    test: { ...whole, named: 'nothing but bad records' },
    find: 'if (this.#decoder.rows > 0 || this.#decoder.full) return',
    replace: 'if (this.#decoder.rows > 0) return',
  },
  {
    mistake: 'the row behind one that fails is left out too',
    file: 'packages/dataflow/src/operators/calc.ts',
    test: letters,
    find: '      const next = from + 1;\n',
    replace: '      const next = Math.min(batch.rows, from + 2);\n',
  },
  {
    mistake: 'a NULL in the rowtime is reported as the row at the wrong place of the batch',
    file: `${runtime}/source-node.ts`,
    test: letters,
    find: 'this.#from - batch.rows',
    replace: '0',
  },
  {
    mistake: 'letters are written at least once beside a sink of exactly once',
    file: 'packages/plan/src/physical/rules/dead-letters.ts',
    test: { vitest: 'tests/sim/exactly-once.test.ts' },
    find: "  return given.includes('exactly-once') ? 'exactly-once' : 'at-least-once';",
    replace: "  return given.length === 0 ? 'exactly-once' : 'at-least-once';",
  },
  {
    mistake: 'late rows only count',
    file: `${runtime}/build.ts`,
    test: { slt: 'tests/slt/bad-data/late-rows.slt' },
    find: '      letters?.late(batch, fieldsOf(plan, input), row);\n',
    replace: '',
  },
  {
    mistake: 'a job at the rate that is allowed is stopped',
    file: `${runtime}/error-rate.ts`,
    test: { ...whole, named: 'mostly fails' },
    find: 'bad <= seen * this.#max.rate',
    replace: 'bad < seen * this.#max.rate',
  },
  {
    mistake: 'the second half of rows of which one was refused is not written',
    file: `${jdbc}/refused-rows.ts`,
    test: refused,
    find: '      await attempt(half, to);\n',
    replace: '',
  },
  {
    mistake: 'rows are tried without those that wait for their commit',
    file: `${jdbc}/epoch-sink.ts`,
    test: refused,
    find: '      for (const prepared of this.#uncommitted) await this.#applyPrepared(client, prepared);\n',
    replace: '',
  },
  {
    mistake: 'how far a replay came is not part of its transaction',
    file: 'apps/cli/src/dlq/replay.ts',
    test: { vitest: 'apps/cli/test/dlq.test.ts', named: 'killed and repeated' },
    find: '      writer.mark(marks.of(letter));\n',
    replace: '      if (open === 0) writer.mark({ ...marks.of(letter), offset: 0 });\n',
  },
];
