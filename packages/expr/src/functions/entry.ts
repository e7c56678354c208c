/* What the function table knows about one function: how a call binds, what it computes, what code it becomes.
 *
 *   SQL call ──bind──▶ CallExpr ──body──▶ values      (interpreter, and the compiler's generic rule)
 *                              └─compile─▶ JavaScript (where generated code pays)
 */

import type { Span } from '#base';
import type { LogicalType, Value } from '#data';
import type { CallCompiler } from '../compile/code.ts';
import type { EvalContext } from '../context.ts';
import type { CallExpr, Expr } from '../expression.ts';

export type Family =
  | 'comparison'
  | 'logic'
  | 'arithmetic'
  | 'string'
  | 'regex'
  | 'temporal'
  | 'conditional'
  | 'conversion'
  | 'json'
  | 'collection'
  | 'bitmap'
  | 'hash'
  | 'user';

/** What a call says beyond its arguments. */
export interface CallOptions {
  /** Symbols of special grammar, see FunctionEntry.flags. */
  readonly flags?: readonly string[];
  /** Where the call stands, for messages. */
  readonly at?: Span | undefined;
  /** The type after RETURNING, of JSON_VALUE and JSON_QUERY. */
  readonly returning?: LogicalType | undefined;
}

/** A call bound to types: arguments as the function takes them (casts inserted), and the result's type. */
export interface BoundCall {
  readonly args: readonly Expr[];
  readonly type: LogicalType;
  /** The call's flags where binding adds to those given. */
  readonly flags?: readonly string[];
}
/** … or another expression that says the same: BETWEEN becomes two comparisons. */
export interface Rewritten {
  readonly expr: Expr;
}
export type Binding = BoundCall | Rewritten;

/** A function on values, parameters typed by the entry's own binding. */
export type Body = (...args: never[]) => Value;
/** The same, as the evaluator calls it. */
export type BodyCall = (...args: Value[]) => Value;

export interface Example {
  /** The call as SQL text: what a recorder runs on Flink. */
  readonly sql: string;
  /** The same call through bindCall. */
  readonly call: Expr | (() => Expr);
  /** False where Flink cannot run the text by itself. */
  readonly recorded?: false;
  /** The value expected, in the form of data/values.ts. */
  readonly result: Value;
}

export interface FunctionEntry {
  /** Canonical name, upper case. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly family: Family;
  /** Calls it takes, for messages and documentation: `LPAD(STRING, INT, STRING)`. */
  readonly takes: readonly string[];
  /** Numbers of arguments it takes; `max` Infinity for a list. */
  readonly count: { readonly min: number; readonly max: number };
  /** The flags it understands, for documentation. */
  readonly flags?: string;
  /** The typed call, or undefined when the argument types do not fit. */
  bind(args: readonly Expr[], options: CallOptions): Binding | undefined;
  /** True (the default): a NULL argument makes the result NULL, and `body` sees no null. */
  readonly strict?: boolean;
  /** The function for one call site; work that depends on the call alone is done here, once. */
  body?(call: CallExpr, context: EvalContext): Body;
  /** Instead of `body`, for what evaluates its arguments as needed. Such an entry has `compile` too. */
  lazy?(args: readonly (() => Value)[], call: CallExpr): Value;
  /** Code of its own. Without it a call goes through `body`. */
  compile?: CallCompiler;
  /** False for RAND and its like: never folded or shared. */
  readonly deterministic?: boolean;
  /** False for what depends on the clock or the job: not folded at planning. */
  readonly constant?: boolean;
  readonly doc: string;
  readonly examples: readonly Example[];
}
