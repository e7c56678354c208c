/* The state of a process table function as its program sees it: values to JavaScript and back. */

import type { LogicalType, Value } from '#data';
import type { ProcessHost, ProcessState } from '#expr';
import { toJavaScript } from './convert.ts';
import type { ListView, MapView, StateEntry } from './process-definition.ts';

/** What the context of a call gives its parts. */
export interface Within {
  /** Throws where no call is under way. */
  check(): void;
  /** A value of the program as one of the type; `what`: what the program does with it. */
  convert(what: string, value: unknown, type: LogicalType): Value;
  /** What is wrong, as an error of the function. */
  failed(how: string, hint?: string): Error;
}

/** By name. */
export function stateHandles(
  states: readonly ProcessState[],
  host: ProcessHost,
  within: Within,
): Record<string, unknown> {
  return Object.fromEntries(states.map((state, i) => [state.name, handle(state, i, host, within)]));
}
/** Nothing is kept of the partition under this number. */
export function clearState(state: ProcessState, number: number, host: ProcessHost): void {
  if (state.kind === 'list') host.list(number).clear();
  else if (state.kind === 'map') host.map(number).clear();
  else host.write(number, null);
}

function handle(state: ProcessState, number: number, host: ProcessHost, within: Within): unknown {
  if (state.kind === 'list') return listView(state, number, host, within);
  if (state.kind === 'map') return mapView(state, number, host, within);
  const entry: StateEntry<unknown> = {
    get: () => (within.check(), toJavaScript(host.read(number), state.type)),
    set: (value) => host.write(number, within.convert(`set "${state.name}"`, value, state.type)),
    clear: () => (within.check(), host.write(number, null)),
  };
  return entry;
}

function listView(
  { name, element }: Extract<ProcessState, { readonly kind: 'list' }>,
  number: number,
  host: ProcessHost,
  within: Within,
): ListView<unknown> {
  const valueOf = (did: string, value: unknown): Value => {
    const found = within.convert(`${did} "${name}"`, value, element);
    if (found === null) throw within.failed(`${did} "${name}" null, and a list has no nulls`);
    return found;
  };
  const add = (value: unknown): void => host.list(number).add(valueOf('added to', value));
  return {
    get: () =>
      walk(
        within,
        () => host.list(number).values(),
        (value) => toJavaScript(value, element),
      ),
    add,
    addAll(values) {
      for (const value of values) add(value);
    },
    remove: (value) => host.list(number).remove(valueOf('removed from', value)),
    clear: () => (within.check(), host.list(number).clear()),
  };
}

function mapView(
  { name, key, value }: Extract<ProcessState, { readonly kind: 'map' }>,
  number: number,
  host: ProcessHost,
  within: Within,
): MapView<unknown, unknown> {
  const keyOf = (did: string, given: unknown): Value => {
    const found = within.convert(`${did} "${name}"`, given, key);
    if (found === null) throw within.failed(`${did} "${name}" by null, and a map has no null among its keys`);
    return found;
  };
  const put = (k: unknown, v: unknown): void => {
    const found = keyOf('put into', k);
    host.map(number).put(found, within.convert(`put into "${name}"`, v, value));
  };
  const all = <T>(read: (entry: readonly [Value, Value]) => T): Iterable<T> =>
    walk(within, () => host.map(number).entries(), read);
  return {
    get: (k) => toJavaScript(host.map(number).get(keyOf('read', k)) ?? null, value),
    put,
    putAll(entries) {
      for (const [k, v] of entries) put(k, v);
    },
    remove: (k) => host.map(number).remove(keyOf('removed from', k)),
    contains: (k) => host.map(number).get(keyOf('read', k)) !== undefined,
    entries: () => all(([k, v]): [unknown, unknown] => [toJavaScript(k, key), toJavaScript(v, value)]),
    keys: () => all(([k]) => toJavaScript(k, key)),
    values: () => all(([, v]) => toJavaScript(v, value)),
    isEmpty() {
      within.check();
      return host.map(number).entries()[Symbol.iterator]().next().done === true;
    },
    clear: () => (within.check(), host.map(number).clear()),
  };
}

/** Goes through what is kept, each value read when it is asked for: only while the call lasts. */
function walk<From, To>(
  within: Within,
  entries: () => Iterable<From>,
  read: (entry: From) => To,
): Iterable<To> {
  within.check();
  return {
    *[Symbol.iterator]() {
      within.check();
      for (const entry of entries()) {
        yield read(entry);
        within.check();
      }
    },
  };
}
