/* What a process table function declares that it keeps, checked. */

import type { UserError } from '#base';
import { parseDurationMs } from '#catalog';
import type { LogicalType } from '#data';
import type { ProcessState } from '#expr';
import { bindType } from '#plan';
import { parseDataType } from '#sql';
import type { ProcessStateDefinition } from './process-definition.ts';

type Wrong = (message: string, hint: string) => UserError;

const shape =
  "It has state: { n: 'INT', ids: { view: 'list', type: 'INT' }, per: { view: 'map', key: 'STRING', value: 'INT', ttl: '1 day' } }.";

/** `wrong`: what is wrong with the function, as an error. */
export function statesOf(
  declared: Readonly<Record<string, string | ProcessStateDefinition>>,
  wrong: Wrong,
): ProcessState[] {
  return Object.entries(declared).map(([name, given]) => {
    const state = typeof given === 'string' ? { type: given } : given;
    return stateOf(name, state, ttlOf(name, state.ttl, wrong), wrong);
  });
}

function stateOf(
  name: string,
  state: ProcessStateDefinition,
  ttlMs: number | undefined,
  wrong: Wrong,
): ProcessState {
  const has: Readonly<Record<string, unknown>> = { ...state };
  const type = (property: string): LogicalType => {
    const text = has[property];
    if (typeof text === 'string') return { ...bindType(parseDataType(text)), nullable: true };
    const found = Object.keys(has).join(', ');
    throw wrong(`keeps "${name}" without a ${property}, with ${found === '' ? 'nothing' : found}`, shape);
  };
  if (has['view'] === undefined) return { kind: 'value', name, ttlMs, type: type('type') };
  if (has['view'] === 'list') return { kind: 'list', name, ttlMs, element: type('type') };
  if (has['view'] === 'map') return { kind: 'map', name, ttlMs, key: type('key'), value: type('value') };
  throw wrong(`keeps "${name}" as a view '${String(has['view'])}': expected 'list' or 'map'`, shape);
}

function ttlOf(name: string, ttl: string | undefined, wrong: Wrong): number | undefined {
  if (ttl === undefined) return undefined;
  const ms = parseDurationMs(ttl);
  if (ms === undefined) throw wrong(`keeps "${name}" for '${ttl}', which is no duration`, shape);
  return ms;
}
