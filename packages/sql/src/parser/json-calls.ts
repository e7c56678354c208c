/* The JSON functions of SQL:2016 with their clauses; one entry a function, as in special-calls.ts. */

import type { Expression, JsonBehavior, JsonClauses } from '../ast/expressions.ts';
import type { CallArguments } from './calls.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import { parseType } from './types.ts';
import { parseOrderBy } from './windows.ts';

const none: JsonClauses = {
  returning: undefined,
  onEmpty: undefined,
  onError: undefined,
  wrapper: undefined,
  onNull: undefined,
};

function parsePathArguments(c: Cursor): Expression[] {
  const args = [parseExpression(c)];
  c.expect(',');
  args.push(parseExpression(c));
  return args;
}

/** JSON_EXISTS(j, path [TRUE | FALSE | UNKNOWN | ERROR ON ERROR]). */
function jsonExists(c: Cursor): CallArguments {
  const args = parsePathArguments(c);
  const kind = c.acceptOne('TRUE', 'FALSE', 'UNKNOWN', 'ERROR');
  if (kind === undefined) return { args };
  c.expectAll('ON', 'ERROR');
  return { args, json: { ...none, onError: { kind } } };
}

/** JSON_VALUE(j, path [RETURNING type] [behavior ON EMPTY] [behavior ON ERROR]). */
function jsonValue(c: Cursor): CallArguments {
  const args = parsePathArguments(c);
  const returning = c.accept('RETURNING') ? parseType(c) : undefined;
  return withClauses(args, { ...none, returning, ...parseBehaviors(c) });
}

/** JSON_QUERY(j, path [RETURNING type] [wrapper] [behavior ON EMPTY] [behavior ON ERROR]). */
function jsonQuery(c: Cursor): CallArguments {
  const args = parsePathArguments(c);
  const returning = c.accept('RETURNING') ? parseType(c) : undefined;
  const wrapper = parseWrapper(c);
  return withClauses(args, { ...none, returning, wrapper, ...parseBehaviors(c) });
}

function parseWrapper(c: Cursor): JsonClauses['wrapper'] {
  let wrapper: JsonClauses['wrapper'];
  if (c.accept('WITHOUT')) wrapper = 'WITHOUT';
  else if (c.accept('WITH')) wrapper = c.acceptOne('CONDITIONAL', 'UNCONDITIONAL') ?? 'UNCONDITIONAL';
  else return undefined;
  c.accept('ARRAY');
  c.expect('WRAPPER');
  return wrapper;
}

function parseBehaviors(c: Cursor): Pick<JsonClauses, 'onEmpty' | 'onError'> {
  let onEmpty: JsonBehavior | undefined;
  let onError: JsonBehavior | undefined;
  while (!c.at(')')) {
    const behavior = parseBehavior(c);
    if (behavior === undefined) break;
    c.expect('ON');
    if (c.expectOne('EMPTY', 'ERROR') === 'EMPTY' && onEmpty === undefined) onEmpty = behavior;
    else if (onError === undefined) onError = behavior;
  }
  return { onEmpty, onError };
}

function parseBehavior(c: Cursor): JsonBehavior | undefined {
  if (c.accept('DEFAULT')) return { kind: 'DEFAULT', value: parseExpression(c) };
  if (c.acceptAll('EMPTY', 'ARRAY')) return { kind: 'EMPTY ARRAY' };
  if (c.acceptAll('EMPTY', 'OBJECT')) return { kind: 'EMPTY OBJECT' };
  const kind = c.acceptOne('NULL', 'ERROR');
  return kind === undefined ? undefined : { kind };
}

/** JSON_OBJECT([KEY] k VALUE v | k : v, … [NULL | ABSENT ON NULL]): keys and values in turn. */
function jsonObject(c: Cursor): CallArguments {
  const args: Expression[] = [];
  if (!c.at(')') && !c.atAll('NULL', 'ON') && !c.atAll('ABSENT', 'ON')) {
    do parseMember(c, args);
    while (c.accept(','));
  }
  return withOnNull(c, args);
}

function jsonObjectAgg(c: Cursor): CallArguments {
  const args: Expression[] = [];
  parseMember(c, args);
  return withOnNull(c, args);
}

function parseMember(c: Cursor, into: Expression[]): void {
  if (c.at('KEY') && !c.at('VALUE', 1) && !c.at(':', 1) && !c.at('.', 1)) c.next();
  into.push(parseExpression(c));
  if (!c.accept(':')) c.expect('VALUE', ':');
  into.push(parseExpression(c));
}

/** JSON_ARRAYAGG(v [ORDER BY …] [NULL | ABSENT ON NULL]); the order is WITHIN GROUP's. */
function jsonArrayAgg(c: Cursor): CallArguments {
  const args = [parseExpression(c)];
  const withinGroup = parseOrderBy(c);
  return { ...withOnNull(c, args), withinGroup };
}

/** JSON_ARRAY(v, … [NULL | ABSENT ON NULL]). */
function jsonArray(c: Cursor): CallArguments {
  const empty = c.at(')') || c.atAll('NULL', 'ON') || c.atAll('ABSENT', 'ON');
  return withOnNull(c, empty ? [] : c.list(parseExpression));
}

function withOnNull(c: Cursor, args: readonly Expression[]): CallArguments {
  const onNull = c.at('ON', 1) ? c.acceptOne('NULL', 'ABSENT') : undefined;
  if (onNull !== undefined) c.expectAll('ON', 'NULL');
  return withClauses(args, { ...none, onNull });
}

/** A call without any clause has none, so that it equals a call built by hand. */
function withClauses(args: readonly Expression[], json: JsonClauses): CallArguments {
  return Object.values(json).some((clause) => clause !== undefined) ? { args, json } : { args };
}

export const jsonCalls: Readonly<Record<string, (c: Cursor) => CallArguments>> = {
  JSON_EXISTS: jsonExists,
  JSON_VALUE: jsonValue,
  JSON_QUERY: jsonQuery,
  JSON_OBJECT: jsonObject,
  JSON_OBJECTAGG: jsonObjectAgg,
  JSON_ARRAY: jsonArray,
  JSON_ARRAYAGG: jsonArrayAgg,
};
