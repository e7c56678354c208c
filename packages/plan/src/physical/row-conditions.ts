/* What a filter over a scan says of the columns of its table, for a source that can leave rows out: comparisons with constants, IN,
 * IS [NOT] NULL, under AND, OR and NOT. The filter stays: what cannot be said is not said. */

import type { ComparisonOperator, RowCondition } from '#catalog';
import type { LogicalType, Value } from '#data';
import type { CallExpr, Expr } from '#expr';
import { conjuncts } from '../logical/conditions.ts';

/** `nameOf`: the column of the table that a column of the condition is; undefined for one that is computed. */
export function rowConditions(
  condition: Expr,
  nameOf: (column: number) => string | undefined,
): readonly RowCondition[] {
  const reader = new ConditionReader(nameOf);
  return conjuncts(condition).flatMap((part) => reader.read(part, true) ?? []);
}

const operators: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const negated = { '=': '<>', '<>': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;
const turned = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

class ConditionReader {
  readonly #nameOf: (column: number) => string | undefined;

  constructor(nameOf: (column: number) => string | undefined) {
    this.#nameOf = nameOf;
  }
  /** What holds where the expression is `wanted`; undefined where nothing can be said. */
  read(expr: Expr, wanted: boolean): RowCondition | undefined {
    if (expr.kind !== 'call') return this.#truth(expr, wanted);
    const { fn, args } = expr;
    switch (fn) {
      case 'AND':
      case 'OR':
        return this.#several(args, wanted, (fn === 'AND') === wanted ? 'all' : 'any');
      case 'NOT':
        return this.read(args[0]!, !wanted);
      case 'IS NULL':
      case 'IS NOT NULL': {
        const column = this.#column(args[0]!);
        return column && { kind: 'null', column: column.name, isNull: (fn === 'IS NULL') === wanted };
      }
      case 'IN':
        return wanted ? this.#in(args) : undefined;
      default: {
        const operator = operators[fn];
        return operator && this.#comparison(operator, expr, wanted);
      }
    }
  }
  /** Of parts that must all hold, those that say nothing may be left out. */
  #several(args: readonly Expr[], wanted: boolean, kind: 'all' | 'any'): RowCondition | undefined {
    const parts = args.map((arg) => this.read(arg, wanted));
    const known = parts.filter((part) => part !== undefined);
    if (known.length === 0 || (kind === 'any' && known.length < parts.length)) return undefined;
    return known.length === 1 ? known[0]! : { kind, of: known };
  }
  /** A truth value that is a column by itself. */
  #truth(expr: Expr, wanted: boolean): RowCondition | undefined {
    const column = expr.type.kind === 'BOOLEAN' ? this.#column(expr) : undefined;
    return (
      column && { kind: 'compare', column: column.name, type: column.type, operator: '=', value: wanted }
    );
  }
  #comparison(operator: ComparisonOperator, { args }: CallExpr, wanted: boolean): RowCondition | undefined {
    const [left, right] = [args[0]!, args[1]!];
    const own = this.#column(left);
    const column = own ?? this.#column(right);
    // What is not less than a number may be no number at all.
    if (column === undefined || (!wanted && isFloat(column.type))) return undefined;
    const said = own === undefined ? turned[operator] : operator;
    const pair = inOneType(column.type, constantOf(own === undefined ? left : right));
    if (pair === undefined) return undefined;
    return { kind: 'compare', column: column.name, operator: wanted ? said : negated[said], ...pair };
  }
  #in([tested, ...list]: readonly Expr[]): RowCondition | undefined {
    const column = this.#column(tested!);
    if (column === undefined) return undefined;
    const of: RowCondition[] = [];
    for (const item of list) {
      const constant = constantOf(item);
      if (constant?.value === null) continue;
      const pair = inOneType(column.type, constant);
      if (pair === undefined) return undefined;
      of.push({ kind: 'compare', column: column.name, operator: '=', ...pair });
    }
    return { kind: 'any', of };
  }
  /** A column of the table, or one whose values a cast leaves as they are; as what it is compared. */
  #column(expr: Expr): { readonly name: string; readonly type: LogicalType } | undefined {
    if (expr.kind === 'column') {
      const name = this.#nameOf(expr.index);
      return name === undefined ? undefined : { name, type: expr.type };
    }
    if (expr.kind !== 'call' || expr.fn !== 'CAST') return undefined;
    const inner = this.#column(expr.args[0]!);
    return inner && keepsValues(inner.type, expr.type) ? { name: inner.name, type: expr.type } : undefined;
  }
}

