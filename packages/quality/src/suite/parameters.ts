/* Suite parameters: {"$PARAMETER": "now() - timedelta(days=1)"} is replaced by what the expression gives.
 *
 *   sum := product (+- product)*;  product := power (* / % // power)*;  power := sign (** power)?
 *   atom := number | text | name | function(args, name=arg) | (sum) */

import { didYouMean, UserError } from '#base';
import { isoMs } from '../dialect/iso-time.ts';
import type { Cell } from '../cell.ts';

export type Parameters = ReadonlyMap<string, Cell>;
interface Moment {
  readonly ms: number;
}
interface Duration {
  readonly durationMs: number;
}
type Value = number | string | boolean | Moment | Duration;

const msOf: Readonly<Record<string, number>> = {
  weeks: 604_800_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
  milliseconds: 1,
};
const functions: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  exp: Math.exp,
  sqrt: Math.sqrt,
  log: Math.log,
  trunc: Math.trunc,
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
  sgn: Math.sign,
};

/** Arguments with every parameter replaced, in any depth. Throws QLT1012 for one that is not known or wrong. */
export function withParameters(given: unknown, parameters: Parameters, nowMs: number): unknown {
  if (Array.isArray(given)) return given.map((part) => withParameters(part, parameters, nowMs));
  if (typeof given !== 'object' || given === null) return given;
  const keys = Object.keys(given);
  if (keys.includes('$PARAMETER') || keys.includes('$EVALUATION_PARAMETER')) {
    const text = String(
      (given as Record<string, unknown>)['$PARAMETER'] ??
        (given as Record<string, unknown>)['$EVALUATION_PARAMETER'],
    );
    return parameters.get(text) ?? new ParameterParser(text, parameters, nowMs).value();
  }
  return Object.fromEntries(Object.entries(given).map(([k, v]) => [k, withParameters(v, parameters, nowMs)]));
}

const token =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|"([^"]*)"|'([^']*)'|([A-Za-z_][\w.:]*)|(\*\*|\/\/|[-+*/%(),=]))/y;

class ParameterParser {
  readonly #text: string;
  readonly #parameters: Parameters;
  readonly #nowMs: number;
  readonly #tokens: { readonly kind: 'number' | 'text' | 'name' | 'sign' | 'end'; readonly text: string }[] =
    [];
  #at = 0;

