/* Names within MATCH_RECOGNIZE: A.price is of a row that the variable A took, price of any row of the match. What they
 * stand for becomes a part of the match: a column of the first or last row, or an aggregate, each once.
 *
 *   LAST(A.price, 1) + tax     bind    column of A: price, column of any: tax        a place for each variable and column
 *                              parts   [LAST A.price 1] + [LAST any.tax 0]
 */

import { UserError, didYouMean, type Span } from '#base';
import { withNullable } from '#data';
import { bindCall, columnsOf, mapColumns, type ColumnExpr, type Expr } from '#expr';
import { anyVariable, type MatchPart } from '#job';
import type { Identifier } from '#sql';
import { digest } from '../digest.ts';
import { Scope } from './scope.ts';

const now = (): Expr => bindCall('PROCTIME', []);

export class MatchScope extends Scope {
  readonly variables: readonly string[];
  readonly parts: MatchPart[] = [];
  readonly #input: Scope;
  readonly #known = new Map<string, number>();

  constructor(input: Scope, variables: readonly string[]) {
    super(input.tables, input.merged);
    this.#input = new Scope(input.tables, input.merged);
    this.variables = variables;
  }
  get #width(): number {
    return this.#input.fields.length;
  }
  /** Parts stand behind a place for each column of each variable and of any row. */
  get #firstPart(): number {
    return this.#width * (this.variables.length + 1);
  }

  override resolve(path: readonly Identifier[]): Expr {
    const [first, ...rest] = path;
    const variable = rest.length === 0 ? anyVariable : this.variables.indexOf(first!.text);
    if (variable !== anyVariable) return this.#of(variable, Scope.of(first!.text, this.fields).resolve(path));
    if (rest.length > 0 && !this.#input.has(first!.text))
      throw new UserError('SQL2002', {
        at: first!.span,
        message: `no pattern variable "${first!.text}"`,
        hint: didYouMean(first!.text, this.variables),
      });
    return this.#of(anyVariable, this.#input.resolve(path));
  }
  #of(variable: number, expr: Expr): Expr {
    return mapColumns(expr, (c) => ({
      ...c,
      index: (variable + 1) * this.#width + c.index,
      type: withNullable(c.type, true),
    }));
  }
  #placeOf({ index }: Pick<ColumnExpr, 'index'>): { readonly variable: number; readonly column: number } {
    return { variable: Math.floor(index / this.#width) - 1, column: index % this.#width };
  }

  /** A row that waits has no processing time of its own: it is that of whoever asks, as in Flink, be there a row or none. */
  #isNow(column: number): boolean {
    return this.fields[column]!.time === 'proctime';
  }

  /** Whether the expression asks for the processing time of a row. */
  readsNow(expr: Expr): boolean {
    return [...columnsOf(expr)].some(
      (index) => index < this.#firstPart && this.#isNow(this.#placeOf({ index }).column),
    );
  }

  /** The place of a part: equal parts have one. */
  part(part: MatchPart): ColumnExpr {
    const key = digest(part);
    let index = this.#known.get(key);
    if (index === undefined) this.#known.set(key, (index = this.parts.push(part) - 1));
    return { kind: 'column', index: this.#firstPart + index, type: part.type };
  }
  /** The expression with its columns read from one row of their variable each. */
  navigated(expr: Expr, from: 'first' | 'last', offset: number): Expr {
    return mapColumns(expr, (c) => {
      if (c.index >= this.#firstPart) return c;
      const { variable, column } = this.#placeOf(c);
      if (this.#isNow(column)) return now();
      return this.part({ kind: 'column', variable, from, offset, column, type: c.type });
    });
  }
  /** The variable of an expression, which must have only one; and the expression over a row of the input. */
  ofOne(expr: Expr, what: string, at: Span): { readonly variable: number; readonly expr: Expr } {
    const found = new Set<number>();
    const nested = [...columnsOf(expr)].some((index) => index >= this.#firstPart);
    if (nested)
      throw new UserError('SQL2027', { at, message: `${what} has no place for FIRST, LAST or an aggregate` });
    const over = mapColumns(expr, (c) => {
      const { variable, column } = this.#placeOf(c);
      found.add(variable);
      if (this.#isNow(column)) return now();
      return { ...c, index: column, type: withNullable(this.fields[column]!.type, true) };
    });
    if (found.size > 1)
      throw new UserError('SQL2027', {
        at,
        message: `Multiple pattern variables in ${what}`,
        hint: 'It goes over the rows of one variable: write one call for each.',
      });
    return { variable: [...found][0] ?? anyVariable, expr: over };
  }
  /** Over the parts alone. What was left unsaid is the last row. */
  finished(expr: Expr): Expr {
    return mapColumns(this.navigated(expr, 'last', 0), (c) => ({ ...c, index: c.index - this.#firstPart }));
  }
}
