/* Filter and projection in one pass over each row. */

import type { LogicalType } from '#data';
import { columnsOf, mapColumns, planCalc, type Expr } from '#expr';
import { operatorCall } from '#job';
import { identity, type RelField } from '../../logical/field.ts';
import { exprText, selectText } from '../../text.ts';
import { inPlace, typesOf, type Below, type ColumnSets, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface CalcNode {
  readonly kind: 'calc';
  readonly inputs: readonly [PlanNode];
  readonly condition: Expr | undefined;
  readonly exprs: readonly Expr[];
  readonly fields: readonly RelField[];
}

/** A calc, or the input itself where it would change nothing. */
export function calc(
  input: PlanNode,
  condition: Expr | undefined,
  exprs: readonly Expr[],
  fields: readonly RelField[],
): PlanNode {
  const same =
    exprs.length === input.fields.length && exprs.every((e, i) => e.kind === 'column' && e.index === i);
  // A scan keeps the table's names: operator ids are made of them.
  const named = input.kind === 'scan' || input.fields.every((f, i) => f.name === fields[i]?.name);
  if (condition === undefined && same && named) return input;
  // Over a calc that only picks columns: one that picks them itself.
  if (
    input.kind === 'calc' &&
    input.condition === undefined &&
    input.exprs.every((e) => e.kind === 'column')
  ) {
    const picked = (expr: Expr): Expr => mapColumns(expr, (c) => input.exprs[c.index]!);
    return calc(input.inputs[0], condition && picked(condition), exprs.map(picked), fields);
  }
  return { kind: 'calc', inputs: [input], condition, exprs, fields };
}

/** The input with more columns behind its own, made of these expressions; the input itself where there are none. */
export function withColumns(input: PlanNode, exprs: readonly Expr[], name: string): PlanNode {
  if (exprs.length === 0) return input;
  const more = exprs.map((e, i): RelField => ({ name: `${name}${i}`, type: e.type, time: undefined }));
  return calc(input, undefined, [...identity(input.fields), ...exprs], [...input.fields, ...more]);
}

/** Whether the condition lets all changes of a row pass, or none: it reads nothing but a key. */
function filtersByKey(condition: Expr | undefined, below: Below): boolean {
  if (condition === undefined) return true;
  const read = [...columnsOf(condition)];
  return below.keys.upsert.some((key) => read.every((c) => key.includes(c)));
}

export const calcKind: NodeKind<CalcNode> = {
  ...inPlace,
  reads: ({ inputs: [input], condition, exprs }) => ({
    exprs: [...exprs, ...(condition === undefined ? [] : [condition])].map((expr) => ({
      expr,
      over: input.fields,
    })),
    columns: [],
  }),
  title({ inputs: [input], condition, exprs, fields }) {
    const where = condition ? `, where=[${exprText(condition, input.fields)}]` : '';
    return `Calc(select=[${selectText(exprs, input.fields, fields)}]${where})`;
  },
  // A filter on more than the key may let the new row fall out, and then nobody takes the old one back.
  needsUpdateBefore: ({ condition }, _, needed, [below]) =>
    needed || (below!.changes.updateAfter && !filtersByKey(condition, below!)),
  gives: (_, [input]) => input!,
  updatePairs({ condition }, [below]) {
    const reads = condition !== undefined && columnsOf(condition).size > 0;
    return reads && below!.changes.updateAfter && !filtersByKey(condition, below!) ? 'parts' : 'passes';
  },
  keys: ({ exprs }, [below]) => {
    const moved = (sets: ColumnSets): ColumnSets => sets.flatMap((key) => carriers(exprs, key));
    return { unique: moved(below!.keys.unique), upsert: moved(below!.keys.upsert) };
  },
  state: () => 'none',
  course({ condition, exprs }, column, below) {
    const expr = exprs[column]!;
    return condition === undefined && expr.kind === 'column' ? below(expr.index) : undefined;
  },
  origin({ exprs }, column) {
    const expr = exprs[column]!;
    return expr.kind === 'column' ? expr.index : undefined;
  },
  computes: ({ exprs }, column) => exprs[column],
  becomes: ({ inputs: [input], condition, exprs }) => ({
    kind: 'operator',
    ...operatorCall('calc', {
      plan: planCalc({ inputTypes: typesOf(input.fields), where: condition, project: exprs }),
    }),
  }),
};

/** Of a key of which columns stand more than once, as many ways to name it are known at most. */
const carriersMax = 8;
/** The key by all expressions that carry its columns, the first ones first; none where a column is gone. */
function carriers(exprs: readonly Expr[], key: readonly number[]): number[][] {
  let ways: number[][] = [[]];
  for (const k of key) {
    const at = exprs.flatMap((e, i) => (carries(e, k) ? [i] : []));
    ways = at.flatMap((i) => ways.map((way) => [...way, i])).slice(0, carriersMax);
  }
  return ways;
}
/** True when two rows differ in the expression wherever they differ in the column: the column itself, or a cast that loses
 *  nothing. */
function carries(e: Expr, column: number): boolean {
  if (e.kind === 'column') return e.index === column;
  if (e.kind !== 'call' || e.fn !== 'CAST' || e.args[0]!.kind !== 'column') return false;
  return e.args[0]!.index === column && keepsAll(e.args[0]!.type, e.type);
}
const integers = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT'];
function keepsAll(from: LogicalType, to: LogicalType): boolean {
  if (from.kind === 'VARCHAR' && to.kind === 'VARCHAR') return from.length <= to.length;
  const at = integers.indexOf(from.kind);
  if (to.kind === 'DOUBLE') return at >= 0 && from.kind !== 'BIGINT';
  return at >= 0 && at <= integers.indexOf(to.kind);
}
