/* Function calls: the arguments, and what may follow them (WITHIN GROUP, FILTER, IGNORE NULLS, OVER). */

import { UserError } from '#base';
import type {
  Expression,
  FunctionCall,
  JsonClauses,
  ModelArgument,
  OrderItem,
  TableArgument,
} from '../ast/expressions.ts';
import type { Identifier } from '../ast/names.ts';
import type { Query } from '../ast/queries.ts';
import { functionSymbol, keywordFunctions } from '../keywords.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import { spanOf } from './mistakes.ts';
import { parseName, parsePath } from './names.ts';
import { atQuery, parseQueryExpression } from './queries.ts';
import { specialCalls } from './special-calls.ts';
import { parseOrderItem, parseWindowSpec } from './windows.ts';

/** What stands between the parentheses of a call. */
export interface CallArguments {
  readonly args: readonly Expression[];
  readonly flags?: readonly string[];
  readonly distinct?: boolean;
  readonly withinGroup?: readonly OrderItem[];
  readonly nulls?: FunctionCall['nulls'];
  readonly json?: JsonClauses;
}

export interface CallForm {
  /** Without parentheses, as CURRENT_DATE. */
  readonly bare?: boolean;
  /** FINAL or RUNNING of MATCH_RECOGNIZE; becomes the first flag. */
  readonly modifier?: string;
  /** In FROM a query in parentheses is a table argument, elsewhere it is a value. */
  readonly ofTables?: boolean;
}

/** The call of `name`, which has just been taken. DESCRIPTOR(…) comes back as what it is. */
export function parseCall(c: Cursor, name: readonly Identifier[], form: CallForm): Expression {
  const symbol = functionSymbol(name);
  const first = name[0]?.span ?? spanOf(c.previous());
  if (symbol === 'DESCRIPTOR') {
    const columns = c.parenthesized(() => parseName(c, 'a column name'));
    return { kind: 'descriptor', columns, span: c.spanFrom(first) };
  }
  return parseFunctionCall(c, name, form);
}

export function parseFunctionCall(c: Cursor, name: readonly Identifier[], form: CallForm): FunctionCall {
  const symbol = functionSymbol(name);
  const first = name[0]?.span ?? spanOf(c.previous());
  let inside: CallArguments = { args: [] };
  if (form.bare !== true) {
    c.expect('(');
    const special = specialCalls[symbol];
    inside = special === undefined ? parseArguments(c, form.ofTables === true) : special(c);
    c.expect(')', ',');
  }
  const modifiers = form.modifier === undefined ? [] : [form.modifier];
  const nulls = parseNullTreatment(c) ?? inside.nulls;
  const withinGroup = parseWithinGroup(c);
  const filter = parseFilter(c);
  const over = parseOver(c);
  return {
    kind: 'call',
    name: keywordFunctions.has(symbol) ? name.map((part) => ({ ...part, text: symbol })) : name,
    args: inside.args,
    flags: [...modifiers, ...(inside.flags ?? [])],
    bare: form.bare === true,
    distinct: inside.distinct === true,
    withinGroup: withinGroup.length > 0 ? withinGroup : (inside.withinGroup ?? []),
    filter,
    over,
    nulls,
    json: inside.json,
    span: c.spanFrom(first),
  };
}

/** `[DISTINCT | ALL] a, b`, `*` or nothing, up to the closing parenthesis. */
function parseArguments(c: Cursor, ofTables: boolean): CallArguments {
  if (c.at(')')) return { args: [] };
  if (c.at('*')) {
    const star = c.next();
    return { args: [{ kind: 'star', qualifier: [], span: spanOf(star) }] };
  }
  const quantifier = c.acceptOne('DISTINCT', 'ALL');
  const args = c.list(() => parseArgument(c, ofTables));
  const nulls = parseNullTreatment(c);
  return { args, distinct: quantifier === 'DISTINCT', ...(nulls !== undefined && { nulls }) };
}

function parseArgument(c: Cursor, ofTables: boolean): Expression {
  const first = c.peek();
  if (c.at('=>', 1) && c.atName()) {
    const name = parseName(c);
    c.next();
    return { kind: 'named', name, value: parseArgument(c, ofTables), span: c.spanFrom(first) };
  }
  if (c.at('DEFAULT') && (c.at(',', 1) || c.at(')', 1))) {
    // To a table function NULL and DEFAULT say the same: the argument is not there.
    if (ofTables) return { kind: 'null', span: spanOf(c.next()) };
    throw new UserError('SQL0004', { at: spanOf(first), message: 'DEFAULT as an argument is not supported' });
  }
  if (c.at('TABLE')) return parseTableArgument(c);
  if (ofTables && c.at('MODEL') && c.atName(1)) return parseModelArgument(c);
  if (ofTables && c.at('(') && atQuery(c, 1)) return parseTableArgument(c);
  return parseExpression(c);
}

/** TABLE t, TABLE (SELECT …) or (SELECT …), then PARTITION BY and ORDER BY, whose lists stand in parentheses.
 *  */
function parseTableArgument(c: Cursor): TableArgument {
  const first = c.peek();
  const source = parseTableSource(c);
  const partitionBy = c.acceptAll('PARTITION', 'BY') ? parseOneOrList(c, parseExpression) : [];
  const orderBy = c.acceptAll('ORDER', 'BY') ? parseOneOrList(c, parseOrderItem) : [];
  return { kind: 'table-argument', source, partitionBy, orderBy, span: c.spanFrom(first) };
}

/** MODEL m. */
function parseModelArgument(c: Cursor): ModelArgument {
  const first = c.next();
  const name = parsePath(c, 'a model name');
  return { kind: 'model-argument', name, span: c.spanFrom(first) };
}

function parseTableSource(c: Cursor): readonly Identifier[] | Query {
  if (c.accept('TABLE') && !c.at('(')) return parsePath(c, 'a table name');
  c.expect('(');
  const query = parseQueryExpression(c);
  c.expect(')');
  return query;
}

function parseOneOrList<T>(c: Cursor, item: (cursor: Cursor) => T): T[] {
  return c.at('(') ? c.parenthesized(item) : [item(c)];
}

function parseNullTreatment(c: Cursor): FunctionCall['nulls'] {
  if (!c.at('NULLS', 1)) return undefined;
  const treatment = c.acceptOne('IGNORE', 'RESPECT');
  if (treatment !== undefined) c.next();
  return treatment;
}

function parseWithinGroup(c: Cursor): readonly OrderItem[] {
  if (!c.acceptAll('WITHIN', 'GROUP')) return [];
  c.expectAll('(', 'ORDER', 'BY');
  const items = c.list(parseOrderItem);
  c.expect(')', ',');
  return items;
}

function parseFilter(c: Cursor): Expression | undefined {
  if (!c.acceptAll('FILTER', '(')) return undefined;
  c.expect('WHERE');
  const condition = parseExpression(c);
  c.expect(')');
  return condition;
}

function parseOver(c: Cursor): FunctionCall['over'] {
  if (!c.at('OVER') || !(c.at('(', 1) || c.atName(1))) return undefined;
  c.next();
  return c.at('(') ? parseWindowSpec(c) : parseName(c, 'a window name');
}