const isFloat = ({ kind }: LogicalType): boolean => kind === 'FLOAT' || kind === 'DOUBLE';
const integers = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT'];
const isText = ({ kind }: LogicalType): boolean => kind === 'CHAR' || kind === 'VARCHAR';

/** Every value is the same after the cast. */
function keepsValues(from: LogicalType, to: LogicalType): boolean {
  const [small, large] = [integers.indexOf(from.kind), integers.indexOf(to.kind)];
  if (small >= 0 && large >= 0) return small <= large;
  if (to.kind === 'DOUBLE') return from.kind === 'FLOAT' || (small >= 0 && small < 3);
  if (to.kind === 'DECIMAL') {
    if (small >= 0) return to.precision - to.scale >= [3, 5, 10, 19][small]!;
    return (
      from.kind === 'DECIMAL' &&
      to.scale >= from.scale &&
      to.precision - to.scale >= from.precision - from.scale
    );
  }
  return false;
}

interface Constant {
  readonly type: LogicalType;
  readonly value: Value;
}
/** A literal, or the cast of one number to another that is the same. */
function constantOf(expr: Expr): Constant | undefined {
  if (expr.kind === 'literal') return expr;
  if (expr.kind !== 'call' || expr.fn !== 'CAST') return undefined;
  const inner = constantOf(expr.args[0]!);
  if (inner === undefined || inner.value === null) return undefined;
  const value = castNumber(inner, expr.type);
  return value === undefined ? undefined : { type: expr.type, value };
}
function castNumber({ type, value }: Constant, to: LogicalType): Value | undefined {
  const isWhole = integers.includes(type.kind);
  const digits = type.kind === 'DECIMAL' ? type.scale : 0;
  if (isText(type) && isText(to) && to.kind === 'VARCHAR') return value;
  if (!isWhole && type.kind !== 'DECIMAL' && !isFloat(type)) return undefined;
  if (isFloat(to)) {
    const number =
      typeof value === 'bigint'
        ? Number(digits === 0 ? value.toString() : decimalText(value, digits))
        : value;
    return to.kind === 'FLOAT' ? Math.fround(number as number) : number;
  }
  if (isFloat(type)) return undefined;
  const whole = BigInt(value as number | bigint);
  if (to.kind === 'DECIMAL') return to.scale >= digits ? whole * 10n ** BigInt(to.scale - digits) : undefined;
  if (digits > 0) return undefined;
  if (to.kind === 'BIGINT') return whole;
  return integers.includes(to.kind) ? Number(whole) : undefined;
}
function decimalText(unscaled: bigint, scale: number): string {
  const text = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** The type in which both are compared, and the constant as one of it. */
function inOneType(
  type: LogicalType,
  constant: Constant | undefined,
): { readonly type: LogicalType; readonly value: Value } | undefined {
  if (constant === undefined || constant.value === null) return undefined;
  if (type.kind === 'DECIMAL' && constant.type.kind === 'DECIMAL') {
    const scale = Math.max(type.scale, constant.type.scale);
    const value = (constant.value as bigint) * 10n ** BigInt(scale - constant.type.scale);
    return { type: { ...type, precision: 38, scale }, value };
  }
  const isSame = type.kind === constant.type.kind || (isText(type) && isText(constant.type));
  return isSame ? { type, value: constant.value } : undefined;
}
