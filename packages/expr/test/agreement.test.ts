/* Generated code and the interpreter agree on random expressions and rows, in either representation. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MillraceError } from '#base';
import { BatchBuilder, readRow, types, type Batch, type Row } from '#data';
import { bindCall, castTo, evaluate, instantiateCalc, planCalc, type CalcPlan, type Expr } from '#expr';
import { expression, rows, schema } from './arbitraries.ts';
import { testContext } from './contexts.ts';

const context = testContext({ timeZone: 'America/New_York' });

/** What comes of the rows: those that stay, each with its number, up to the first that fails with a code. */
interface Outcome {
  readonly out: readonly { readonly at: number; readonly row: Row }[];
  readonly failed: string | undefined;
}

const codeOf = (error: unknown): string => {
  if (error instanceof MillraceError) return error.code;
  throw error;
};

function interpreted(where: Expr, project: readonly Expr[], input: readonly Row[]): Outcome {
  const out: { at: number; row: Row }[] = [];
  for (const [at, row] of input.entries()) {
    try {
      if (evaluate(where, row, context) === true)
        out.push({ at, row: project.map((e) => evaluate(e, row, context)) });
    } catch (error) {
      return { out, failed: codeOf(error) };
    }
  }
  return { out, failed: undefined };
}

function compiled(plan: CalcPlan, project: readonly Expr[], batch: Batch): Outcome {
  const program = instantiateCalc(plan);
  const out: { at: number; row: Row }[] = [];
  const outTypes = project.map((e) => e.type);
  for (let from = 0; from < batch.rows; ) {
    let result;
    try {
      result = program.run(batch, from, context);
    } catch (error) {
      return { out, failed: codeOf(error) };
    }
    const { batch: part, next } = result;
    expect(next).toBeGreaterThan(from);
    // One mark stands before every row: the number of marks up to an output row tells which input row it was.
    for (let i = 0; i < part.rows; i++) out.push({ at: part.kinds![i]!, row: readRow(part, outTypes, i) });
    from = next;
  }
  return { out, failed: undefined };
}

/** The batch; the kind of a row is its number, which says which rows stayed. */
function batchOf(input: readonly Row[]): Batch {
  const builder = new BatchBuilder(schema);
  input.forEach((row, i) => {
    builder.appendRow(row, i);
  });
  const batch = builder.build();
  return { ...batch, kinds: Uint8Array.from(input, (_, i) => i) };
}

const asCondition = (expr: Expr): Expr =>
  expr.type.kind === 'BOOLEAN' ? expr : bindCall('IS NOT NULL', [expr]);

function check(where: Expr, project: readonly Expr[], input: readonly Row[]): void {
  const plan = planCalc({ inputTypes: schema, where, project, forFull: true });
  const batch = batchOf(input);
  const expected = interpreted(where, project, input);
  expect(compiled(plan, project, batch)).toEqual(expected);
  expect(compiled({ ...plan, source: undefined }, project, batch)).toEqual(expected);
  // Alone a row has no NULL beside it: those without one take the variant for that.
  for (const row of input)
    expect(compiled(plan, project, batchOf([row]))).toEqual(interpreted(where, project, [row]));
}

test('generated code agrees with the interpreter', () => {
  fc.assert(
    fc.property(fc.array(expression, { minLength: 2, maxLength: 4 }), rows, ([where, ...project], input) => {
      check(asCondition(where!), project, input);
    }),
    { numRuns: 800, seed: Number(process.env['FC_SEED'] ?? 20240101) },
  );
});

test('every cast between simple types agrees', () => {
  const targets = [
    types.TINYINT,
    types.SMALLINT,
    types.INT,
    types.BIGINT,
    types.decimal(5, 2),
    types.decimal(38, 4),
    types.FLOAT,
    types.DOUBLE,
    types.BOOLEAN,
    types.STRING,
    types.timestamp(0),
    types.timestamp(9),
    types.DATE,
  ];
  fc.assert(
    fc.property(rows, fc.nat(schema.length - 1), fc.constantFrom(...targets), (input, index, target) => {
      const column: Expr = { kind: 'column', index, type: schema[index]! };
      let cast: Expr;
      try {
        cast = castTo(column, target, { safe: true });
      } catch (error) {
        if (error instanceof MillraceError) return;
        throw error;
      }
      check({ kind: 'literal', value: true, type: types.BOOLEAN }, [cast, castTo(column, target)], input);
    }),
    { numRuns: 600, seed: 7 },
  );
});
