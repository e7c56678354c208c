/* FROM: tables, views, derived tables, window functions, joins and UNNEST to relations with a scope of names. */

import { didYouMean, UserError, unreachable, type Span } from '#base';
import { types, withNullable, type LogicalType } from '#data';
import type { Expr } from '#expr';
import type {
  DerivedTable,
  FunctionCall,
  Hint,
  JoinRef,
  MatchRecognize,
  NamedTable,
  Query,
  TableAlias,
  TableArgument,
  TableFunctionRef,
  TableRef,
  UnnestRef,
} from '#sql';
import type { RelField } from '../logical/field.ts';
import { filter } from '../logical/nodes/filter.ts';
import { named } from '../logical/nodes/project.ts';
import type { UnnestRel } from '../logical/nodes/unnest.ts';
import { oneRow } from '../logical/nodes/values.ts';
import { windowTable } from '../logical/nodes/window-table.ts';
import type { Rel } from '../logical/rel.ts';
import { withOptionHints } from '../logical/table.ts';
import { readTable } from './checks.ts';
import { bindChangelogFunction, changelogFunctions } from './changelog-functions.ts';
import { bindExpression, boolean } from './expressions.ts';
import { bindTwoSides } from './join.ts';
import { bindLookup } from './lookup-join.ts';
import { bindLateral } from './lateral.ts';
import { bindPredict, modelFunctions } from './ml-predict.ts';
import { bindProcessFunction } from './process-function.ts';
import { bindMatch } from './match-recognize.ts';
import { notYet } from './not-yet.ts';
import type { Binder, Bound } from './binder.ts';
import { Scope } from './scope.ts';
import type { Session } from './session.ts';
import { hooks } from './shared.ts';
import { bindTemporalJoin, rowtimeColumn } from './temporal-join.ts';
import { tableWindow, windowArguments, windowFunctions, windowName } from './window-functions.ts';

/** `hints`: of the SELECT that reads FROM this. */
export function bindFrom(written: TableRef, binder: Binder, hints: readonly Hint[]): Bound {
  const ref = asUnnest(written, binder.session);
  switch (ref.kind) {
    case 'named-table':
      return bindNamed(ref, binder);
    case 'derived-table':
      return bindDerived(ref, binder);
    case 'table-function':
      return bindTableFunction(ref, binder);
    case 'join':
      return bindJoin(ref, binder, hints);
    case 'unnest':
      return bindUnnest(ref, { rel: oneRow, scope: new Scope([]) }, false, binder);
    case 'match-recognize':
      return bindMatchRecognize(ref, binder, hints);
    default:
      return unreachable(ref);
  }
}

/** A user's table function gives an array of its rows, which is unnested. */
function asUnnest(ref: TableRef, { userTableFunction }: Session): TableRef {
  if (ref.kind !== 'table-function' || userTableFunction === undefined) return ref;
  const own = userTableFunction(ref.call.name.map((n) => n.text).join('.'));
  if (own === undefined) return ref;
  const expression = { ...ref.call, name: [{ ...ref.call.name.at(-1)!, text: own }] };
  return { kind: 'unnest', expression, ordinality: false, alias: ref.alias, span: ref.span };
}

/** Names the result: AS t, AS t (a, b). */
function aliased(
  rel: Rel,
  alias: TableAlias | undefined,
  fallback: string | undefined,
  qualifier: readonly string[] = [],
): Bound {
  if (alias === undefined) return { rel, scope: Scope.of(fallback, rel.fields, qualifier) };
  const { columns } = alias;
  if (columns.length === 0) return { rel, scope: Scope.of(alias.name.text, rel.fields) };
  if (columns.length !== rel.fields.length) {
    throw new UserError('SQL2007', {
      at: columns[0]!.span,
      message: `"${alias.name.text}" names ${columns.length} columns, but there are ${rel.fields.length}`,
    });
  }
  const renamed = named(
    rel,
    columns.map((c) => c.text),
  );
  return { rel: renamed, scope: Scope.of(alias.name.text, renamed.fields) };
}

function bindNamed(ref: NamedTable, binder: Binder): Bound {
  if (ref.asOf !== undefined) {
    throw new UserError('SQL2008', {
      at: ref.span,
      message: 'FOR SYSTEM_TIME AS OF belongs to the right side of a JOIN',
      hint: 'Write: FROM orders AS o JOIN dim FOR SYSTEM_TIME AS OF o.proc_time AS d ON o.id = d.id',
    });
  }
  const name = ref.name.at(-1)!.text;
  const common = ref.name.length === 1 ? binder.common(name) : undefined;
  if (common !== undefined) return aliased(common, ref.alias, name);
  const object = binder.session.get(ref.name);
  const qualifier = [object.path.catalog, object.path.database];
  if (object.kind === 'view') return aliased(binder.view(object), ref.alias, object.path.object, qualifier);
  return aliased(readTable(withOptionHints(object, ref.hints)), ref.alias, object.path.object, qualifier);
}

function bindMatchRecognize(ref: MatchRecognize, binder: Binder, hints: readonly Hint[]): Bound {
  return aliased(bindMatch(ref, bindFrom(ref.input, binder, hints), binder), ref.alias, undefined);
}

function bindDerived(ref: DerivedTable, binder: Binder): Bound {
  if (ref.lateral)
    throw new UserError('SQL2008', {
      at: ref.span,
      message: 'LATERAL refers to the rows on its left, and here are none',
      hint: 'Write: FROM t, LATERAL (SELECT …) AS q.',
    });
  return aliased(binder.query(ref.query), ref.alias, undefined);
}

