/* Windows as SQL writes them: table functions (TUMBLE(TABLE t, DESCRIPTOR(ts), …)) and group functions (TUMBLE(ts, …)). */

import { UserError, type Span } from '#base';
import type { Expr, LiteralExpr } from '#expr';
import type { Expression, FunctionCall } from '#sql';
import { isTimeAttribute, type RelField, type TimeAttribute, type WindowSpec } from '../logical/field.ts';
import type { Rel } from '../logical/rel.ts';
import { bindExpression } from './expressions.ts';
import { intervalMs } from './literals.ts';
import { Scope } from './scope.ts';

export const windowFunctions = ['TUMBLE', 'HOP', 'CUMULATE', 'SESSION'] as const;
type WindowName = (typeof windowFunctions)[number];
const parameters: Record<WindowName, readonly string[]> = {
  TUMBLE: ['DATA', 'TIMECOL', 'SIZE', 'OFFSET'],
  HOP: ['DATA', 'TIMECOL', 'SLIDE', 'SIZE', 'OFFSET'],
  CUMULATE: ['DATA', 'TIMECOL', 'STEP', 'SIZE', 'OFFSET'],
  SESSION: ['DATA', 'TIMECOL', 'GAP'],
};
const optional = new Set(['OFFSET']);

export function windowName(name: string): WindowName | undefined {
  return windowFunctions.find((w) => w === name.toUpperCase());
}

/** The arguments by parameter name, whether written by position or as NAME => value. Throws SQL4001. */
export function windowArguments(call: FunctionCall, name: WindowName): Map<string, Expression> {
  const names = parameters[name];
  const found = new Map<string, Expression>();
  call.args.forEach((arg, i) => {
    const key = arg.kind === 'named' ? arg.name.text.toUpperCase() : names[i];
    const value = arg.kind === 'named' ? arg.value : arg;
    if (key === undefined || !names.includes(key)) {
      throw new UserError('SQL4001', {
        at: arg.span,
        message:
          key === undefined
            ? `${name} takes at most ${names.length} arguments`
            : `${name} has no parameter ${key}`,
        hint: usage(name),
      });
    }
    found.set(key, value);
  });
  const missing = names.filter((n) => !found.has(n) && !optional.has(n));
  if (missing.length > 0)
    throw new UserError('SQL4001', {
      at: call.span,
      message: `${name} needs ${missing.join(', ')}`,
      hint: usage(name),
    });
  return found;
}
const usage = (name: WindowName): string =>
  `Write ${name}(TABLE t, DESCRIPTOR(ts)${parameters[name]
    .slice(2)
    .filter((p) => !optional.has(p))
    .map((p) => `, <${p.toLowerCase()}>`)
    .join('')}), lengths as INTERVAL '5' MINUTE.`;

/** A constant length in ms. Throws SQL4002. */
export function constantMs(node: Expression | undefined, what: string): number {
  if (node === undefined) return 0;
  const bound: Expr = bindExpression(node, new Scope([]));
  const ms = bound.kind === 'literal' ? intervalMs(bound as LiteralExpr) : undefined;
  if (ms === undefined) {
    throw new UserError('SQL4002', {
      at: node.span,
      message: `the ${what} of a window must be a constant interval of days or less`,
      hint: `Write INTERVAL '5' MINUTE.`,
    });
  }
  return ms;
}

/** The time attribute that a window is built on. Throws SQL4003 with the reason. */
export function timeAttribute(
  field: RelField,
  fields: readonly RelField[],
  at: Span,
  what: string,
): TimeAttribute {
  if (isTimeAttribute(field.time)) return field.time;
  throw new UserError('SQL4003', {
    at,
    message: `the window function requires the timecol to be a time attribute, but "${field.name}" is not one: ${what}`,
    hint: timeHint(field, fields),
  });
}

/** Which columns would do; else how this one comes to. */
function timeHint(field: RelField, fields: readonly RelField[]): string {
  const times = fields.filter((f) => isTimeAttribute(f.time)).map((f) => `"${f.name}"`);
  if (times.length > 0) return `Time attributes here: ${times.join(', ')}.`;
  const { kind } = field.type;
  if (kind === 'TIMESTAMP' || kind === 'TIMESTAMP_LTZ')
    return `Declare it in the table: WATERMARK FOR ${field.name} AS ${field.name} - INTERVAL '5' SECOND; or, in a view, keep the column as it is: a computed value is no time attribute.`;
  return `None of the columns is one. Declare in the table: ts AS ${kind === 'BIGINT' || kind === 'INT' ? `TO_TIMESTAMP_LTZ(${field.name}, 3)` : `TO_TIMESTAMP(…)`}, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND.`;
}

export interface WindowLengths {
  readonly sizeMs: number;
  readonly slideMs: number;
  readonly offsetMs: number;
}

