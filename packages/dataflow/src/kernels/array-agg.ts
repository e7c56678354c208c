/* Aggregates that give all their values, in order of arrival: ARRAY_AGG, JSON_ARRAYAGG, JSON_OBJECTAGG. The last two join
 * JSON texts, which JSON_STRING made of keys and values. */

import { UserError } from '#base';
import { types, type Column, type Value } from '#data';
import { ArrivalsKernel } from './arrivals.ts';
import type { KernelSetup } from './kernel.ts';

/** An array; NULL where there is no value. */
export class ArrayAggKernel extends ArrivalsKernel {
  constructor(setup: KernelSetup, ignoresNulls: boolean) {
    super(setup, [setup.call.argTypes[0]!], ignoresNulls ? 0 : -1);
  }
  protected item(args: readonly Column[]): readonly Column[] {
    return args;
  }
  protected image(slot: number): void {
    const [column] = this.values.row;
    const elements: Value[] = [];
    for (let at = this.values.first(slot); at >= 0; at = this.values.next(at)) elements.push(column!.get(at));
    if (elements.length === 0) this.images.appendNull();
    else this.images.append(elements);
  }
}

export class JsonArrayAggKernel extends ArrivalsKernel {
  constructor(setup: KernelSetup, absentOnNull: boolean) {
    super(setup, [types.STRING], absentOnNull ? 0 : -1);
  }
  protected item(args: readonly Column[]): readonly Column[] {
    return args;
  }
  protected image(slot: number): void {
    const [texts] = this.values.row;
    const items: string[] = [];
    for (let at = this.values.first(slot); at >= 0; at = this.values.next(at))
      items.push((texts!.get(at) as string | null) ?? 'null');
    this.images.append(`[${items.join(',')}]`);
  }
}

/** An object, its keys in order as Flink has them; a key that comes twice ends the job. */
export class JsonObjectAggKernel extends ArrivalsKernel {
  constructor(setup: KernelSetup, absentOnNull: boolean) {
    super(setup, [types.STRING, types.STRING], absentOnNull ? 1 : -1);
  }
  protected item(args: readonly Column[]): readonly Column[] {
    return args;
  }
  protected image(slot: number): void {
    const [keys, texts] = this.values.row;
    const members = new Map<string, string>();
    for (let at = this.values.first(slot); at >= 0; at = this.values.next(at)) {
      const key = keys!.get(at) as string | null;
      if (key === null || members.has(key)) badKey(key);
      members.set(key, `${key}:${(texts!.get(at) as string | null) ?? 'null'}`);
    }
    const keysInOrder = [...members.keys()].map((key) => [JSON.parse(key) as string, key] as const);
    keysInOrder.sort(([a], [b]) => (a < b ? -1 : 1));
    this.images.append(`{${keysInOrder.map(([, key]) => members.get(key)!).join(',')}}`);
  }
}
function badKey(key: string | null): never {
  throw new UserError('DATA3006', {
    message: `JSON_OBJECTAGG: ${key === null ? 'a key is NULL' : `the key ${key} comes twice`}`,
    hint: 'The keys of a group must differ: filter, or group by more.',
  });
}
