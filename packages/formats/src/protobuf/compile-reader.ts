/* Writes the JavaScript that reads messages by a plan: one function a message, a case a field.
 *
 *   function m0(c, s) { while (c.at < c.end) { const tag = c.tag(); switch (tag) { case 8: s[1] = c.int64(); break; … } } }
 *
 * `s` is what was read so far, by cell: a message that comes twice is merged, of a field that comes twice the last counts. */

import { madeValue } from './made-values.ts';
import type { MapValue, Value } from '#data';
import type { ProtoCursor } from './cursor.ts';
import { wire, wireOf, type EnumValues } from './message-type.ts';
import { defaultOf, rowOf, type ProtoFieldPlan, type ProtoMessagePlan, type ProtoPlan } from './read-plan.ts';

export type ProtoRowReader = (cursor: ProtoCursor) => Value[];
type State = (Value | undefined | State | Map<Value, Value>)[];

class ReaderCode {
  readonly functions: string[] = [];
  readonly constants: unknown[] = [];

  constant(value: unknown): string {
    this.constants.push(value);
    return `k[${this.constants.length - 1}]`;
  }
  message(plan: ProtoMessagePlan, closingTag?: number): string {
    const cases = plan.fields.map((field) => this.#cases(field, plan)).join('\n');
    const name = `m${this.functions.length}`;
    const until = closingTag === undefined ? 'c.at < c.end' : 'true';
    const close = closingTag === undefined ? '' : `if (tag === ${closingTag}) break;\n`;
    this.functions.push(`function ${name}(c, s) {
while (${until}) { const tag = c.tag();
${close}switch (tag) {
${cases}
default: c.skip(tag);
} }
${plan.fields.map((field) => this.#required(field)).join('')}}`);
    return name;
  }
  #required({ field, cell }: ProtoFieldPlan): string {
    if (!field.required) return '';
    return `if (s[${cell}] === undefined) c.fail(${this.constant(`the required field '${field.name}' is missing`)});\n`;
  }
  #cases({ field, cell, plan, key }: ProtoFieldPlan, message: ProtoMessagePlan): string {
    const tag = (type: number): number => ((field.number << 3) | type) >>> 0;
    const others = oneofCells(field.oneof, cell, message);
    const clear = others.map((other) => `s[${other}] = undefined; `).join('');
    if (key !== undefined) return `case ${tag(wire.bytes)}: ${this.#entry(cell, key, plan)} break;`;
    const own = wireOf(field.type);
    if (!field.repeated)
      return `case ${tag(own)}: ${clear}${this.#single(cell, plan, tag(wire.endGroup))} break;`;
    const list = `(s[${cell}] ??= [])`;
    const add = this.#add(list, plan, tag(wire.endGroup));
    const one = `case ${tag(own)}: ${add} break;`;
    if (own === wire.bytes || own === wire.startGroup) return one;
    return `${one}\ncase ${tag(wire.bytes)}: { const o = c.enter(); while (c.at < c.end) ${add} c.leave(o); break; }`;
  }
  #single(cell: number, plan: ProtoPlan, closingTag: number): string {
    if (plan.kind === 'message') return this.#nested(`(s[${cell}] ??= [])`, plan, closingTag);
    if (plan.kind === 'enum' && plan.values.closed)
      return `{ const v = ${this.#enum(plan)}; if (v !== undefined) s[${cell}] = v; }`;
    return `s[${cell}] = ${this.value(plan)};`;
  }
  #add(list: string, plan: ProtoPlan, closingTag: number): string {
    if (plan.kind === 'message')
      return `{ const e = []; ${list}.push(e); ${this.#nested('e', plan, closingTag)} }`;
    if (plan.kind === 'enum' && plan.values.closed)
      return `{ const v = ${this.#enum(plan)}; const l = ${list}; if (v !== undefined) l.push(v); }`;
    return `${list}.push(${this.value(plan)});`;
  }
  #nested(state: string, plan: ProtoPlan & { kind: 'message' }, closingTag: number): string {
    if (plan.group) return `${this.message(plan.message, closingTag)}(c, ${state});`;
    return `{ const o = c.enter(); ${this.message(plan.message)}(c, ${state}); c.leave(o); }`;
  }
  /** An entry is a message of two fields; what it lacks is the default, of a key that comes twice the last counts. */
  #entry(cell: number, key: ProtoPlan, value: ProtoPlan): string {
    const entry: ProtoMessagePlan = {
      cells: 2,
      missing: [],
      fields: [part(1, 0, key), part(2, 1, value)],
    };
    const read = this.message(entry);
    const make = this.constant((s: State): [Value, Value] => finish(entry, s) as [Value, Value]);
    return `{ const o = c.enter(); const e = []; ${read}(c, e); c.leave(o); const [n, v] = ${make}(e); (s[${cell}] ??= new Map()).set(n, v); }`;
  }

  value(plan: ProtoPlan): string {
    switch (plan.kind) {
      case 'scalar': {
        const read = `c.${plan.scalar}()`;
        if (plan.make === 'bigint') return `BigInt(${read})`;
        if (plan.make === 'bits8' || plan.make === 'bits16')
          return `c.narrow(${read}, ${plan.make.slice(4)})`;
        if (plan.make === 'signed') return `(${read} | 0)`;
        return plan.make === 'signed64' ? `BigInt.asIntN(64, ${read})` : read;
      }
      case 'enum':
        return this.#enum(plan);
      case 'timestamp':
        return `${this.constant((c: ProtoCursor) => readTimestamp(c, plan.precision))}(c)`;
      case 'made': {
        const read = this.message(plan.message);
        const make = this.constant((c: ProtoCursor, s: State) => {
          const found = madeValue(plan.made, finish(plan.message, s), plan.type);
          if ('why' in found) throw c.malformed(found.why);
          return found.value;
        });
        return `(() => { const o = c.enter(); const e = []; ${read}(c, e); c.leave(o); return ${make}(c, e); })()`;
      }
      case 'wrapper': {
        const read = this.message({ cells: 1, missing: [], fields: [part(1, 0, plan.value)] });
        const absent = this.constant(defaultOf(plan.value));
        return `(() => { const o = c.enter(); const e = []; ${read}(c, e); c.leave(o); return e[0] ?? ${absent}; })()`;
      }
      case 'message':
        return '[]';
    }
  }
  /** Of a closed enum, undefined for a number without a name. */
  #enum({ values, asText, bits }: ProtoPlan & { kind: 'enum' }): string {
    const read = this.constant((c: ProtoCursor) => readEnum(c, values, asText, bits));
    return `${read}(c)`;
  }
}

