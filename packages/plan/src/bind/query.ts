/* Queries: WITH, set operations, VALUES, ORDER BY and LIMIT around SELECT. */

import { UserError, unreachable, limits } from '#base';
import { typeText, withNullable, type LogicalType, type Value } from '#data';
import { castTo, commonType, evaluate, type EvalContext, type Expr } from '#expr';
import type {
  Expression,
  OrderItem,
  Query,
  QueryBody,
  SetOperation,
  SubqueryExpression,
  ValuesBody,
} from '#sql';
import type { SortKey } from '../logical/field.ts';
import { column, named, project } from '../logical/nodes/project.ts';
import { scan } from '../logical/nodes/scan.ts';
import { sort } from '../logical/nodes/sort.ts';
import type { Rel } from '../logical/rel.ts';
import type { BoundView } from '../logical/table.ts';
import { digest } from '../digest.ts';
import { bindExpression } from './expressions.ts';
import { notYet } from './not-yet.ts';
import { checkOrder, ordinal, sortKey } from './order.ts';
import { bindSelect } from './select.ts';
import { Scope } from './scope.ts';
import { withUserAggregates } from './user-aggregates.ts';
import { setOperation } from './set-operation.ts';
import type { Session } from './session.ts';
import type { Binder } from './binder.ts';

export class QueryBinder implements Binder {
  readonly session: Session;
  /** For constants: VALUES, LIMIT. */
  readonly evaluation: EvalContext;
  readonly outer: Scope | undefined;
  readonly values = new Map<SubqueryExpression, Expr>();
  readonly #common: ReadonlyMap<string, Rel>;
  readonly #depth: number;

  constructor(
    session: Session,
    evaluation: EvalContext,
    common: ReadonlyMap<string, Rel> = new Map(),
    depth = 0,
    outer?: Scope,
  ) {
    this.session = session;
    this.evaluation = evaluation;
    this.#common = common;
    this.#depth = depth;
    this.outer = outer;
    if (depth > limits.sqlDepthMax)
      throw new UserError('SQL0003', { message: `views and queries nest deeper than ${limits.sqlDepthMax}` });
  }
  /** A WITH query by name. */
  common(name: string): Rel | undefined {
    return this.#common.get(name);
  }

