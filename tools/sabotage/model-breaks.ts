/* Mistakes in models and what asks them. */

import type { Break } from './break.ts';

const endToEnd = 'tests/e2e/models.test.ts';

export const modelBreaks: readonly Break[] = [
  {
    mistake: 'a model is not asked about NULL',
    file: 'packages/dataflow/src/operators/known-answers.ts',
    find: 'if (this.#spec.asksNull !== true) for (const value of key)',
    replace: 'for (const value of key)',
    test: { slt: 'tests/slt/models/predict.slt' },
  },
  {
    mistake: 'a column that the model answers takes the place of one of the table',
    file: 'packages/plan/src/logical/nodes/predict.ts',
    find: 'taken.has(name) ? `${name}0` : name',
    replace: 'name',
    test: { slt: 'tests/slt/models/predict.slt' },
  },
  {
    mistake: 'ML_PREDICT takes rows that change',
    file: 'packages/plan/src/physical/rules/predict.ts',
    find: "    requireInserts(below, 'ML_PREDICT', 'MLPredictTableFunction', to, changesHint);\n",
    replace: '    void [requireInserts, changesHint];\n',
    test: { slt: 'tests/slt/models/refused.slt' },
  },
  {
    mistake: 'what a call says of its rows in flight is read over',
    file: 'packages/plan/src/physical/rules/predict.ts',
    find: 'capacity: concurrent ?? Number(',
    replace: 'capacity: Number(concurrent === 0) + Number(',
    test: { vitest: endToEnd, named: 'so many questions at a time' },
  },
  {
    mistake: 'a service is asked once more than it may be',
    file: 'packages/connectors/src/openai/runtime.ts',
    find: 'tries >= this.#tries',
    replace: 'tries > this.#tries',
    test: { vitest: endToEnd, named: 'a question is asked again so often' },
  },
  {
    mistake: 'the trouble of a service began a day before',
    file: 'packages/connectors/src/openai/runtime.ts',
    find: 'since: this.#trouble?.since ?? this.#context.world.now(),',
    replace: 'since: (this.#trouble?.since ?? this.#context.world.now()) - 86_400_000,',
    test: { vitest: 'packages/connectors/test/openai/predictor.test.ts', named: 'its trouble is told' },
  },
  {
    mistake: 'a question is asked again though the job has ended',
    file: 'packages/connectors/src/openai/runtime.ts',
    find: 'for (const timer of this.#pauses) timer.cancel();',
    replace: '',
    test: {
      vitest: 'packages/connectors/test/openai/predictor.test.ts',
      named: 'a job that ends asks no more',
    },
  },
  {
    mistake: 'an answer that is late is told at once',
    file: 'packages/dataflow/src/runtime/timed-answers.ts',
    find: 'this.#world.after(this.#limitMs, () => {',
    replace: 'this.#world.after(0, () => {',
    test: { vitest: endToEnd, named: 'answers come in the order of the rows' },
  },
  {
    mistake: 'SHOW CREATE MODEL shows the key of a service',
    file: 'packages/engine/src/catalogs/show-create.ts',
    find: 'isSecret(o.key, o.value) ? hidden : o.value',
    replace: 'isSecret(o.key, hidden) ? o.value : o.value',
    test: { vitest: endToEnd, named: 'a key is read where a reference says' },
  },
  {
    mistake: 'a table that is dropped takes the model of its name with it',
    file: 'packages/engine/src/catalogs/folder-catalog.ts',
    find: 'for (const kind of kindsOf(space)) await disk.remove(',
    replace: 'for (const kind of kinds) await disk.remove(',
    test: { vitest: endToEnd, named: 'one in a folder keeps models' },
  },
  {
    mistake: 'an option of a model is lost on its way to the service',
    file: 'packages/connectors/src/openai/tasks.ts',
    find: "  top_p: parsed.number('top-p'),",
    replace: '  top_p: undefined,',
    test: { vitest: 'tests/conformance/predictions.test.ts' },
  },
  {
    mistake: 'a function of the program is asked in another thread',
    file: 'packages/dataflow/src/runtime/wiring.ts',
    find: "node.operator === 'lookup-join' || node.operator === 'kept-lookup-join'",
    replace: "node.operator === 'kept-lookup-join'",
    test: { vitest: 'apps/cli/test/models.test.ts', named: 'a job in several threads' },
  },
  {
    mistake: 'APPROX_COUNT_DISTINCT counts rows',
    file: 'packages/plan/src/bind/aggregate-call.ts',
    find: "return { fn: 'COUNT', args, type, distinct: true };",
    replace: "return { fn: 'COUNT', args, type, distinct: node.distinct };",
    test: { slt: 'tests/slt/aggregates/approx-count-distinct.slt' },
  },
];
