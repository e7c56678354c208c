/* Writes the JavaScript that reads rows by a plan: one function a record, array, map and union; what is not read is skipped
 * without being made. Names in the data never become code: constants come as arguments. */

import { ByteWriter } from '#base';
import { typeText, type Value } from '#data';
import type { AvroType } from '#schemas';
import { AvroCursor } from './cursor.ts';
import { bytesMin, type AvroPlan, type AvroRecordPlan, type AvroStep } from './read-plan.ts';
import { writeDefault } from './write-default.ts';

export type AvroRowReader = (cursor: AvroCursor) => Value[];

class ReaderCode {
  readonly functions: string[] = [];
  readonly constants: unknown[] = [];
  readonly #skips = new Map<AvroType, string>();

  #constant(value: unknown): string {
    this.constants.push(value);
    return `k[${this.constants.length - 1}]`;
  }
  #function(body: string, name = `f${this.functions.length}`): string {
    this.functions.push(`function ${name}(c) {\n${body}\n}`);
    return name;
  }
  #fail(reason: string): string {
    return `c.fail(${this.#constant(reason)})`;
  }

  /** An expression that is the value. */
  read(plan: AvroPlan): string {
    switch (plan.kind) {
      case 'null':
        return 'null';
      case 'boolean':
        return 'c.boolean()';
      case 'integer':
        return plan.max === 2147483647
          ? 'c.int()'
          : `c.integer(${plan.min}, ${plan.max}, ${this.#constant(typeText({ ...plan.type, nullable: true }))})`;
      case 'bigint':
        return plan.wire === 'int' ? 'BigInt(c.int())' : 'c.bigint()';
      case 'double': {
        const read = plan.wire === 'long' ? 'Number(c.long())' : `c.${plan.wire}()`;
        return plan.single && plan.wire !== 'float' ? `Math.fround(${read})` : read;
      }
      case 'time':
        return `c.timeOfDay(${plan.units})`;
      case 'instant':
        return `c.instant(${plan.units}, ${plan.precision})`;
      case 'decimal':
        return `c.decimal(${plan.precision}${plan.size === undefined ? '' : `, ${plan.size}`})`;
      case 'text':
        return `c.text(${plan.size ?? ''})`;
      case 'bytes':
        return `c.bytes(${plan.size ?? ''})`;
      case 'uuid':
        return 'c.uuid()';
      case 'symbol':
        return `c.symbol(${this.#constant(plan.symbols)})`;
      case 'union':
        return `${this.#union(plan.branches)}(c)`;
      case 'array':
        return `${this.#array(plan)}(c)`;
      case 'map':
        return `${this.#map(plan)}(c)`;
      case 'record':
        return `${this.record(plan)}(c)`;
      case 'refused':
        return this.#fail(plan.reason);
    }
  }
  #union(branches: readonly AvroPlan[]): string {
    const cases = branches.map((branch, i) => `case ${i}: return ${this.read(branch)};`);
    return this.#function(`switch (c.branch(${branches.length})) {\n${cases.join('\n')}\n}`);
  }
  #array({ items, bytesMin: least }: AvroPlan & { kind: 'array' }): string {
    return this.#function(`const values = [];
c.enter();
for (let n = c.block(${least}); n > 0; n = c.block(${least})) while (n-- > 0) values.push(${this.read(items)});
c.leave();
return values;`);
  }
  #map({ values }: AvroPlan & { kind: 'map' }): string {
    return this.#function(`const entries = new Map();
c.enter();
for (let n = c.block(1); n > 0; n = c.block(1)) while (n-- > 0) {
  const name = c.text();
  entries.set(name, ${this.read(values)});
}
c.leave();
return { entries: [...entries] };`);
  }
  record({ steps, cells }: AvroRecordPlan): string {
    const names: string[] = new Array<string>(cells).fill('null');
    const lines = steps.map((step) => {
      if (step.kind === 'skip') return this.skip(step.type);
      if (step.kind === 'default') {
        names[step.cell] = this.#constant(defaultOf(step));
        return '';
      }
      names[step.cell] = `v${step.cell}`;
      return `const v${step.cell} = ${this.read(step.plan)};`;
    });
    return this.#function(`${lines.join('\n')}\nreturn [${names.join(', ')}];`);
  }

  /** Statements that go past a value. */
  skip(type: AvroType): string {
    switch (type.kind) {
      case 'null':
        return '';
      case 'boolean':
        return 'c.skip(1);';
      case 'int':
      case 'long':
      case 'enum':
        return 'c.skipLong();';
      case 'float':
        return 'c.skip(4);';
      case 'double':
        return 'c.skip(8);';
      case 'bytes':
      case 'string':
        return 'c.skip(c.length());';
      case 'fixed':
        return `c.skip(${type.size});`;
      default:
        return `${this.#skipFunction(type)}(c);`;
    }
  }
  /** Types may hold themselves: each has one function, whose name is there before its body. */
  #skipFunction(type: AvroType): string {
    const known = this.#skips.get(type);
    if (known !== undefined) return known;
    const name = `s${this.#skips.size}`;
    this.#skips.set(type, name);
    this.#function(`c.enter();\n${this.#skipBody(type)}\nc.leave();`, name);
    return name;
  }
  #skipBody(type: AvroType): string {
    switch (type.kind) {
      case 'record':
        return type.fields.map((field) => this.skip(field.type)).join('\n');
      case 'union': {
        const cases = type.branches.map((branch, i) => `case ${i}: ${this.skip(branch)} break;`);
        return `switch (c.branch(${type.branches.length})) {\n${cases.join('\n')}\n}`;
      }
      case 'array': {
        const least = bytesMin(type.items);
        return `for (let n = c.skipBlock(${least}); n > 0; n = c.skipBlock(${least})) while (n-- > 0) { ${this.skip(type.items)} }`;
      }
      case 'map':
        return `for (let n = c.skipBlock(1); n > 0; n = c.skipBlock(1)) while (n-- > 0) { c.skip(c.length()); ${this.skip(type.values)} }`;
      default:
        return this.skip(type);
    }
  }
}

/** The value, by way of its bytes: they are read as those of a writer would be. */
function defaultOf({ plan, schema, json }: AvroStep & { readonly kind: 'default' }): Value {
  const to = new ByteWriter();
  writeDefault(to, schema, json);
  const bytes = to.finish();
  const cursor = new AvroCursor('avro');
  cursor.reset(bytes, 0, bytes.length);
  return compileReader({ kind: 'record', steps: [{ kind: 'read', cell: 0, plan }], cells: 1 })(cursor)[0]!;
}

/** A function that reads one record at the cursor; the plan is of rows. */
export function compileReader(plan: AvroPlan): AvroRowReader {
  const code = new ReaderCode();
  const root = code.read(plan);
  const source = `'use strict';\n${code.functions.join('\n')}\nreturn (c) => ${root};`;
  const make = new Function('k', source) as (constants: readonly unknown[]) => AvroRowReader;
  return make(code.constants);
}
