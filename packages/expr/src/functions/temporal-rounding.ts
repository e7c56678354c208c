/* FLOOR and CEIL of dates and times to a unit. */

import type { Instant, LogicalType } from '#data';
import type { CallCompiler } from '../compile/code.ts';
import type { EvalContext } from '../context.ts';
import { bindCall } from '../bind/bind-call.ts';
import type { CallExpr, Expr } from '../expression.ts';
import { dayMs, floorDiv, floorMod } from '../values/civil.ts';
import { ceilToUnit, floorToUnit, roundingUnits, unitMs } from '../values/time-units.ts';
import { instantToLocal, localToInstant } from '../values/zone.ts';
import type { Binding, Body, CallOptions, FunctionEntry } from './entry.ts';
import { at, date, day, ts } from './examples.ts';

const isDatetime = (t: LogicalType): boolean =>
  ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ'].includes(t.kind);

/** FLOOR(time TO unit) or CEIL as the function of this file that does it. */
export function temporalRounding(
  name: 'FLOOR' | 'CEIL',
  [operand]: readonly Expr[],
  options: CallOptions,
): Binding | undefined {
  const unit = options.flags?.[0] ?? '';
  if (!roundingUnits.includes(unit) || !isDatetime(operand!.type)) return undefined;
  return { expr: { kind: 'call', fn: `${name} TO`, args: [operand!], type: operand!.type, flags: [unit] } };
}

const isTimeOfDay = (unit: string): boolean => (unitMs[unit] ?? dayMs) < dayMs;

function roundingBody(call: CallExpr, { timeZone }: EvalContext, round: typeof floorToUnit): Body {
  const unit = call.flags[0]!;
  // What lies behind a millisecond counts for that unit alone, and not in TIMESTAMP_LTZ.
  const seesNanos = round === ceilToUnit && unit === 'MILLISECOND';
  const whole = ({ ms, ns }: Instant): number => (seesNanos && ns > 0 ? ms + 1 : ms);
  switch (call.type.kind) {
    case 'DATE':
      return (days: number) => floorDiv(round(unit, days * dayMs), dayMs) | 0;
    case 'TIME':
      return (ms: number) => (isTimeOfDay(unit) ? floorMod(round(unit, ms), dayMs) : ms);
    case 'TIMESTAMP':
      return (v: Instant) => ({ ms: round(unit, whole(v)), ns: 0 });
    default:
      return (v: Instant) => ({
        ms: localToInstant(timeZone, round(unit, instantToLocal(timeZone, v.ms))),
        ns: 0,
      });
  }
}

const compileRounding =
  (helper: string): CallCompiler =>
  (code, call) => {
    if (call.type.kind === 'TIMESTAMP_LTZ') return undefined;
    const operand = code.expr(call.args[0]!);
    if (operand.isNull === 'true') return operand;
    if (call.type.kind === 'TIME' && !isTimeOfDay(call.flags[0]!)) return operand;
    const unit = JSON.stringify(call.flags[0]);
    const value =
      call.type.kind === 'DATE'
        ? `floorDiv(${helper}(${unit}, ${operand.value} * ${dayMs}), ${dayMs}) | 0`
        : call.type.kind === 'TIME'
          ? `floorMod(${helper}(${unit}, ${operand.value}), ${dayMs})`
          : helper === 'ceilToUnit' && call.flags[0] === 'MILLISECOND' && operand.nanos !== '0'
            ? `${helper}(${unit}, ${operand.value} + (${operand.nanos} > 0 ? 1 : 0))`
            : `${helper}(${unit}, ${operand.value})`;
    return { ...operand, value: code.keep(value), nanos: '0' };
  };

function entry(
  name: 'FLOOR' | 'CEIL',
  round: typeof floorToUnit,
  doc: string,
  examples: FunctionEntry['examples'],
): FunctionEntry {
  return {
    name: `${name} TO`,
    family: 'temporal',
    takes: [`${name}(time TO unit)`],
    count: { min: 1, max: 1 },
    flags: roundingUnits.join(', '),
    bind: () => undefined,
    body: (call, context) => roundingBody(call, context, round),
    compile: compileRounding(round.name),
    doc,
    examples,
  };
}

export const temporalRoundings: readonly FunctionEntry[] = [
  entry('FLOOR', floorToUnit, 'The start of the unit that a time lies in; weeks start on Sunday.', [
    {
      sql: "FLOOR(TIMESTAMP '2024-02-29 10:20:30.789' TO HOUR)",
      call: () => bindCall('FLOOR', [ts('2024-02-29 10:20:30.789', 3)], { flags: ['HOUR'] }),
      result: at('2024-02-29 10:00:00'),
    },
    {
      sql: "FLOOR(DATE '2024-02-29' TO WEEK)",
      call: () => bindCall('FLOOR', [date('2024-02-29')], { flags: ['WEEK'] }),
      result: day('2024-02-25'),
    },
  ]),
  entry('CEIL', ceilToUnit, 'The start of the next unit, or the time itself at the start of one.', [
    {
      sql: "CEIL(TIMESTAMP '2024-02-29 10:20:30.789' TO MONTH)",
      call: () => bindCall('CEIL', [ts('2024-02-29 10:20:30.789', 3)], { flags: ['MONTH'] }),
      result: at('2024-03-01'),
    },
  ]),
];