function bindTableFunction(ref: TableFunctionRef, binder: Binder): Bound {
  const tableOf = ({ source, span }: TableArgument): Rel => argumentTable(source, span, binder);
  const rows =
    bindProcessFunction(ref.call, binder, tableOf) ??
    bindChangelogFunction(ref.call, tableOf) ??
    bindPredict(ref.call, binder.session, tableOf);
  if (rows !== undefined) return aliased(rows, ref.alias, undefined);
  const name = windowName(ref.call.name.map((n) => n.text).join('.'));
  if (name === undefined) {
    const asked = ref.call.name.map((n) => n.text).join('.');
    throw new UserError('SQL3001', {
      at: ref.call.span,
      message: `no table function "${asked}"`,
      hint: didYouMean(asked, [...windowFunctions, ...changelogFunctions, ...modelFunctions]),
    });
  }
  const args = windowArguments(ref.call, name);
  const data = args.get('DATA')!;
  if (data.kind !== 'table-argument') {
    throw new UserError('SQL4001', {
      at: data.span,
      message: `the first argument of ${name} must be a table`,
      hint: `Write ${name}(TABLE t, DESCRIPTOR(ts), …).`,
    });
  }
  const input = argumentTable(data.source, data.span, binder);
  const scope = Scope.of(undefined, input.fields);
  const partition = data.partitionBy.map((e) => plainColumn(bindExpression(e, scope), e.span));
  const rel = windowTable(input, tableWindow(name, args, input, ref.call.span, partition));
  return aliased(rel, ref.alias, undefined);
}
function argumentTable(source: FunctionCall['name'] | Query, span: Span, binder: Binder): Rel {
  if (!Array.isArray(source)) return binder.query(source as Query);
  return bindNamed(
    {
      kind: 'named-table',
      name: source as FunctionCall['name'],
      hints: [],
      asOf: undefined,
      alias: undefined,
      span,
    },
    binder,
  ).rel;
}
function plainColumn(expr: Expr, at: Span): number {
  if (expr.kind === 'column') return expr.index;
  throw new UserError('SQL4001', { at, message: 'PARTITION BY of a window function takes columns' });
}

function bindJoin(ref: JoinRef, binder: Binder, hints: readonly Hint[]): Bound {
  const left = bindFrom(ref.left, binder, hints);
  const right = asUnnest(ref.right, binder.session);
  const outer = ref.type === 'LEFT';
  if (right.kind === 'unnest' && (ref.type === 'CROSS' || ref.type === 'INNER' || outer))
    return joinedOn(ref, bindUnnest(right, left, outer, binder), binder);
  if (right.kind === 'named-table' && right.asOf !== undefined) {
    const time = rowtimeColumn(right.asOf, left.scope);
    if (time === undefined) return bindLookup(ref, right, left, binder, hints);
    return bindTemporalJoin(ref, left, bindNamed({ ...right, asOf: undefined }, binder), time, binder);
  }
  if (right.kind === 'derived-table' && right.lateral) return bindLateral(ref, right, left, binder);
  if (right.kind === 'unnest') throw notYet(`a ${ref.type} JOIN with UNNEST`, ref.span);
  return bindTwoSides(ref, left, bindFrom(right, binder, hints), binder, hints);
}

/** ON behind rows that each row of the left side has of its own: a filter. A LEFT JOIN has ON TRUE, in Flink too. */
function joinedOn(ref: JoinRef, both: Bound, binder: Binder): Bound {
  const { on } = ref;
  if (on === undefined || (on.kind === 'boolean' && on.value)) return both;
  if (ref.type === 'LEFT')
    throw new UserError('SQL2008', {
      at: on.span,
      message: 'a LEFT JOIN with UNNEST or a table function takes ON TRUE',
      hint: 'Filter in WHERE, or in the function.',
    });
  const condition = boolean(bindExpression(on, both.scope, hooks(binder)), on, 'ON');
  return { ...both, rel: filter(both.rel, condition) };
}

function bindUnnest(ref: UnnestRef, input: Bound, left: boolean, binder: Binder): Bound {
  const expr = bindExpression(ref.expression, input.scope, hooks(binder));
  const fields = unnestFields(expr.type, ref.span).map(
    (f): RelField => ({ ...f, type: withNullable(f.type, f.type.nullable || left), time: undefined }),
  );
  if (ref.ordinality)
    fields.push({ name: 'ORDINALITY', type: withNullable(types.INT, left), time: undefined });
  const names = ref.alias?.columns ?? [];
  if (names.length > 0 && names.length !== fields.length) {
    throw new UserError('SQL2007', {
      at: names[0]!.span,
      message: `UNNEST gives ${fields.length} columns, but ${names.length} are named`,
    });
  }
  const named = fields.map((f, i) => ({ ...f, name: names[i]?.text ?? f.name }));
  const rel: UnnestRel = {
    kind: 'unnest',
    input: input.rel,
    expr,
    ordinality: ref.ordinality,
    left,
    fields: [...input.rel.fields, ...named],
  };
  return { rel, scope: input.scope.join(Scope.of(ref.alias?.name.text, named)) };
}
function unnestFields(type: LogicalType, at: Span): { name: string; type: LogicalType }[] {
  switch (type.kind) {
    case 'ARRAY':
    case 'MULTISET':
      if (type.element.kind === 'ROW')
        return type.element.fields.map((f) => ({
          name: f.name,
          type: withNullable(f.type, f.type.nullable || type.element.nullable),
        }));
      return [{ name: 'EXPR$0', type: type.element }];
    case 'MAP':
      return [
        { name: 'KEY', type: type.key },
        { name: 'VALUE', type: type.value },
      ];
    default:
      throw new UserError('SQL2009', { at, message: `UNNEST takes an ARRAY, MAP or MULTISET` });
  }
}
