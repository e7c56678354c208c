/* Expressions of SQL text to typed expressions over one scope. What only a query knows (aggregates, windows, sub-queries)
 * is asked of `hooks`. */

import { UserError, unreachable, type Span } from '#base';
import { notNull, types, typeText, type LogicalType } from '#data';
import { bindCall, castTo, isAggregate, literal, lookupFunction, overFunction, type Expr } from '#expr';
import {
  isReserved,
  printExpression,
  type BinaryExpression,
  type CaseExpression,
  type CastExpression,
  type ExistsExpression,
  type Expression,
  type FunctionCall,
  type InExpression,
  type IsExpression,
  type SubqueryExpression,
  type JsonBehavior,
} from '#sql';
import { isGrouping } from './grouping-docs.ts';
import { bindType } from './data-types.ts';
import { bindDateTime, bindInterval, bindNumber, bindString } from './literals.ts';
import { notYet } from './not-yet.ts';
import { operatorHint, otherFunction } from './other-dialects.ts';
import { descend, type Scope } from './scope.ts';

/** What an expression may be beside a function of its row. Each throws when it has no place here. */
export interface BindHooks {
  /** A function call that is not of the function table: aggregates, TUMBLE_START, …. Undefined: an ordinary function. */
  call?(call: FunctionCall, scope: Scope): Expr | undefined;
  /** What a sub-query that stands as a value is here. Undefined: it may not stand here. */
  value?(node: SubqueryExpression | ExistsExpression | InExpression): Expr | undefined;
  /** What CURRENT_DATABASE() is. */
  readonly database?: string;
  /** A user's function by name. */
  userFunction?(name: string, args: readonly Expr[], at: Span): Expr | undefined;
}

/** Throws UserError, with the place of the innermost expression where it has none of its own. */
export function bindExpression(node: Expression, scope: Scope, hooks: BindHooks = {}): Expr {
  try {
    return bindNode(node, scope, hooks);
  } catch (thrown) {
    if (!(thrown instanceof UserError) || thrown.at !== undefined) throw thrown;
    const { code, message, hint } = thrown;
    throw new UserError(code, { at: node.span, message, hint, cause: thrown });
  }
}

function bindNode(node: Expression, scope: Scope, hooks: BindHooks): Expr {
  const bind = (e: Expression): Expr => bindExpression(e, scope, hooks);
  switch (node.kind) {
    case 'number':
      return bindNumber(node);
    case 'string':
      return bindString(node);
    case 'binary':
      return bindOperator(node, bind(node.left), bind(node.right));
    case 'bytes':
      return literal(
        new Uint8Array(Buffer.from(node.hex, 'hex')),
        notNull(types.binary(node.hex.length / 2)),
      );
    case 'boolean':
      return literal(node.value, notNull(types.BOOLEAN));
    case 'null':
      return literal(null, types.NULL);
    case 'datetime':
      return bindDateTime(node);
    case 'interval':
      return bindInterval(node);
    case 'column':
      return scope.resolve(node.path);
    case 'unary':
      if (node.operator === '-' && node.operand.kind === 'number') return bindNumber(node.operand, true);
      return bindCall(node.operator, [bind(node.operand)], { at: node.span });
    case 'is':
      return bindIs(node, bind);
    case 'between':
      return negate(
        node.negated,
        bindCall('BETWEEN', [bind(node.operand), bind(node.low), bind(node.high)], {
          at: node.span,
          flags: node.symmetric ? ['SYMMETRIC'] : [],
        }),
        node.span,
      );
    case 'in':
      return bindIn(node, bind, hooks);
    case 'like':
      return negate(
        node.negated,
        bindCall(
          node.operator,
          [bind(node.operand), bind(node.pattern), ...(node.escape ? [bind(node.escape)] : [])],
          { at: node.span },
        ),
        node.span,
      );
    case 'case':
      return bindCase(node, bind);
    case 'cast':
      return bindCast(node, bind);
    case 'call':
      return bindFunction(node, scope, hooks);
    case 'row':
      return bindCall('ROW', node.items.map(bind), { at: node.span });
    case 'array':
      return bindCall('ARRAY', node.items.map(bind), { at: node.span });
    case 'map':
      return bindCall('MAP', node.items.map(bind), { at: node.span });
    case 'element':
      return bindCall('ITEM', [bind(node.operand), bind(node.index)], { at: node.span });
    case 'field':
      return descend(bind(node.operand), [node.field]);
    case 'subquery': {
      const value = hooks.value?.(node);
      if (value !== undefined) return value;
      throw notYet('a sub-query as a value here', node.span);
    }
    case 'exists': {
      const value = hooks.value?.(node);
      if (value !== undefined) return value;
      throw notYet('EXISTS (SELECT …) here', node.span);
    }
    case 'quantified':
      throw notYet('ANY and ALL over a sub-query', node.span);
    case 'star':
      throw new UserError('SQL2005', { at: node.span, message: '* has no place here' });
    case 'descriptor':
    case 'named':
    case 'table-argument':
    case 'model-argument':
      throw new UserError('SQL2005', {
        at: node.span,
        message: `a ${node.kind.replace('-', ' ')} belongs to a table function`,
      });
    default:
      return unreachable(node);
  }
}

