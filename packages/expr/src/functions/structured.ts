/* Structured types, rows with the name of a class: OBJECT_OF makes one, OBJECT_UPDATE changes fields. No class is looked for. */

import { UserError } from '#base';
import { isInterval, types, type Field, type LogicalType, type RowType, type Value } from '#data';
import { bindCall } from '../bind/bind-call.ts';
import type { Expr } from '../expression.ts';
import { computedInterval } from '../types/common-type.ts';
import { isClassName } from '../types/class-names.ts';
import type { Binding, CallOptions, FunctionEntry } from './entry.ts';
import { int, str } from './examples.ts';

const wrong = (message: string, { at }: CallOptions): UserError => new UserError('SQL3003', { at, message });

const textOf = (expr: Expr | undefined): string | undefined =>
  expr?.kind === 'literal' && expr.type.kind === 'CHAR' && typeof expr.value === 'string'
    ? expr.value
    : undefined;

/** Names and values in turn. Throws SQL3003 for a name that is no literal or comes twice. */
function pairs(
  fn: string,
  args: readonly Expr[],
  options: CallOptions,
): readonly (readonly [string, Expr])[] {
  const found = new Map<string, Expr>();
  for (let i = 0; i < args.length; i += 2) {
    const name = textOf(args[i]);
    if (name === undefined) throw wrong(`${fn}: the name of a field must be a text as it stands`, options);
    if (found.has(name)) throw wrong(`${fn}: the field "${name}" comes twice`, options);
    found.set(name, args[i + 1]!);
  }
  return [...found];
}
/** An interval that is kept forgets how it was written. */
const kept = (type: LogicalType): LogicalType => (isInterval(type) ? computedInterval(type) : type);

function bindObject(args: readonly Expr[], options: CallOptions): Binding | undefined {
  if (args.length % 2 === 0) return undefined;
  const name = textOf(args[0]);
  if (name === undefined)
    throw wrong('OBJECT_OF: the name of the class must be a text as it stands', options);
  if (!isClassName(name)) throw wrong(`OBJECT_OF: '${name}' is no name of a class`, options);
  const members = pairs('OBJECT_OF', args.slice(1), options);
  const fields = members.map(([field, value]): Field => ({ name: field, type: kept(value.type) }));
  return { args: members.map(([, value]) => value), type: types.structured(name, fields) };
}

function bindUpdate([object, ...rest]: readonly Expr[], options: CallOptions): Binding | undefined {
  const { type } = object!;
  if (type.kind !== 'ROW' || type.className === undefined || rest.length % 2 !== 0) return undefined;
  const changes = pairs('OBJECT_UPDATE', rest, options);
  for (const [name] of changes) {
    if (type.fields.some((f) => f.name === name)) continue;
    const fields = type.fields.map((f) => `"${f.name}"`).join(', ');
    throw wrong(`OBJECT_UPDATE: no field "${name}"; there are ${fields}`, options);
  }
  const byName = new Map(changes);
  const fields = type.fields.map((f): Field => {
    const change = byName.get(f.name);
    return change === undefined ? f : { name: f.name, type: kept(change.type) };
  });
  const updated: RowType = { ...type, fields };
  const at = changes.map(([name]) => String(type.fields.findIndex((f) => f.name === name)));
  return { args: [object!, ...changes.map(([, value]) => value)], type: updated, flags: at };
}

const bob = (): Expr =>
  bindCall('OBJECT_OF', [str('com.example.User'), str('name'), str('Bob'), str('age'), int(42)]);

export const structureds: readonly FunctionEntry[] = [
  {
    name: 'OBJECT_OF',
    family: 'collection',
    takes: ["OBJECT_OF('class', 'field', value, …)"],
    count: { min: 1, max: Infinity },
    bind: bindObject,
    strict: false,
    body:
      () =>
      (...values: Value[]) =>
        values,
    doc: 'A value of a structured type: fields by name under the name of a class, which need not be there.',
    examples: [
      {
        sql: "CAST(OBJECT_OF('com.example.User', 'name', 'Bob', 'age', 42) AS STRING)",
        call: () => bindCall('CAST', [bob()], { returning: types.STRING }),
        result: '(name=Bob, age=42)',
      },
    ],
  },
  {
    name: 'OBJECT_UPDATE',
    family: 'collection',
    takes: ["OBJECT_UPDATE(object, 'field', value, …)"],
    count: { min: 1, max: Infinity },
    bind: bindUpdate,
    strict: false,
    body:
      ({ flags }) =>
      (object: readonly Value[] | null, ...values: Value[]) => {
        if (object === null) return null;
        const changed = [...object];
        flags.forEach((at, i) => {
          changed[Number(at)] = values[i]!;
        });
        return changed;
      },
    doc: 'The value of a structured type with other values, and other types, of some fields; NULL stays NULL.',
    examples: [
      {
        sql: "CAST(OBJECT_UPDATE(OBJECT_OF('com.example.User', 'name', 'Bob', 'age', 42), 'age', 43) AS STRING)",
        call: () =>
          bindCall('CAST', [bindCall('OBJECT_UPDATE', [bob(), str('age'), int(43)])], {
            returning: types.STRING,
          }),
        result: '(name=Bob, age=43)',
      },
    ],
  },
];
