/* What a process table function is told and may do while it is called. */

import { didYouMean } from '#base';
import type { Field, LogicalType, Value } from '#data';
import type { ProcessChanges, ProcessHost, ProcessState } from '#expr';
import { toJavaScript } from './convert.ts';
import { rowKinds, toProgram } from './process-changes.ts';
import type { ProcessContext, ProcessRowKind, TimeContext } from './process-definition.ts';
import { clearState, stateHandles, type Within } from './process-state.ts';

export interface ContextParts {
  readonly states: readonly ProcessState[];
  readonly hasTimers: boolean;
  readonly returns: LogicalType;
  readonly keyFields: readonly Field[];
  readonly changes: ProcessChanges;
  /** The name of the timer that fires. */
  readonly timer: () => string | undefined;
  /** A changeKind; undefined for a timer. */
  readonly rowKind: () => number | undefined;
}

export function contextOn(host: ProcessHost, within: Within, parts: ContextParts): ProcessContext {
  const { states, returns } = parts;
  const keyType: LogicalType = { kind: 'ROW', nullable: false, fields: parts.keyFields };
  const rowOf = emitted(returns, parts.changes, within);
  const clearAllState = (): void => {
    within.check();
    states.forEach((state, i) => {
      clearState(state, i, host);
    });
  };
  const clearAllTimers = (): void => (within.check(), host.clearTimers());
  return {
    emit: (row, kind = '+I') => host.emit(rowOf(row, kind), rowKinds.indexOf(kind)),
    rowKind() {
      within.check();
      const kind = parts.rowKind();
      return kind === undefined ? null : rowKinds[kind]!;
    },
    changelogMode: toProgram(parts.changes),
    state: stateHandles(states, host, within) as ProcessContext['state'],
    get partitionKey() {
      within.check();
      return toJavaScript(host.partitionKey, keyType) as Record<string, unknown>;
    },
    timeContext: timesOn(host, within, parts.hasTimers),
    currentTimer: () => parts.timer() ?? null,
    clearState(name) {
      within.check();
      const i = states.findIndex((state) => state.name === name);
      if (i < 0)
        throw within.failed(
          `clears "${name}", and it keeps no such state`,
          didYouMean(
            name,
            states.map((state) => state.name),
          ),
        );
      clearState(states[i]!, i, host);
    },
    clearAllState,
    clearAllTimers,
    clearAll: () => {
      clearAllState();
      clearAllTimers();
    },
  };
}

/** A row of the program as values of the columns. */
function emitted(
  returns: LogicalType,
  changes: ProcessChanges,
  within: Within,
): (row: unknown, kind: ProcessRowKind) => readonly Value[] {
  const { kinds, keyOnlyDeletes } = toProgram(changes);
  const fields = returns.kind === 'ROW' ? returns.fields : [];
  const columns = new Set(fields.map((f) => f.name));
  return (row, kind) => {
    const value = within.convert('emitted', row, returns);
    if (!kinds.includes(kind))
      throw within.failed(
        `emitted a row of kind '${kind}', and its changelogMode is [${kinds.join(', ')}]`,
        "Declare the kinds that it gives: changelogMode: ['+I', '-U', '+U', '-D'].",
      );
    if (returns.kind !== 'ROW') return [value];
    // A property that no column is for is a slip of the pen.
    const wrong = Object.keys(row ?? {}).find((name) => !columns.has(name));
    if (wrong !== undefined)
      throw within.failed(`emitted "${wrong}", and there is no such column`, didYouMean(wrong, columns));
    const values = (value as Value[] | null) ?? fields.map(() => null);
    if (kind === '-D' && keyOnlyDeletes) return values;
    const missing = fields.find((f, i) => !f.type.nullable && values[i] === null);
    if (missing !== undefined) throw within.failed(`emitted NULL in "${missing.name}", which is NOT NULL`);
    return values;
  };
}

function timesOn(host: ProcessHost, within: Within, hasTimers: boolean): TimeContext {
  return {
    time: () => (within.check(), host.time ?? null),
    currentWatermark: () => (within.check(), host.watermark === -Infinity ? null : host.watermark),
    registerOnTime: (first: string | number, second?: number) => {
      within.check();
      const [name, time] = typeof first === 'string' ? [first, second] : [undefined, first];
      if (!hasTimers) throw within.failed('registers a timer, but has no onTimer');
      if (host.time === undefined)
        throw within.failed(
          'registers a timer, and timers need on_time => DESCRIPTOR(…) in the call, or ORDER BY the event time',
        );
      if (!Number.isSafeInteger(time))
        throw within.failed(`registers a timer at ${String(time)}, which is no time in milliseconds`);
      host.register(name, time!);
    },
    clearTimer: (timer) => (within.check(), host.clearTimer(timer)),
  };
}