const negate = (negated: boolean, expr: Expr, at: Span): Expr =>
  negated ? bindCall('NOT', [expr], { at }) : expr;

function bindIs(node: IsExpression, bind: (e: Expression) => Expr): Expr {
  const args = [bind(node.operand), ...(node.other ? [bind(node.other)] : [])];
  return bindCall(node.negated ? `IS NOT ${node.test}` : `IS ${node.test}`, args, { at: node.span });
}

function bindIn(node: InExpression, bind: (e: Expression) => Expr, hooks: BindHooks): Expr {
  if (!Array.isArray(node.list)) {
    const value = hooks.value?.(node);
    if (value === undefined) throw notYet('IN (SELECT …) here', node.span);
    return negate(node.negated, value, node.span);
  }
  return negate(
    node.negated,
    bindCall('IN', [bind(node.operand), ...(node.list as readonly Expression[]).map(bind)], {
      at: node.span,
    }),
    node.span,
  );
}

function bindCase(node: CaseExpression, bind: (e: Expression) => Expr): Expr {
  const subject = node.subject && bind(node.subject);
  const args = node.branches.flatMap(({ when, then }) => {
    const condition = bind(when);
    return [subject ? bindCall('=', [subject, condition], { at: when.span }) : condition, bind(then)];
  });
  return bindCall('CASE', [...args, node.otherwise ? bind(node.otherwise) : literal(null, types.NULL)], {
    at: node.span,
  });
}

function bindCast(node: CastExpression, bind: (e: Expression) => Expr): Expr {
  const operand = bind(node.operand);
  const target = bindType(node.type);
  // NOT NULL cannot be cast to: the result is nullable as its operand is.
  return castTo(
    operand,
    { ...target, nullable: operand.type.nullable || node.safe },
    { safe: node.safe, at: node.span },
  );
}

/** As a person would write it: names without backticks where they need none. */
export const shortText = (node: Expression): string =>
  printExpression(node).replace(/`([A-Za-z_]\w*)`/g, (all, name: string) =>
    isReserved(name.toUpperCase()) ? all : name,
  );

/** What an operator does not take is told by what was likely meant. */
function bindOperator(node: BinaryExpression, left: Expr, right: Expr): Expr {
  try {
    return bindCall(node.operator, [left, right], { at: node.span });
  } catch (thrown) {
    if (!(thrown instanceof UserError) || thrown.code !== 'SQL3003') throw thrown;
    const hint = operatorHint(
      node.operator,
      { type: left.type, text: shortText(node.left) },
      { type: right.type, text: shortText(node.right) },
    );
    throw new UserError(thrown.code, { at: thrown.at, message: thrown.message, hint });
  }
}