  query(written: Query): Rel {
    const query = withUserAggregates(written, this.session);
    if (query.with.length === 0) return this.#ordered(query);
    const common = new Map(this.#common);
    for (const { name, columns, query: inner } of query.with) {
      const rel = this.#within(common).query(inner);
      common.set(
        name.text,
        columns.length === 0
          ? rel
          : renamed(
              rel,
              columns.map((c) => c.text),
            ),
      );
    }
    return this.#within(common).#ordered(query);
  }
  #within(common: ReadonlyMap<string, Rel>, outer = this.outer): QueryBinder {
    return new QueryBinder(this.session, this.evaluation, common, this.#depth + 1, outer);
  }
  subquery(query: Query, around: Scope): Rel {
    return this.#within(this.#common, around).query(query);
  }

  /** A view's query, in the view's own home. */
  view(view: BoundView): Rel {
    const { catalog, database } = this.session;
    Object.assign(this.session, view.home);
    try {
      const rel = new QueryBinder(this.session, this.evaluation, new Map(), this.#depth + 1).query(
        view.query,
      );
      return view.columns.length === 0 ? rel : renamed(rel, view.columns);
    } finally {
      Object.assign(this.session, { catalog, database });
    }
  }

  #ordered(query: Query): Rel {
    const limit = query.limit && this.#count(query.limit, 'LIMIT');
    const offset = query.offset ? this.#count(query.offset, 'OFFSET') : 0;
    if (query.body.kind === 'select') {
      const { rel, keys, visible } = bindSelect(query.body, query.orderBy, this);
      return this.#sorted(rel, keys, offset, limit, visible);
    }
    const rel = this.body(query.body);
    return this.#sorted(
      rel,
      query.orderBy.map((item) => this.#key(item, rel)),
      offset,
      limit,
      rel.fields.length,
    );
  }
  /** `visible`: columns behind were only for sorting. */
  #sorted(
    rel: Rel,
    keys: readonly SortKey[],
    offset: number,
    limit: number | undefined,
    visible: number,
  ): Rel {
    if (keys.length === 0 && limit === undefined && offset === 0) return rel;
    const sorted = sort(rel, keys, offset, limit);
    if (visible === rel.fields.length) return sorted;
    const shown = rel.fields.slice(0, visible);
    return project(
      sorted,
      shown.map((_, i) => column(sorted, i)),
      shown.map((f) => f.name),
    );
  }
  #key(item: OrderItem, rel: Rel): SortKey {
    const at = ordinal(item.expression, rel.fields.length);
    const bound =
      at === undefined ? bindExpression(item.expression, Scope.of(undefined, rel.fields)) : column(rel, at);
    if (bound.kind !== 'column')
      throw notYet('ORDER BY an expression over a set operation', item.expression.span);
    checkOrder(bound.type, item.expression);
    return sortKey(item, bound.index);
  }

  body(body: QueryBody): Rel {
    switch (body.kind) {
      case 'select': {
        const { rel } = bindSelect(body, [], this);
        return rel;
      }
      case 'values':
        return this.#values(body);
      case 'table-body': {
        const object = this.session.get(body.name);
        return object.kind === 'view' ? this.view(object) : scan(object);
      }
      case 'parenthesized':
        return this.query(body.query);
      case 'set-operation':
        return this.#setOperation(body);
      default:
        return unreachable(body);
    }
  }

  #setOperation(body: SetOperation): Rel {
    const left = this.body(body.left);
    const right = this.body(body.right);
    if (left.fields.length !== right.fields.length) {
      throw new UserError('SQL2014', {
        at: body.right.span,
        message: `Column count mismatch in ${body.operator}: ${left.fields.length} on the left, ${right.fields.length} on the right`,
      });
    }
    const wanted = left.fields.map((f, i) => {
      const common = commonType([f.type, right.fields[i]!.type]);
      if (common === undefined)
        throw new UserError('SQL2014', {
          at: body.right.span,
          message: `Type mismatch in column ${i + 1} of ${body.operator}: ${typeText(f.type)} and ${typeText(right.fields[i]!.type)}`,
        });
      return common;
    });
    return setOperation(body.operator, body.all, conform(left, wanted), conform(right, wanted));
  }

  #values(body: ValuesBody): Rel {
    const scope = new Scope([]);
    const rows = body.rows.map((row) =>
      row
        .flatMap((e) => (e.kind === 'row' && row.length === 1 ? e.items : [e]))
        .map((e) => bindExpression(e, scope)),
    );
    const width = rows[0]!.length;
    const bad = rows.findIndex((r) => r.length !== width);
    if (bad >= 0)
      throw new UserError('SQL2015', {
        at: body.rows[bad]![0]?.span ?? body.span,
        message: `row ${bad + 1} of VALUES has ${rows[bad]!.length} columns, the first has ${width}`,
      });
    const columnTypes = Array.from({ length: width }, (_, i): LogicalType => {
      const type = commonType(rows.map((r) => r[i]!.type));
      if (type === undefined)
        throw new UserError('SQL2015', {
          at: body.span,
          message: `column ${i + 1} of VALUES has types that do not go together`,
        });
      return type;
    });
    return {
      kind: 'values',
      rows: rows.map((r) => r.map((e, i) => this.constant(castTo(e, columnTypes[i]!)))),
      fields: columnTypes.map((type, i) => ({ name: `EXPR$${i}`, type, time: undefined })),
    };
  }
  constant(expr: Expr): Value {
    return evaluate(expr, [], this.evaluation);
  }
  #count(node: Expression, what: string): number {
    const value = node.kind === 'number' ? Number(node.text) : Number.NaN;
    if (!Number.isInteger(value) || value < 0)
      throw new UserError('SQL2016', { at: node.span, message: `${what} takes a whole number` });
    return value;
  }
}

/** Casts the columns that differ, and leaves the rest alone. */
function conform(rel: Rel, wanted: readonly LogicalType[]): Rel {
  const same = (a: LogicalType, b: LogicalType): boolean =>
    digest(withNullable(a, true)) === digest(withNullable(b, true));
  if (rel.fields.every((f, i) => same(f.type, wanted[i]!))) return rel;
  return project(
    rel,
    rel.fields.map((f, i) => castTo(column(rel, i), { ...wanted[i]!, nullable: f.type.nullable })),
    rel.fields.map((f) => f.name),
  );
}

export function renamed(rel: Rel, names: readonly string[]): Rel {
  if (names.length !== rel.fields.length)
    throw new UserError('SQL2007', {
      message: `${names.length} column names for ${rel.fields.length} columns`,
    });
  return named(rel, names);
}