  constructor(text: string, parameters: Parameters, nowMs: number) {
    this.#text = text;
    this.#parameters = parameters;
    this.#nowMs = nowMs;
    token.lastIndex = 0;
    while (text.slice(token.lastIndex).trim() !== '') {
      const m = token.exec(text);
      if (m === null) throw this.#refused('it cannot be read');
      if (m[1] !== undefined) this.#tokens.push({ kind: 'number', text: m[1] });
      else if (m[2] !== undefined || m[3] !== undefined)
        this.#tokens.push({ kind: 'text', text: m[2] ?? m[3]! });
      else if (m[4] !== undefined) this.#tokens.push({ kind: 'name', text: m[4] });
      else this.#tokens.push({ kind: 'sign', text: m[5]! });
    }
    this.#tokens.push({ kind: 'end', text: '' });
  }
  value(): Cell {
    const value = this.#sum();
    if (this.#tokens[this.#at]!.kind !== 'end')
      throw this.#refused(`unexpected "${this.#tokens[this.#at]!.text}"`);
    if (typeof value === 'object')
      return 'ms' in value ? new Date(value.ms).toISOString().replace('Z', '') : value.durationMs / 1000;
    return value;
  }
  #refused(problem: string): UserError {
    return new UserError('QLT1012', {
      message: `parameter "${this.#text}": ${problem}`,
      hint: `Known are ${[...this.#parameters.keys(), 'now()', 'datetime(…)', 'timedelta(…)', ...Object.keys(functions).map((f) => `${f}()`)].join(', ')}; --param NAME=VALUE adds one.`,
    });
  }
  #take(...signs: readonly string[]): string | undefined {
    const { kind, text } = this.#tokens[this.#at]!;
    if (kind !== 'sign' || !signs.includes(text)) return undefined;
    this.#at++;
    return text;
  }
  #sum(): Value {
    let left = this.#product();
    for (let sign = this.#take('+', '-'); sign !== undefined; sign = this.#take('+', '-'))
      left = this.#add(left, this.#product(), sign === '+' ? 1 : -1);
    return left;
  }
  #add(a: Value, b: Value, sign: 1 | -1): Value {
    if (typeof a === 'number' && typeof b === 'number') return a + sign * b;
    const [left, right] = [momentOf(a), momentOf(b)];
    if (typeof left === 'object' && typeof right === 'object') {
      if ('ms' in left && 'durationMs' in right) return { ms: left.ms + sign * right.durationMs };
      if ('durationMs' in left && 'durationMs' in right)
        return { durationMs: left.durationMs + sign * right.durationMs };
      if ('ms' in left && 'ms' in right && sign === -1) return { durationMs: left.ms - right.ms };
      if ('durationMs' in left && 'ms' in right && sign === 1) return { ms: left.durationMs + right.ms };
    }
    throw this.#refused('these values cannot be added or subtracted');
  }
  #product(): Value {
    let left = this.#power();
    for (
      let sign = this.#take('*', '/', '//', '%');
      sign !== undefined;
      sign = this.#take('*', '/', '//', '%')
    ) {
      const right = this.#power();
      if (
        typeof left === 'object' &&
        'durationMs' in left &&
        typeof right === 'number' &&
        (sign === '*' || sign === '/')
      ) {
        left = { durationMs: sign === '*' ? left.durationMs * right : left.durationMs / right };
        continue;
      }
      const [a, b] = [this.#number(left), this.#number(right)];
      left =
        sign === '*'
          ? a * b
          : sign === '/'
            ? a / b
            : sign === '//'
              ? Math.floor(a / b)
              : a - b * Math.floor(a / b);
    }
    return left;
  }
  #power(): Value {
    const base = this.#signed();
    return this.#take('**') === undefined ? base : this.#number(base) ** this.#number(this.#power());
  }
  #signed(): Value {
    if (this.#take('-') === undefined) return this.#take('+') === undefined ? this.#atom() : this.#signed();
    const value = this.#signed();
    return typeof value === 'object' && 'durationMs' in value
      ? { durationMs: -value.durationMs }
      : -this.#number(value);
  }
  #number(value: Value): number {
    if (typeof value === 'number') return value;
    throw this.#refused('expected a number');
  }
  #atom(): Value {
    const { kind, text } = this.#tokens[this.#at++] ?? { kind: 'end', text: '' };
    if (kind === 'number') return Number(text);
    if (kind === 'text') return text;
    if (kind === 'sign' && text === '(') {
      const value = this.#sum();
      if (this.#take(')') === undefined) throw this.#refused('a parenthesis is not closed');
      return value;
    }
    if (kind !== 'name') throw this.#refused(kind === 'end' ? 'it ends too early' : `unexpected "${text}"`);
    if (this.#take('(') !== undefined) return this.#call(text);
    const known = this.#parameters.get(text);
    if (known === undefined)
      throw new UserError('QLT1012', {
        message: `parameter "${this.#text}": there is no "${text}"`,
        hint: didYouMean(text, this.#parameters.keys()) ?? `Give it: --param ${text}=VALUE`,
      });
    return known as Value;
  }
  #call(name: string): Value {
    const args: Value[] = [];
    const named = new Map<string, number>();
    while (this.#take(')') === undefined) {
      const { kind, text } = this.#tokens[this.#at]!;
      const next = this.#tokens[this.#at + 1];
      if (kind === 'name' && next?.kind === 'sign' && next.text === '=') {
        this.#at += 2;
        named.set(text, this.#number(this.#sum()));
      } else args.push(this.#sum());
      if (this.#take(',') === undefined && this.#tokens[this.#at]!.text !== ')')
        throw this.#refused('a parenthesis is not closed');
    }
    if (name === 'now') return { ms: this.#nowMs };
    if (name === 'timedelta') return this.#duration(args, named);
    if (name === 'datetime') return this.#moment(args, named);
    const known = functions[name];
    if (known === undefined) throw this.#refused(`there is no function ${name}()`);
    return known(this.#number(args[0] ?? ''));
  }
  #duration(args: readonly Value[], named: ReadonlyMap<string, number>): Duration {
    let durationMs = this.#number(args[0] ?? 0) * msOf['days']! + this.#number(args[1] ?? 0) * 1000;
    for (const [unit, n] of named) {
      const ms = msOf[unit];
      if (ms === undefined) throw this.#refused(`timedelta has no ${unit}`);
      durationMs += n * ms;
    }
    return { durationMs };
  }
  #moment(args: readonly Value[], named: ReadonlyMap<string, number>): Moment {
    const names = ['year', 'month', 'day', 'hour', 'minute', 'second'];
    const [year, month, day, hour = 0, minute = 0, second = 0] = names.map((n, i) => {
      const value = named.get(n) ?? args[i];
      return value === undefined ? undefined : this.#number(value);
    });
    if (year === undefined || month === undefined || day === undefined)
      throw this.#refused('datetime takes year, month and day');
    return { ms: Date.UTC(year, month - 1, day, hour, minute, second) };
  }
}
/** Text that is a time is one. */
function momentOf(value: Value): Value {
  const ms = typeof value === 'string' ? isoMs(value) : undefined;
  return ms === undefined ? value : { ms };
}
