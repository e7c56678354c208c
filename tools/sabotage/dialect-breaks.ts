/* Mistakes in what Flink added last, and in what few queries ask for. */

import type { Break } from './break.ts';

const operators = 'packages/dataflow/src/operators';
const plan = 'packages/plan/src';
const reference = 'packages/dataflow/test/reference.test.ts';
const changelogs = 'packages/dataflow/test/changelog-functions.test.ts';

export const dialectBreaks: readonly Break[] = [
  {
    mistake: 'TO_CHANGELOG leaves the changes what they were',
    file: `${operators}/to-changelog.ts`,
    test: { vitest: changelogs, named: 'each says its change' },
    find: 'kinds: undefined });',
    replace: 'kinds: left.kinds });',
  },
  {
    mistake: 'TO_CHANGELOG leaves out what a row that only comes is',
    file: `${operators}/to-changelog.ts`,
    test: { vitest: changelogs, named: 'without a code' },
    find: '(kinds === undefined && taken[0]!)',
    replace: 'kinds === undefined',
  },
  {
    mistake: 'TO_CHANGELOG does not ask for the row of before',
    file: `${plan}/physical/nodes/to-changelog.ts`,
    test: { slt: 'tests/slt/changelogs/to-changelog.slt' },
    find: 'needsUpdateBefore: () => true',
    replace: 'needsUpdateBefore: () => false',
  },
  {
    mistake: 'the op column stands behind the others',
    file: `${plan}/logical/nodes/to-changelog.ts`,
    test: { vitest: 'tests/conformance/queries.test.ts', named: 'changelog-functions' },
    find: 'fields: [{ name, type: types.STRING, time: undefined }, ...input.fields, ...rowtime],',
    replace: 'fields: [...input.fields, ...rowtime, { name, type: types.STRING, time: undefined }],',
  },
  {
    mistake: 'FROM_CHANGELOG takes an unknown code for an insert',
    file: `${operators}/from-changelog.ts`,
    test: { vitest: changelogs, named: 'nobody knows' },
    find: 'code === null ? undefined : this.#kinds.get(code)',
    replace: 'code === null ? undefined : (this.#kinds.get(code) ?? 0)',
  },
  {
    mistake: 'FROM_CHANGELOG is thought to give rows that only come',
    file: `${plan}/physical/nodes/from-changelog.ts`,
    test: { slt: 'tests/slt/changelogs/from-changelog.slt' },
    find: 'gives: () => allChanges',
    replace: 'gives: () => ({ ...allChanges, updateBefore: false, updateAfter: false, delete: false })',
  },
  {
    mistake: 'ON CONFLICT DO NOTHING keeps the last of the rows that meet',
    file: `${operators}/compact.ts`,
    test: { vitest: reference, named: 'compact' },
    find: 'const [first] = left;',
    replace: 'const first = left.at(-1);',
  },
  {
    mistake: 'a change is not held against those that wait for the watermark',
    file: `${operators}/compact.ts`,
    test: { slt: 'tests/slt/sinks/on-conflict.slt' },
    find: 'if (equal >= 0 &&',
    replace: 'if (equal > 1e9 &&',
  },
  {
    mistake: 'ON CONFLICT DO ERROR lets rows that meet pass',
    file: `${operators}/compact.ts`,
    test: { slt: 'tests/slt/sinks/on-conflict-error.slt' },
    find: "left.length > 1 && this.#spec.conflict === 'ERROR'",
    replace: "left.length > 2 && this.#spec.conflict === 'ERROR'",
  },
  {
    mistake: 'ON CONFLICT is settled over tables without a watermark',
    file: `${plan}/physical/rules/on-conflict.ts`,
    test: { slt: 'tests/slt/sinks/on-conflict-error.slt' },
    find: 'if (without.length === 0) return;',
    replace: 'if (without.length >= 0) return;',
  },
  {
    mistake: 'a filter by the clock over changing rows passes under TRY_RESOLVE',
    file: `${plan}/physical/traits/determinism.ts`,
    test: { vitest: 'tests/conformance/determinism.test.ts' },
    find: 'checkCondition(node.condition, below);',
    replace: 'inputs.at(0);',
  },
  {
    mistake: 'columns of a key are asked to be computed alike',
    file: `${plan}/physical/traits/determinism.ts`,
    test: { vitest: 'tests/conformance/determinism.test.ts' },
    find: '!key.includes(c)',
    replace: 'c >= 0',
  },
  {
    mistake: 'a row that is taken back is looked up anew',
    file: `${operators}/lookup-join.ts`,
    test: { slt: 'tests/slt/queries/lookup-kept.slt' },
    find: 'if (answer !== undefined) current.answer = answer;',
    replace: 'if (answer !== undefined) this.#ask(current);',
  },
  {
    mistake: 'no lookup join keeps what it gave',
    file: `${plan}/physical/traits/determinism.ts`,
    test: { vitest: 'tests/conformance/determinism.test.ts' },
    find: '[...wanted].some((c) => c >= width &&',
    replace: '[...wanted].some((c) => c < 0 &&',
  },
  {
    mistake: 'a window that goes out early says the same again when it closes',
    file: `${operators}/emit-window-aggregate.ts`,
    test: { vitest: reference, named: 'emit, early and late' },
    find: 'if (sent && this.#table.row.every',
    replace: 'if (!sent && this.#table.row.every',
  },
  {
    mistake: 'a window takes late rows for ever',
    file: `${operators}/emit-window-aggregate.ts`,
    test: { vitest: reference, named: 'emit, early and late' },
    find: 'return watermark < closes + this.#spec.latenessMs ? closes',
    replace: 'return watermark > closes ? closes',
  },
  {
    mistake: 'results by the clock go out once',
    file: `${operators}/emit-window-aggregate.ts`,
    test: { slt: 'tests/slt/windows/emit-by-clock.slt' },
    find: 'if (delay !== undefined && delay > 0) this.#periods.set(slot, at + delay);',
    replace: 'this.#periods.clear(slot);',
  },
  {
    mistake: 'a NULL among the rows is forgotten by ANY and ALL',
    file: `${plan}/bind/quantified.ts`,
    test: { slt: 'tests/slt/queries/any-all-behind-groups.slt' },
    find: "{ when: binary(rows, '>', values), then: { kind: 'null', span } },",
    replace: '',
  },
  {
    mistake: '> ANY asks the greatest',
    file: `${plan}/bind/quantified.ts`,
    test: { slt: 'tests/slt/queries/any-all-behind-groups.slt' },
    find: "operator === '>' || operator === '>=' ? least : most",
    replace: "operator === '>' || operator === '>=' ? most : least",
  },
  {
    mistake: 'a sub-query behind groups reads the key beside',
    file: `${plan}/bind/grouped-values.ts`,
    test: { slt: 'tests/slt/queries/any-all-behind-groups.slt' },
    find: 'tables.push({ ...table, fields, at });',
    replace: 'tables.push({ ...table, fields, at: at + 1 });',
  },
  {
    mistake: 'a condition over a sub-query filters the left side of a LEFT JOIN',
    file: `${plan}/bind/join.ts`,
    test: { slt: 'tests/slt/queries/sub-queries-in-on.slt' },
    find: "if (ref.type === 'INNER')",
    replace: "if (ref.type !== 'FULL')",
  },
  {
    mistake: 'Top-N up to a column stops at the first',
    file: `${plan}/rewrite/top-n.ts`,
    test: { slt: 'tests/slt/queries/top-n-by-column.slt' },
    find: 'to: Number.MAX_SAFE_INTEGER',
    replace: 'to: 1',
  },
  {
    mistake: 'a partition is told by the order of its columns',
    file: 'packages/engine/src/catalogs/partitions.ts',
    test: { vitest: 'tests/conformance/ddl.test.ts', named: 'partitions' },
    find: 'a.every(([c, v]) => b.some(([d, w]) => c === d && v === w));',
    replace: 'a.every(([c, v], i) => b[i]![0] === c && b[i]![1] === v);',
  },
  {
    mistake: 'a table that changes forgets its partitions',
    file: 'packages/engine/src/catalogs/objects.ts',
    test: { vitest: 'tests/conformance/ddl.test.ts', named: 'partitions' },
    find: '...(partitions && { partitions }),',
    replace: '',
  },
];
