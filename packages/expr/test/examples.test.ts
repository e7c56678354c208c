/* Every example of the function table, through the interpreter and both variants of generated code. */

import { describe, expect, test } from 'vitest';
import { BatchBuilder, readRow } from '#data';
import { allFunctions, evaluate, instantiateCalc, planCalc, type CalcPlan, type Expr } from '#expr';
import { testContext } from './contexts.ts';

const oneRow = new BatchBuilder([]);
oneRow.endRow();
const batch = oneRow.build();

function runPlan(plan: CalcPlan, expr: Expr) {
  const { batch: out } = instantiateCalc(plan).run(batch, 0, testContext());
  return readRow(out, [expr.type], 0)[0];
}

/** Without those of programs, which tests of the same process may have made. */
const builtIn = allFunctions().filter((f) => !f.name.startsWith('USER$'));

describe.each(builtIn.map((f) => ({ name: f.name, entry: f })))('$name', ({ entry }) => {
  test('has examples and a line of documentation', () => {
    expect(entry.examples.length).toBeGreaterThan(0);
    expect(entry.doc.length).toBeGreaterThan(10);
    expect(entry.lazy === undefined || entry.compile !== undefined).toBe(true);
  });
  test.each([...entry.examples])('$sql', (example) => {
    const expr = typeof example.call === 'function' ? example.call() : example.call;
    expect(evaluate(expr, [], testContext())).toEqual(example.result);
    const plan = structuredClone(planCalc({ inputTypes: [], where: undefined, project: [expr] }));
    expect(runPlan(plan, expr)).toEqual(example.result);
    expect(runPlan({ ...plan, source: undefined }, expr)).toEqual(example.result);
  });
});
