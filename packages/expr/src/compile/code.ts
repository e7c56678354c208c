/* Writes the body of one generated loop: expressions become JavaScript statements and registers.
 *
 *   price * 2 > 100   ─▶   const v1 = c0[row] * 2;          a register is the text of a cheap, repeatable JavaScript
 *                          if (v1 > 9007199254740991) …     expression for the value, and one for "is null"
 *                          const v2 = v1 > 100;
 *
 * Narrow code holds BIGINT, DECIMAL and day-time intervals as exact numbers and leaves the loop (`break rows`) at the
 * first row where one does not fit; wide code holds them as bigint and never leaves. What a register's value is where
 * it is null is arbitrary, so code that could fail on it is guarded.
 */

import { assert } from '#base';
import { layoutOf, narrowMax, type Instant, type LogicalType, type Value } from '#data';
import type { CallExpr, Expr } from '../expression.ts';

/** Bytes made for a row, which last until the next one: see made-text.ts. */
export const madeText = -1;

/** Where the bytes of a string column lie. */
export interface Slice {
  readonly data: string;
  readonly start: string;
  readonly length: string;
  /** The column, an index of `sources`; `madeText` for text that was made for this row. */
  readonly column: number;
  /** What tells it from other slices of the column: the register that its start lies in, or ''. */
  readonly part: string;
}

/** JavaScript texts of one value. */
export interface Register {
  readonly type: LogicalType;
  /** boolean, number, or what data/values.ts says; narrow exact: number, wide: bigint; timestamps: ms. */
  readonly value: string;
  /** Nanoseconds within the millisecond, of timestamps. */
  readonly nanos: string;
  /** 'false' when it cannot be null, 'true' when it is. */
  readonly isNull: string;
  /** Bytes of a string not decoded; then `value` is empty, ask `text`. */
  readonly slice?: Slice;
  /** The value, of a literal. */
  readonly constant?: Value;
}

/** A compile rule; undefined leaves the call to the generic rule. */
export type CallCompiler = (code: Code, call: CallExpr) => Register | undefined;

/** What is known of functions. The table of functions is not asked directly: its entries hold compile rules, which are
 *  written in terms of `Code`. */
export interface CallRules {
  /** The function of a call. */
  functionOf(call: CallExpr): { readonly strict?: boolean; readonly compile?: CallCompiler };
  /** Equal for expressions that are the same computation; undefined where each evaluation gives another value. */
  digest(expr: Expr): string | undefined;
}

/** What generated code refers to; shared by the narrow and the wide variant. Plain data. */
export interface Pool {
  /** Paths of columns that the program reads: [2] is column 2, [2, 0] its field 0. */
  readonly sources: number[][];
  readonly sourceTypes: LogicalType[];
  readonly constants: Value[];
  readonly calls: CallExpr[];
}

/** Either of several null tests. */
export function anyNull(...tests: readonly string[]): string {
  const open = [...new Set(tests)].filter((t) => t !== 'false');
  if (open.includes('true')) return 'true';
  return open.length === 0 ? 'false' : open.length === 1 ? open[0]! : `(${open.join(' || ')})`;
}

/** The opposite of a null test. */
export function not(test: string): string {
  if (test === 'true' || test === 'false') return test === 'true' ? 'false' : 'true';
  if (/^!\w+$/.test(test)) return test.slice(1);
  const simple = /^\((\S+) === (\S+)\)$/.exec(test);
  return simple === null ? `!${test}` : `(${simple[1]} !== ${simple[2]})`;
}

export const isExact = (type: LogicalType): boolean => layoutOf(type) === 'exact';
/** A literal that may follow an operator. */
const signed = (text: string): string => (text.startsWith('-') ? `(${text})` : text);
const isTextType = (type: LogicalType): boolean => type.kind === 'CHAR' || type.kind === 'VARCHAR';

/** What the code may take for granted of the batches that it runs over. */
export interface Variant {
  readonly wide: boolean;
  readonly full: boolean;
}

export class Code {
  readonly wide: boolean;
  /** No source has a NULL in the batch. */
  readonly full: boolean;
  readonly pool: Pool;
  /** Sources that the code reads, not merely passes on. */
  readonly used = new Set<number>();
  /** Text is made: each row begins with none. */
  makesText = false;
  readonly #rules: CallRules;
  #lines: string[] = [];
  #depth: number;
  #names = 0;
  #scopes: Map<string | Expr, Register>[] = [new Map()];

