/* Places where the code is broken on purpose, one at a time, to see that a test notices. `find` stands exactly once in its
 * file. A break is a mistake that somebody could make; the test named is the cheapest that must see it. */

export interface Break {
  /** What is wrong then, in words. */
  readonly mistake: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** `vitest`: test files; `slt`: SQL test files. */
  readonly test: { readonly vitest: string } | { readonly slt: string };
}

const operators = 'packages/dataflow/src/operators';
const aggregates = 'packages/dataflow/src/aggregates';
const runtime = 'packages/dataflow/src/runtime';

export const breaks: readonly Break[] = [
  {
    mistake: 'an accumulator is left out of the snapshot',
    file: `${aggregates}/sum.ts`,
    test: { slt: 'tests/slt/aggregates' },
    find: 'to.f64s(this.sums, size);',
    replace: 'to.f64s(new Float64Array(size), size);',
  },
  {
    mistake: 'a filter drops the watermark marks',
    file: 'packages/expr/src/compile/columns.ts',
    test: { vitest: 'packages/expr/test/calc.test.ts' },
    find: 'return count === 0 ? noMarks : { count, at, watermark };',
    replace: 'return count >= 0 ? noMarks : { count, at, watermark };',
  },
  {
    mistake: 'a window fires 1 ms early',
    file: `${operators}/window-aggregate.ts`,
    test: { vitest: 'packages/dataflow/test/contract.test.ts' },
    find: 'this.#clock.firesAt(next) > time',
    replace: 'this.#clock.firesAt(next) - 1 > time',
  },
  {
    mistake: '-0 and 0 are one key inside a ROW',
    file: 'packages/state/src/slot-column.ts',
    test: { vitest: 'packages/state/test/slot-column.test.ts' },
    find: "if (typeof a === 'number') return Object.is(a, b);",
    replace: "if (typeof a === 'number') return a === b || Object.is(a, b);",
  },
  {
    mistake: 'a retraction is forgotten',
    file: `${aggregates}/count.ts`,
    test: { slt: 'tests/slt/aggregates/retract.slt' },
    find: 'this.#counts[slot]!--;',
    replace: 'this.#counts[slot]! -= 0;',
  },
  {
    mistake: 'NULL is counted as 0',
    file: `${aggregates}/sum.ts`,
    test: { slt: 'tests/slt/aggregates/group-by.slt' },
    find: '    if (isNullAt(column, row)) return;\n    this.counts[slot]!++;\n    this.#plus(slot, column, row, 1);',
    replace: '    this.counts[slot]!++;\n    this.#plus(slot, column, row, 1);',
  },
  {
    mistake: "the greatest of the inputs' watermarks instead of the least",
    file: `${runtime}/valve.ts`,
    test: { vitest: 'packages/dataflow/test/valve.test.ts' },
    find: 'if (c.watermark >= this.#watermark && c.watermark < least) least = c.watermark;',
    replace: 'least = least === Infinity ? c.watermark : Math.max(least, c.watermark);',
  },
  {
    mistake: 'an idle input holds the others back',
    file: `${runtime}/valve.ts`,
    test: { slt: 'tests/slt/time/idle.slt' },
    find: 'if (c.idle) continue;',
    replace: '',
  },
  {
    mistake: "the key group depends on the row's place in the batch",
    file: `${runtime}/exchange.ts`,
    test: { vitest: 'tests/properties/aggregates.test.ts' },
    find: 'const group = keyGroupOf(hashCells(columns, row));',
    replace: 'const group = (keyGroupOf(hashCells(columns, row)) + (row & 1) * 64) % 128;',
  },
  {
    mistake: 'the TTL is ignored',
    file: `${operators}/group-aggregate.ts`,
    test: { vitest: 'packages/dataflow/test/contract.test.ts' },
    find: 'if (ttlMs > 0) this.#expire(now, row);',
    replace: '',
  },
  {
    mistake: 'a late row is counted in',
    file: `${operators}/window-aggregate.ts`,
    test: { slt: 'tests/slt/windows' },
    find: 'if (nextEnd > lastEnd) return undefined;',
    replace: 'if (nextEnd > lastEnd) nextEnd = lastEnd;',
  },
  {
    mistake: 'a distinct value is not counted out',
    file: `${aggregates}/distinct.ts`,
    test: { vitest: 'tests/properties/aggregates.test.ts' },
    find: 'this.#value(columns, row), -1) === 0',
    replace: 'this.#value(columns, row), -1) === -1',
  },
  {
    mistake: 'a filter forgets the kinds of change',
    file: 'packages/expr/src/compile/program.ts',
    test: { slt: 'tests/slt/aggregates/global.slt' },
    find: 'batch: { rows, columns, kinds, marks }',
    replace: 'batch: { rows, columns, kinds: undefined, marks }',
  },
  {
    mistake: 'a sum that outgrows 2^53 is not noticed',
    file: `${aggregates}/sum.ts`,
    test: { vitest: 'tests/properties/aggregates.test.ts' },
    find: 'if (sum <= Number.MAX_SAFE_INTEGER && sum >= Number.MIN_SAFE_INTEGER)',
    replace: 'if (!Number.isNaN(sum))',
  },
  {
    mistake: 'a decimal average is cut instead of rounded',
    file: `${aggregates}/sum.ts`,
    test: { vitest: 'tests/properties/aggregates.test.ts' },
    find: 'const q = (n * 2n + b) / (b * 2n);',
    replace: 'const q = n / b;',
  },
  {
    mistake: "a session's gap is 1 ms short",
    file: `${operators}/session-operator.ts`,
    test: { slt: 'tests/slt/windows' },
    find: 'start, start + gapMs, this.#ended',
    replace: 'start, start + gapMs - 1, this.#ended',
  },
  {
    mistake: 'the rows of sessions that merge stand one behind the other, not as they came',
    file: `${operators}/session-table.ts`,
    test: { slt: 'tests/slt/windows/session-table.slt' },
    find: '    into.sort((a, b) => this.#arrival[a]! - this.#arrival[b]!);\n',
    replace: '',
  },
  {
    mistake: 'a window of the hour that comes twice closes the first time',
    file: 'packages/expr/src/values/zone.ts',
    test: { slt: 'tests/slt/windows/session-table-changes.slt' },
    find: 'return later > first && instantToLocal(zone, later) === localMs ? later : first;',
    replace: 'return Math.min(first, later);',
  },
  {
    mistake: 'normalize speaks of rows that did not change',
    file: `${operators}/normalize.ts`,
    test: { vitest: 'tests/properties/upserts.test.ts' },
    find: 'else if (ttlMs === 0 && this.#row.every(',
    replace: 'else if (ttlMs < 0 && this.#row.every(',
  },
  {
    mistake: 'the materializer keeps only the last row',
    file: `${operators}/materialize.ts`,
    test: { vitest: 'tests/properties/upserts.test.ts' },
    find: 'else list.push(values);',
    replace: 'else list.splice(0, list.length, values);',
  },
  {
    mistake: 'among equals the newest ranks first',
    file: `${operators}/row-order.ts`,
    test: { vitest: 'tests/properties/top-n.test.ts' },
    find: 'this.#bag.arrivalOf(a) - this.#bag.arrivalOf(b)',
    replace: 'this.#bag.arrivalOf(b) - this.#bag.arrivalOf(a)',
  },
  {
    mistake: 'rows that take the places of one another pass for updates of one key',
    file: 'packages/plan/src/physical/rank.ts',
    test: { slt: 'tests/slt/queries/top-n-sinks.slt' },
    find: 'upsertKeys: byPosition ? [] : traits.upsertKeys,',
    replace: 'upsertKeys: traits.upsertKeys,',
  },
  {
    mistake: 'a MIN that begins as NULL is thought never to grow',
    file: 'packages/plan/src/physical/rank.ts',
    test: { slt: 'tests/slt/queries/top-n.slt' },
    find: "course !== 'constant' && !nullsLast",
    replace: "course === 'constant' && !nullsLast",
  },
  {
    mistake: 'NOT NULL is not enforced',
    file: `${runtime}/sink-node.ts`,
    test: { slt: 'tests/slt/sinks/not-null.slt' },
    find: 'this.#current = this.#enforce(batch);',
    replace: 'this.#current = batch;',
  },
  {
    mistake: 'a restored source begins again',
    file: `${runtime}/source-node.ts`,
    test: { slt: 'tests/slt/aggregates/group-by.slt' },
    find: 'return new BytesReader(state).bytes();',
    replace: 'return new BytesReader(state).bytes().fill(0);',
  },
  {
    mistake: 'a byte is lost where the snapshot grows',
    file: 'packages/state/src/bytes.ts',
    test: { vitest: 'packages/state/test/bytes.test.ts' },
    find: '    const at = this.#reserve(1);\n    this.#data[at] = value;',
    replace: '    this.#data[this.#reserve(1)] = value;',
  },
  {
    mistake: 'a sink that took half a batch goes on with another',
    file: `${runtime}/sink-node.ts`,
    test: { vitest: 'packages/dataflow/test/job.test.ts' },
    find: '          this.#turn = at;\n          return true;',
    replace: '',
  },
  {
    mistake: 'a snapshot is taken before what an end freed is out',
    file: `${runtime}/node.ts`,
    test: { vitest: 'packages/dataflow/test/node.test.ts' },
    find: 'c.aligned || (c.ended && c.queue.length === 0)',
    replace: 'c.aligned || c.ended',
  },
  {
    mistake: 'a source that had ended is read again after a restore',
    file: `${runtime}/job.ts`,
    test: { vitest: 'packages/dataflow/test/job.test.ts' },
    find: 'for (const n of missing) checkpoint.states.set(stateKey(n.id, n.instance), finishedState);',
    replace: '',
  },
  {
    mistake: 'behind HAVING, -U is dropped although no +U follows',
    file: 'packages/plan/src/physical/sink.ts',
    test: { slt: 'tests/slt/sinks/filtered-updates.slt' },
    find: 'return dropUpdateBefore(input, filtersUpdates(input), table, accepted);',
    replace: 'return dropUpdateBefore(input, false, table, accepted);',
  },
  {
    mistake: 'a pushed filter reads the columns from before pruning',
    file: 'packages/plan/src/rewrite/prune.ts',
    test: { slt: 'tests/slt/sources/filter-push-down.slt' },
    find: 'const pushed = rel.pushed && moved(rel.pushed, at);',
    replace: 'const { pushed } = rel;',
  },
  {
    mistake: 'rows in flight are not asked again after a restore',
    file: `${operators}/lookup-join.ts`,
    test: { vitest: 'packages/dataflow/test/lookup-join.test.ts' },
    find: 'this.#askAgain = this.#queue.length > 0;',
    replace: '',
  },
  {
    mistake: 'a removed key leaves a hole in its chain',
    file: 'packages/state/src/slot-index.ts',
    test: { vitest: 'packages/state/test/slot-index.test.ts' },
    find: '      places[gap] = places[at]!;\n      gap = at;',
    replace: '      break;',
  },
];