export function checkLengths(
  name: WindowName,
  lengths: WindowLengths,
  tableFunction: boolean,
  at: Span,
): void {
  const fail = (message: string): never => {
    throw new UserError('SQL4004', { at, message });
  };
  if (lengths.sizeMs <= 0) fail(`${name}: the ${name === 'SESSION' ? 'gap' : 'size'} must be greater than 0`);
  if ((name === 'HOP' || name === 'CUMULATE') && lengths.slideMs <= 0)
    fail(`${name}: the ${name === 'HOP' ? 'slide' : 'step'} must be greater than 0`);
  if (name === 'HOP' && tableFunction && lengths.sizeMs % lengths.slideMs !== 0) {
    fail(
      `HOP table function based aggregate requires size must be an integral multiple of slide, but got size ${lengths.sizeMs} ms and slide ${lengths.slideMs} ms`,
    );
  }
  if (name === 'CUMULATE' && lengths.sizeMs % lengths.slideMs !== 0) {
    fail(
      `CUMULATE table function based aggregate requires maxSize must be an integral multiple of step, but got maxSize ${lengths.sizeMs} ms and step ${lengths.slideMs} ms`,
    );
  }
}

/** The window of a table function over `input`, whose scope resolves the descriptor. */
export function tableWindow(
  name: WindowName,
  args: ReadonlyMap<string, Expression>,
  input: Rel,
  at: Span,
  partition: readonly number[],
): WindowSpec {
  const descriptor = args.get('TIMECOL')!;
  if (descriptor.kind !== 'descriptor' || descriptor.columns.length !== 1) {
    throw new UserError('SQL4001', {
      at: descriptor.span,
      message: `${name} takes the time column as DESCRIPTOR(column)`,
      hint: usage(name),
    });
  }
  const bound = Scope.of(undefined, input.fields).resolve([descriptor.columns[0]!]);
  const time = bound.kind === 'column' ? bound.index : -1;
  const field = input.fields[time]!;
  const lengths: WindowLengths = {
    sizeMs: constantMs(args.get(name === 'SESSION' ? 'GAP' : 'SIZE'), name === 'SESSION' ? 'gap' : 'size'),
    slideMs: constantMs(args.get(name === 'HOP' ? 'SLIDE' : 'STEP'), name === 'HOP' ? 'slide' : 'step'),
    offsetMs: constantMs(args.get('OFFSET'), 'offset'),
  };
  checkLengths(name, lengths, true, at);
  return {
    kind: name.toLowerCase() as WindowSpec['kind'],
    time,
    timeType: field.type,
    tableFunction: true,
    partition,
    ...lengths,
    timeKind: timeAttribute(field, input.fields, descriptor.span, 'a WATERMARK, or PROCTIME(), makes one'),
  };
}

/** The window of a group function, e.g. GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE); undefined when the call is none. */
export function groupWindow(call: FunctionCall, scope: Scope): WindowSpec | undefined {
  const name = windowName(call.name.map((n) => n.text).join('.'));
  if (name === undefined || name === 'CUMULATE' || call.args[0]?.kind === 'table-argument') return undefined;
  const [timeNode, first, second, third] = call.args;
  if (timeNode === undefined || first === undefined)
    throw new UserError('SQL4001', {
      at: call.span,
      message: `${name} needs a time attribute and an interval`,
    });
  const time = bindExpression(timeNode, scope);
  if (time.kind !== 'column')
    throw new UserError('SQL4003', {
      at: timeNode.span,
      message: `the first argument of ${name} must be a time attribute, found an expression`,
    });
  const field = scope.fields[time.index]!;
  const hop = name === 'HOP';
  const lengths: WindowLengths = {
    sizeMs: constantMs(hop ? second : first, name === 'SESSION' ? 'gap' : 'size'),
    slideMs: hop ? constantMs(first, 'slide') : 0,
    offsetMs: constantMs(hop ? third : second, 'offset'),
  };
  checkLengths(name, lengths, false, call.span);
  return {
    kind: name.toLowerCase() as WindowSpec['kind'],
    time: time.index,
    timeType: field.type,
    tableFunction: false,
    partition: [],
    ...lengths,
    timeKind: timeAttribute(field, scope.fields, timeNode.span, 'a WATERMARK, or PROCTIME(), makes one'),
  };
}

/** TUMBLE_START, HOP_END, SESSION_ROWTIME, …: which window kind and which property. */
export function windowProperty(
  name: string,
):
  | { readonly kind: WindowSpec['kind']; readonly property: 'start' | 'end' | 'rowtime' | 'proctime' }
  | undefined {
  const match = /^(TUMBLE|HOP|SESSION)_(START|END|ROWTIME|PROCTIME)$/.exec(name.toUpperCase());
  if (!match) return undefined;
  return {
    kind: match[1]!.toLowerCase() as WindowSpec['kind'],
    property: match[2]!.toLowerCase() as 'start',
  };
}
