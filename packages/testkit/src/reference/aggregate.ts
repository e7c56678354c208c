/* An aggregate call over a list of values, recomputed from its beginning each time. */

import {
  bitmapMembers,
  bitmapOfIntegers,
  bitmapOperations,
  combineBitmaps,
  compareValues,
  type DecimalType,
  type Row,
  type Value,
} from '#data';
import type { AggregateCall } from '#expr';
import { at, rowText } from './reference.ts';

const bits: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INT: 32, BIGINT: 64 };

/** The arguments that count, in order of arrival; the oldest of equal ones is taken back first. */
export class SlowAggregate {
  readonly #call: AggregateCall;
  readonly #values: Row[] = [];
  /** DISTINCT: how often each value occurs. */
  readonly #occurs = new Map<string, { readonly value: Row; times: number }>();

  constructor(call: AggregateCall) {
    this.#call = call;
  }
  add(row: Row): void {
    const value = this.#argument(row);
    if (value === undefined) return;
    if (this.#call.distinct) {
      const known = at(this.#occurs, rowText(value), () => ({ value, times: 0 }));
      if (known.times++ > 0) return;
    }
    this.#values.push(value);
  }
  takeBack(row: Row): void {
    const value = this.#argument(row);
    if (value === undefined) return;
    const text = rowText(value);
    if (this.#call.distinct) {
      const known = this.#occurs.get(text)!;
      if (--known.times > 0) return;
      this.#occurs.delete(text);
    }
    this.#values.splice(
      this.#values.findIndex((v) => rowText(v) === text),
      1,
    );
  }
  /** What another one holds comes behind; of DISTINCT values only those not yet there. */
  merge(other: SlowAggregate): void {
    if (!this.#call.distinct) this.#values.push(...other.#values);
    for (const [text, { value, times }] of other.#occurs) {
      const known = at(this.#occurs, text, () => ({ value, times: 0 }));
      if (known.times === 0) this.#values.push(value);
      known.times += times;
    }
  }
  /** The arguments of a row that the FILTER lets through, without NULL where the aggregate passes over it. */
  #argument(row: Row): Row | undefined {
    const { args, filter } = this.#call;
    if (filter !== undefined && row[filter] !== true) return undefined;
    const value = args.map((a) => row[a]!);
    return value[nullPassedOver(this.#call.fn)] === null ? undefined : value;
  }

  result(): Value {
    const { fn } = this.#call;
    const values = this.#values.map((v) => v[0]!);
    switch (fn) {
      case 'COUNT':
        return BigInt(this.#values.length);
      case 'SUM':
      case '$SUM0':
      case 'AVG':
        return this.#sum(values);
      case 'MIN':
      case 'MAX':
        return values.reduce<Value>(
          (best, v) => (best === null || compareValues(v, best) * (fn === 'MIN' ? 1 : -1) < 0 ? v : best),
          null,
        );
      case '$SINGLE_VALUE':
        if (values.length > 1) throw new RangeError('several rows for one value');
        return values[0] ?? null;
      case 'FIRST_VALUE':
        return values[0] ?? null;
      case 'LAST_VALUE':
        return values.at(-1) ?? null;
      case 'LISTAGG':
        return values.length === 0
          ? null
          : this.#values
              .map(([text, by], i) => (i === 0 ? '' : this.#separator(by)) + (text as string))
              .join('');
      case 'COLLECT':
        return { entries: counted(values) };
      case 'ARRAY_AGG':
      case '$ARRAY_AGG_IGNORE_NULLS':
        return values.length === 0 ? null : values;
      case 'JSON_ARRAYAGG':
      case '$JSON_ARRAYAGG_NULL_ON_NULL':
        return `[${values.map((v) => (v as string | null) ?? 'null').join(',')}]`;
      case 'JSON_OBJECTAGG':
      case '$JSON_OBJECTAGG_ABSENT_ON_NULL':
        return `{${this.#members().join(',')}}`;
      case 'PERCENTILE':
        return this.#percentile();
      case 'BITMAP_BUILD_AGG':
      case 'BITMAP_OR_AGG':
      case 'BITMAP_AND_AGG':
      case 'BITMAP_XOR_AGG':
        return this.#bitmap(fn.split('_')[1]!);
      case 'BITMAP_BUILD_CARDINALITY_AGG':
      case 'BITMAP_OR_CARDINALITY_AGG':
      case 'BITMAP_AND_CARDINALITY_AGG':
      case 'BITMAP_XOR_CARDINALITY_AGG': {
        const found = this.#bitmap(fn.split('_')[1]!);
        return found === null ? null : BigInt(bitmapMembers(found).length);
      }
      default:
        throw new TypeError(`no reference for ${fn}`);
    }
  }
  /** By the text of their keys. */
  #members(): string[] {
    const all = this.#values.map(([key, v]) => ({
      key: key as string,
      value: (v as string | null) ?? 'null',
    }));
    const text = (member: { readonly key: string }): string => JSON.parse(member.key) as string;
    return all.sort((a, b) => (text(a) < text(b) ? -1 : 1)).map(({ key, value }) => `${key}:${value}`);
  }
  /** Of percentages that are the same in every row. */
  #percentile(): Value {
    const weights = new Map<number, bigint>();
    for (const [value, , times] of this.#values) {
      const known = weights.get(value as number) ?? 0n;
      if (times !== null && (times as bigint) > 0n)
        weights.set(value as number, BigInt.asIntN(64, known + (times as bigint)));
    }
    const sorted = [...weights].filter(([, n]) => n !== 0n).sort(([a], [b]) => a - b);
    const total = BigInt.asIntN(
      64,
      sorted.reduce((sum, [, n]) => sum + n, 0n),
    );
    if (total <= 0n) return null;
    const at = (percentage: number): number => {
      const position = percentage * Number(total - 1n) + 1;
      const [below, above] = [BigInt(Math.floor(position)), BigInt(Math.ceil(position))];
      let [i, upTo] = [0, sorted[0]![1]];
      while (upTo < below) upTo = BigInt.asIntN(64, upTo + sorted[++i]![1]);
      if (upTo >= above) return sorted[i]![0];
      return (Number(above) - position) * sorted[i]![0] + (position - Number(below)) * sorted[i + 1]![0];
    };
    const percentages = this.#values[0]![1]!;
    return typeof percentages === 'number' ? at(percentages) : (percentages as readonly number[]).map(at);
  }
  /** One bitmap after the other. */
  #bitmap(name: string): Uint8Array | null {
    const values = this.#values.map(([v]) => v!);
    if (name === 'BUILD') return values.length === 0 ? null : bitmapOfIntegers(values as number[]);
    const keep = bitmapOperations[name as keyof typeof bitmapOperations];
    return values.reduce<Uint8Array | null>(
      (found, v) => (found === null ? (v as Uint8Array) : combineBitmaps(found, v as Uint8Array, keep)),
      null,
    );
  }
  #separator(by: Value | undefined): string {
    return this.#call.args.length === 1 ? ',' : ((by as string | null) ?? '');
  }
  #sum(values: readonly Value[]): Value {
    const { fn, type, argTypes } = this.#call;
    const isFloat = typeof values[0] === 'number' && type.kind === 'DOUBLE';
    if (values.length === 0)
      return fn !== '$SUM0' ? null : type.kind === 'BIGINT' || type.kind === 'DECIMAL' ? 0n : 0;
    if (isFloat) {
      const sum = (values as number[]).reduce((a, b) => a + b, 0);
      return fn === 'AVG' ? sum / values.length : sum;
    }
    const sum = (values as (number | bigint)[]).reduce<bigint>((a, b) => a + BigInt(b), 0n);
    if (type.kind === 'DECIMAL') {
      if (fn !== 'AVG') return sum;
      return halfUp(
        sum * 10n ** BigInt(type.scale - (argTypes[0] as DecimalType).scale),
        BigInt(values.length),
      );
    }
    // Java's integers wrap around: an average's sum is a BIGINT.
    const wrapped = fn === 'AVG' ? BigInt.asIntN(64, sum) / BigInt(values.length) : sum;
    const result = BigInt.asIntN(bits[type.kind]!, wrapped);
    return type.kind === 'BIGINT' ? result : Number(result);
  }
}

/** The argument whose NULLs do not count; none where they all do. */
function nullPassedOver(fn: string): number {
  if (fn === '$JSON_OBJECTAGG_ABSENT_ON_NULL') return 1;
  return ['ARRAY_AGG', '$SINGLE_VALUE', '$JSON_ARRAYAGG_NULL_ON_NULL', 'JSON_OBJECTAGG'].includes(fn)
    ? -1
    : 0;
}

function counted(values: readonly Value[]): [Value, number][] {
  const entries: [Value, number][] = [];
  for (const value of values) {
    const known = entries.find(([v]) => compareValues(v, value) === 0);
    if (known === undefined) entries.push([value, 1]);
    else known[1]++;
  }
  return entries;
}
/** Rounded to the nearest, halves away from zero. */
function halfUp(a: bigint, b: bigint): bigint {
  const size = a < 0n ? -a : a;
  const rounded = size / b + ((size % b) * 2n >= b ? 1n : 0n);
  return a < 0n ? -rounded : rounded;
}
