/* ROW(a, b) = ROW(c, d), written out field by field: with NULL where a field's answer is, as in SQL. A row that is a
 * column or nested in another compares as one value. */

import { bindCall } from '../bind/bind-call.ts';
import type { Expr } from '../expression.ts';

type OfFields = (a: Expr, b: Expr) => Expr | undefined;

/** `test` of each pair of fields, joined; undefined unless both are ROW(…) with as many fields. */
export function byFields(a: Expr, b: Expr, test: OfFields, junction: 'AND' | 'OR'): Expr | undefined {
  const [x, y] = [fieldsOf(a), fieldsOf(b)];
  if (x === undefined || y === undefined || x.length !== y.length) return undefined;
  const tests = x.map((field, i) => test(field, y[i]!));
  if (!tests.every((t) => t !== undefined)) return undefined;
  return tests.length === 1 ? tests[0] : bindCall(junction, tests);
}

const fieldsOf = (expr: Expr): readonly Expr[] | undefined =>
  expr.kind === 'call' && expr.fn === 'ROW' ? expr.args : undefined;