function oneofCells(oneof: string | undefined, cell: number, { fields }: ProtoMessagePlan): number[] {
  if (oneof === undefined) return [];
  return fields.filter((f) => f.field.oneof === oneof && f.cell !== cell).map((f) => f.cell);
}
function part(number: number, cell: number, plan: ProtoPlan): ProtoFieldPlan {
  const type =
    plan.kind === 'scalar'
      ? { kind: 'scalar' as const, scalar: plan.scalar }
      : plan.kind === 'enum'
        ? { kind: 'enum' as const, values: plan.values }
        : { kind: 'scalar' as const, scalar: 'bytes' as const };
  return {
    field: {
      name: '',
      number,
      type,
      repeated: false,
      key: undefined,
      packed: false,
      presence: false,
      required: false,
      defaultText: undefined,
      oneof: undefined,
    },
    cell,
    plan,
    key: undefined,
    absent: defaultOf(plan),
  };
}

function readEnum(c: ProtoCursor, values: EnumValues, asText: boolean, bits: number): Value | undefined {
  const { at } = c;
  const number = c.int32();
  const name = values.names.get(number);
  if (name === undefined && values.closed) return undefined;
  if (asText) {
    if (name === undefined) throw c.malformed(`the enum '${values.fullName}' has no constant ${number}`, at);
    return name;
  }
  if (bits === 64) return BigInt(number);
  if (bits < 32 && (number << (32 - bits)) >> (32 - bits) !== number)
    throw c.malformed(
      `the constant ${number} of the enum '${values.fullName}' has more than ${bits} bits`,
      at,
    );
  return number;
}

function readTimestamp(c: ProtoCursor, precision: number): Value {
  const { at } = c;
  const outer = c.enter();
  let seconds = 0n;
  let nanos = 0;
  while (c.at < c.end) {
    const tag = c.tag();
    if (tag === 8) seconds = c.int64();
    else if (tag === 16) nanos = c.int32();
    else c.skip(tag);
  }
  c.leave(outer);
  // Years 1 to 9999 (google/protobuf/timestamp.proto).
  if (seconds < -62_135_596_800n || seconds > 253_402_300_799n || nanos < 0 || nanos > 999_999_999)
    throw c.malformed(`${seconds} s and ${nanos} ns are no time`, at);
  const ns = nanos % 1_000_000;
  const kept = precision <= 3 ? 0 : precision <= 6 ? ns - (ns % 1000) : ns;
  return { ms: Number(seconds) * 1000 + (nanos - ns) / 1_000_000, ns: kept };
}

/** What was read as the values that it stands for: messages as rows, maps as entries. */
function finish(plan: ProtoMessagePlan, state: State): Value[] {
  const cells: (Value | undefined)[] = [];
  for (const { cell, plan: value, field } of plan.fields) {
    const read = state[cell];
    if (read === undefined) continue;
    if (read instanceof Map) cells[cell] = mapOf(read);
    else if (value.kind !== 'message') cells[cell] = read as Value;
    else if (field.repeated) cells[cell] = (read as State[]).map((item) => finish(value.message, item));
    else cells[cell] = finish(value.message, read as State);
  }
  return rowOf(plan, cells);
}
const mapOf = (read: Map<Value, Value>): MapValue => ({ entries: [...read] });

/** A function that reads a message from the cursor to its end. */
export function compileReader(plan: ProtoMessagePlan): ProtoRowReader {
  const code = new ReaderCode();
  const root = code.message(plan);
  const source = `'use strict';\n${code.functions.join('\n')}\nreturn ${root};`;
  const make = new Function('k', source) as (k: readonly unknown[]) => (c: ProtoCursor, s: State) => void;
  const read = make(code.constants);
  return (cursor) => {
    const state: State = new Array<undefined>(plan.cells).fill(undefined);
    read(cursor, state);
    return finish(plan, state);
  };
}