function bindFunction(node: FunctionCall, scope: Scope, hooks: BindHooks): Expr {
  const special = hooks.call?.(node, scope);
  if (special !== undefined) return special;
  const name = node.name.map((n) => n.text).join('.');
  if (
    hooks.database !== undefined &&
    !node.bare &&
    node.args.length === 0 &&
    name.toUpperCase() === 'CURRENT_DATABASE'
  )
    return literal(hooks.database, notNull(types.STRING));
  if (node.over !== undefined || overFunction(name) !== undefined)
    throw new UserError('SQL2006', {
      at: node.span,
      message: `${name.toUpperCase()} OVER (…) has no place here`,
      hint: 'Functions over windows stand in SELECT and ORDER BY. To filter by one, give it a name in a sub-query and filter around that.',
    });
  if (isAggregate(name)) {
    throw new UserError('SQL2006', {
      at: node.span,
      message: `the aggregate ${name.toUpperCase()} has no place here`,
      hint: 'Aggregates stand in SELECT, HAVING and ORDER BY.',
    });
  }
  if (isGrouping(name))
    throw new UserError('SQL2006', {
      at: node.span,
      message: `${name.toUpperCase()} has no place here`,
      hint: 'It stands in SELECT, HAVING and ORDER BY of a query with GROUP BY.',
    });
  if (node.distinct || node.filter !== undefined) {
    throw new UserError('SQL2006', {
      at: node.span,
      message: `${name.toUpperCase()} is not an aggregate: it takes neither DISTINCT nor FILTER`,
    });
  }
  const other = lookupFunction(name) === undefined ? otherFunction(name) : undefined;
  const unknown = (): UserError =>
    new UserError('SQL3001', {
      at: node.span,
      message: `no function "${name.toUpperCase()}"`,
      hint: other,
    });
  let args: Expr[];
  try {
    args = node.args.map((a) => bindExpression(a, scope, hooks));
  } catch (thrown) {
    // Arguments of another dialect's function need not make sense here.
    throw other === undefined ? thrown : unknown();
  }
  const user = hooks.userFunction?.(name, args, node.span);
  if (user !== undefined) return user;
  if (other !== undefined) throw unknown();
  const json = node.json;
  const flags =
    json === undefined
      ? node.flags
      : [
          ...node.flags,
          ...(json.wrapper ? [`${json.wrapper} WRAPPER`] : []),
          ...(json.onNull ? [`${json.onNull} ON NULL`] : []),
          ...behavior(json.onEmpty, 'ON EMPTY'),
          ...behavior(json.onError, 'ON ERROR'),
        ];
  const defaults =
    json === undefined
      ? []
      : [json.onEmpty, json.onError].flatMap((b) =>
          b?.kind === 'DEFAULT' ? [bindExpression(b.value, scope, hooks)] : [],
        );
  return bindCall(name, [...args, ...defaults], {
    at: node.span,
    flags,
    returning: json?.returning && bindType(json.returning),
  });
}

/** A JSON clause as a flag; the value of DEFAULT travels as an argument behind the others. */
function behavior(b: JsonBehavior | undefined, suffix: string): string[] {
  return b === undefined ? [] : [`${b.kind} ${suffix}`];
}

/** Casts to what a column takes, as INSERT does: implicitly where Flink's INSERT allows it. */
export function castForColumn(expr: Expr, type: LogicalType, at: Span | undefined): Expr {
  return castTo(expr, { ...type, nullable: expr.type.nullable }, { implicit: true, at });
}

/** A condition: BOOLEAN, or NULL. */
export function boolean(expr: Expr, node: Expression, where: string): Expr {
  if (expr.type.kind === 'BOOLEAN') return expr;
  if (expr.type.kind === 'NULL') return castTo(expr, types.BOOLEAN);
  throw new UserError('SQL2018', {
    at: node.span,
    message: `${where} takes a condition, found ${typeText(expr.type)}`,
  });
}