  constructor({ wide, full }: Variant, pool: Pool, depth: number, rules: CallRules) {
    this.wide = wide;
    this.full = full;
    this.pool = pool;
    this.#depth = depth;
    this.#rules = rules;
  }
  get lines(): readonly string[] {
    return this.#lines;
  }
  name(prefix = 'v'): string {
    return `${prefix}${++this.#names}`;
  }
  emit(line: string): void {
    this.#lines.push(`${'  '.repeat(this.#depth)}${line}`);
  }
  /** A const of that expression; a name or literal stays what it is. */
  keep(expression: string, prefix = 'v'): string {
    if (/^(?:\(-[\w.]+\)|[\w.]+|\w+\[row\])$/.test(expression)) return expression;
    const name = this.name(prefix);
    this.emit(`const ${name} = ${expression};`);
    return name;
  }
  /** Emits `head {`, what `inside` emits, and `}`; registers made inside are not known after it. */
  block(head: string, inside: () => void): void {
    this.emit(`${head} {`);
    this.#inner(inside);
    this.emit('}');
  }
  #inner(inside: () => void): void {
    this.#depth++;
    this.#scopes.push(new Map());
    inside();
    this.#scopes.pop();
    this.#depth--;
  }
  /** Runs `inside` as if in a block, but hands back what it emitted instead of emitting it. */
  apart(inside: () => Register): { readonly lines: readonly string[]; readonly register: Register } {
    const outer = this.#lines;
    this.#lines = [];
    this.#scopes.push(new Map());
    const register = inside();
    this.#scopes.pop();
    const lines = this.#lines;
    this.#lines = outer;
    return { lines, register };
  }
  /** Emits lines from `apart`, indented further. */
  append(lines: readonly string[], deeper = 0): void {
    for (const line of lines) this.#lines.push(`${'  '.repeat(deeper)}${line}`);
  }
  /** Emits what `inside` emits only where `condition` holds, so that nothing in it fails or costs elsewhere. */
  when(condition: string, inside: () => void): void {
    if (condition === 'true') inside();
    else if (condition !== 'false') this.block(`if (${condition})`, inside);
  }
  /** Leaves narrow code at this row. */
  leave(condition: string): void {
    if (condition === 'false') return;
    this.emit(condition === 'true' ? 'break rows;' : `if (${condition}) break rows;`);
  }
  /** An exact number just computed: leaves narrow code unless it fits. */
  checkNarrow(value: string, isNull: string): void {
    const outside = `${value} > ${narrowMax} || ${value} < -${narrowMax}`;
    if (!this.wide) this.leave(isNull === 'false' ? outside : `${not(isNull)} && (${outside})`);
  }
  constant(value: Value): string {
    this.pool.constants.push(value);
    return `k${this.pool.constants.length - 1}`;
  }
  /** The JavaScript function that is the body of a call. */
  callee(call: CallExpr): string {
    let index = this.pool.calls.indexOf(call);
    if (index < 0) index = this.pool.calls.push(call) - 1;
    return `f${index}`;
  }

  /** The register of an expression; equal deterministic expressions in reach share one. */
  expr(expr: Expr): Register {
    switch (expr.kind) {
      case 'literal':
        return this.literal(expr.value, expr.type);
      case 'column':
        return this.#source([expr.index], expr.type);
      case 'field': {
        const path = columnPath(expr);
        return path !== undefined
          ? this.#source(path, expr.type)
          : this.#field(expr.operand, expr.index, expr.type);
      }
      case 'call': {
        // What gives another value at each evaluation is still evaluated once for its place in the expression.
        const key = this.#rules.digest(expr) ?? expr;
        const known = this.#known(key);
        if (known !== undefined) return known;
        const register = this.#rules.functionOf(expr).compile?.(this, expr) ?? this.generic(expr);
        this.#scopes.at(-1)!.set(key, register);
        return register;
      }
    }
  }
  /** What `remember` was told under this key, if that is in reach here. */
  recall(key: string): Register | undefined {
    return this.#known(key);
  }
  /** Keeps a register for what follows in the same block, beside those of whole expressions. */
  remember(key: string, register: Register): void {
    this.#scopes.at(-1)!.set(key, register);
  }
  #known(key: string | Expr): Register | undefined {
    return this.#scopes.findLast((scope) => scope.has(key))?.get(key);
  }

  literal(value: Value, type: LogicalType): Register {
    if (value === null) return { type, value: this.zero(type), nanos: '0', isNull: 'true', constant: null };
    const base = { type, nanos: '0', isNull: 'false', constant: value };
    switch (layoutOf(type)) {
      case 'i32':
      case 'f64':
        return { ...base, value: signed(Object.is(value, -0) ? '-0' : String(value)) };
      case 'exact':
        return { ...base, value: this.exactLiteral(value as bigint) };
      case 'time':
        return {
          ...base,
          value: signed(String((value as Instant).ms)),
          nanos: String((value as Instant).ns),
        };
      case 'bytes':
        return { ...base, value: isTextType(type) ? JSON.stringify(value) : this.constant(value) };
      default:
        return { ...base, value: this.constant(value) };
    }
  }
  /** An exact constant; narrow code that meets one too large leaves there. */
  exactLiteral(value: bigint): string {
    if (this.wide) return signed(`${value}n`);
    if (value > narrowMax || value < -narrowMax) {
      this.leave('true');
      return '0';
    }
    return signed(String(value));
  }
  /** A value of the type's register, of no meaning. */
  zero(type: LogicalType): string {
    switch (layoutOf(type)) {
      case 'i32':
        return type.kind === 'BOOLEAN' ? 'false' : '0';
      case 'f64':
      case 'time':
        return '0';
      case 'exact':
        return this.wide ? '0n' : '0';
      case 'bytes':
        return isTextType(type) ? "''" : 'null';
      default:
        return 'null';
    }
  }

  /** Index of a column path among the program's sources. */
  source(path: readonly number[], type: LogicalType): number {
    const text = path.join('.');
    const at = this.pool.sources.findIndex((s) => s.join('.') === text);
    if (at >= 0) return at;
    this.pool.sourceTypes.push(type);
    return this.pool.sources.push([...path]) - 1;
  }
  #source(path: readonly number[], type: LogicalType): Register {
    const i = this.source(path, type);
    this.used.add(i);
    if (type.kind === 'NULL') return this.literal(null, type);
    // A DECIMAL may be null in a NOT NULL column: that is what its overflow gives.
    const mayBeNull = type.nullable || path.length > 1 || type.kind === 'DECIMAL';
    const isNull = mayBeNull && !this.full ? `(c${i}n[row] === 0)` : 'false';
    const base = { type, nanos: '0', isNull };
    switch (layoutOf(type)) {
      case 'i32':
        return { ...base, value: type.kind === 'BOOLEAN' ? `(c${i}[row] !== 0)` : `c${i}[row]` };
      case 'f64':
        return { ...base, value: `c${i}[row]` };
      case 'exact':
        if (!this.wide) return { ...base, value: `c${i}[row]` };
        return {
          ...base,
          value: this.keep(
            isNull === 'false' ? `exactAt(c${i}, row)` : `${isNull} ? 0n : exactAt(c${i}, row)`,
          ),
        };
      case 'time': {
        const fine = (type as { precision: number }).precision > 3;
        return { ...base, value: `c${i}[row]`, nanos: fine ? `c${i}m[row]` : '0' };
      }
      case 'bytes':
        return {
          ...base,
          value: '',
          slice: { data: `c${i}`, start: `c${i}s[row]`, length: `c${i}l[row]`, column: i, part: '' },
        };
      default:
        return { ...base, value: this.keep(`valueAt(c${i}, c${i}t, row)`) };
    }
  }
  #field(operand: Expr, index: number, type: LogicalType): Register {
    const row = this.expr(operand);
    const raw = this.name('r');
    this.emit(
      `const ${raw} = ${row.isNull === 'false' ? '' : `${row.isNull} ? null : `}${row.value}[${index}];`,
    );
    return this.fromValue(type, raw);
  }

  /** The value as JS string (or bytes), decoded from its slice at most once in reach. '' or null where null. */
  text(register: Register): string {
    const { slice, isNull, type } = register;
    if (slice === undefined) return register.value;
    const key = `text ${slice.column} ${slice.part}`;
    const known = this.#known(key);
    if (known !== undefined) return known.value;
    const decode = isTextType(type) ? 'textAt' : 'bytesAt';
    const call = `${decode}(${slice.data}, ${slice.start}, ${slice.length})`;
    const value = this.keep(isNull === 'false' ? call : `${isNull} ? ${this.zero(type)} : ${call}`, 's');
    this.#scopes.at(-1)!.set(key, { ...register, value });
    return value;
  }
  /** JS expression of the value as data/values.ts has it; only where it is not null. */
  toValue(register: Register): string {
    switch (layoutOf(register.type)) {
      case 'exact':
        if (this.wide) return register.value;
        return register.isNull === 'false' ? `BigInt(${register.value})` : `bigintOf(${register.value})`;
      case 'time':
        return `{ ms: ${register.value}, ns: ${register.nanos} }`;
      case 'bytes':
        return this.text(register);
      default:
        return register.value;
    }
  }
  /** The register of a JS variable that holds a Value or null. */
  fromValue(type: LogicalType, raw: string): Register {
    const isNull = `(${raw} === null)`;
    const base = { type, nanos: '0', isNull };
    switch (layoutOf(type)) {
      case 'i32':
      case 'f64':
        return { ...base, value: this.keep(`${raw} ?? ${this.zero(type)}`) };
      case 'exact': {
        if (this.wide) return { ...base, value: this.keep(`${raw} ?? 0n`) };
        this.leave(`${raw} !== null && (${raw} > ${narrowMax}n || ${raw} < -${narrowMax}n)`);
        return { ...base, value: this.keep(`Number(${raw})`) };
      }
      case 'time': {
        const fine = (type as { precision: number }).precision > 3;
        const ms = this.keep(`${raw} === null ? 0 : ${raw}.ms`);
        return { ...base, value: ms, nanos: fine ? this.keep(`${raw} === null ? 0 : ${raw}.ns`) : '0' };
      }
      default:
        return { ...base, value: raw };
    }
  }
  /** A call through the function's body on decoded values: the rule that every function has. */
  generic(call: CallExpr): Register {
    const { strict } = this.#rules.functionOf(call);
    const registers = call.args.map((arg) => this.expr(arg));
    const isNull = strict === false ? 'false' : anyNull(...registers.map((r) => r.isNull));
    if (isNull === 'true') return this.literal(null, call.type);
    const args = registers.map((r) => {
      if (r.isNull === 'true') return 'null';
      const value = this.toValue(r);
      return strict !== false || r.isNull === 'false' ? value : `${r.isNull} ? null : ${value}`;
    });
    const raw = this.name('r');
    this.emit(
      `const ${raw} = ${isNull === 'false' ? '' : `${isNull} ? null : `}${this.callee(call)}(${args.join(', ')});`,
    );
    return this.fromValue(call.type, raw);
  }

  /** JS condition: the boolean is TRUE (neither false nor null). */
  truth(register: Register): string {
    if (register.isNull === 'true') return 'false';
    return register.isNull === 'false' ? register.value : `(${not(register.isNull)} && ${register.value})`;
  }
  /** Declares a register to be assigned on several branches. It starts as NULL. */
  variable(type: LogicalType): { readonly register: Register; assign(from: Register): void } {
    const value = this.name();
    const isNull = this.name('n');
    const isFine = layoutOf(type) === 'time' && (type as { precision: number }).precision > 3;
    const nanos = isFine ? this.name('m') : '0';
    this.emit(`let ${value} = ${this.zero(type)}, ${isNull} = true${isFine ? `, ${nanos} = 0` : ''};`);
    return {
      register: { type, value, nanos, isNull },
      assign: (from) => {
        if (from.isNull === 'true') return this.emit(`${isNull} = true;`);
        this.emit(`${value} = ${this.text(from)};`);
        if (isFine) this.emit(`${nanos} = ${from.nanos};`);
        this.emit(`${isNull} = ${from.isNull};`);
      },
    };
  }
}

/** The path of a column or of fields within one, else undefined. */
export function columnPath(expr: Expr): number[] | undefined {
  if (expr.kind === 'column') return [expr.index];
  if (expr.kind !== 'field') return undefined;
  const path = columnPath(expr.operand);
  assert(expr.operand.type.kind === 'ROW', 'a field of a row');
  return path && [...path, expr.index];
}
