/* Mistakes in process table functions: what they keep, the tables they read, the changes they take and give. */

import type { Break } from './break.ts';

const operators = 'packages/dataflow/src/operators';
const reference = 'packages/dataflow/test/reference-process.test.ts';

export const processBreaks: readonly Break[] = [
  {
    mistake: 'whoever goes through a list of a process function meets what came meanwhile',
    file: `${operators}/process-views.ts`,
    test: { vitest: reference },
    find: 'for (const walk of this.#walks) walk.readAll();',
    replace: '',
  },
  {
    mistake: 'an entry of a list lives no longer than the first one',
    file: `${operators}/process-views.ts`,
    test: { slt: 'tests/slt/functions/process-views.slt' },
    find: `    this.partitions.writeOne(owner);
    return owner;`,
    replace: '    return owner;',
  },
  {
    mistake: 'an entry that lived too long is still in its map',
    file: `${operators}/process-views.ts`,
    test: { slt: 'tests/slt/functions/process-views.slt' },
    find: 'return slot < 0 || !this.rows.fresh(slot) ? -1 : slot;',
    replace: 'return slot;',
  },
  {
    mistake: 'null goes into a list of a process function',
    file: 'packages/engine/src/functions/process-state.ts',
    test: { vitest: 'tests/conformance/processes.test.ts', named: 'nullListed' },
    find: 'if (found === null) throw within.failed(`${did} "${name}" null, and a list has no nulls`);',
    replace: '',
  },
  {
    mistake: 'a row of the second table goes by the partition of the first',
    file: `${operators}/process.ts`,
    test: { slt: 'tests/slt/functions/process-tables.slt' },
    find: 'const { partition, time } = this.#spec.inputs[input]!;',
    replace: 'const { partition, time } = this.#spec.inputs[0]!;',
  },
  {
    mistake: 'a row of any table is given to the first',
    file: 'packages/engine/src/functions/process-calls.ts',
    test: { vitest: 'tests/conformance/processes.test.ts', named: 'gathered' },
    find: 'tables++ === table ?',
    replace: 'tables++ === 0 ?',
  },
  {
    mistake: 'a function whose partition is no key of the changes is asked without -U',
    file: 'packages/plan/src/physical/nodes/process.ts',
    test: { vitest: 'tests/conformance/processes.test.ts', named: 'kinds' },
    find: 'return !asItComes || !isUpsertedByPartition(node, input, below[input]!);',
    replace: 'return !asItComes;',
  },
  {
    mistake: 'a function gives deletes that are keys alone to one that requires whole ones',
    file: 'packages/plan/src/physical/traits/deletes.ts',
    test: { vitest: 'tests/plans/plans.test.ts', named: 'process' },
    find: ' && !requiresFullDelete;',
    replace: ';',
  },
  {
    mistake: 'a row of a kind that was not declared goes out',
    file: 'packages/engine/src/functions/process-context.ts',
    test: { vitest: 'packages/engine/test/process-functions.test.ts' },
    find: 'if (!kinds.includes(kind))',
    replace: 'if (kinds.length === 0)',
  },
  {
    mistake: 'all that a function is given came just now',
    file: `${operators}/process.ts`,
    test: { slt: 'tests/slt/functions/process-changes.slt' },
    find: 'kinds?.[row] ?? changeKind.insert',
    replace: 'changeKind.insert',
  },
  {
    mistake: 'a late row of a table in an order is taken',
    file: `${operators}/ordered-rows.ts`,
    test: { vitest: reference },
    find: 'return timeAt(columns[this.#time]!, row) <= watermarks[row]!;',
    replace: 'return timeAt(columns[this.#time]!, row) < watermarks[row]!;',
  },
  {
    mistake: 'rows in an order forget what change they are',
    file: `${operators}/ordered-rows.ts`,
    test: { slt: 'tests/slt/functions/process-order.slt' },
    find: 'out.endRow(this.#changes.values[slot]!);',
    replace: 'out.endRow(0);',
  },
];
