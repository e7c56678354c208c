/* Rows, arrays and maps: builders of what is in them. */

import { assert } from '#base';
import type { Column } from '../column.ts';
import { mapTypes } from '../read.ts';
import type { LogicalType, RowType } from '../types.ts';
import type { MapValue, Value } from '../values.ts';
import { Base, grow, initialRows, type ColumnBuilder } from './base.ts';

export type MakeBuilder = (type: LogicalType) => ColumnBuilder;

export class RowBuilder extends Base {
  readonly #fields: ColumnBuilder[];
  constructor(type: RowType, make: MakeBuilder) {
    super(type);
    this.#fields = type.fields.map((f) => make(f.type));
  }
  protected write(value: Exclude<Value, null>): void {
    this.#fields.forEach((f, i) => {
      f.append((value as Value[])[i]!);
    });
  }
  protected writeNull(): void {
    for (const f of this.#fields) f.appendNull();
  }
  protected override copy(column: Column, row: number): void {
    assert(column.layout === 'row', 'a row column');
    this.#fields.forEach((f, i) => {
      f.appendFrom(column.fields[i]!, row);
    });
  }
  protected override copyRows(column: Column, rows: Int32Array, count: number): void {
    assert(column.layout === 'row', 'a row column');
    this.#fields.forEach((f, i) => {
      f.appendRows(column.fields[i]!, rows, count);
    });
    this.size += count;
  }
  protected finish(valid: Uint8Array | undefined): Column {
    return { layout: 'row', valid, fields: this.#fields.map((f) => f.build()) };
  }
}

/** ARRAY with one child, MAP and MULTISET with two. */
export class NestedBuilder extends Base {
  readonly #children: ColumnBuilder[];
  readonly #isMap: boolean;
  #starts = new Int32Array(initialRows);
  #lengths = new Int32Array(initialRows);
  constructor(type: LogicalType, make: MakeBuilder) {
    super(type);
    this.#isMap = type.kind !== 'ARRAY';
    this.#children = type.kind === 'ARRAY' ? [make(type.element)] : mapTypes(type).map(make);
  }
  #open(length: number): void {
    if (this.size >= this.#starts.length) {
      this.#starts = grow(this.#starts, this.size + 1);
      this.#lengths = grow(this.#lengths, this.size + 1);
    }
    this.#starts[this.size] = this.#children[0]!.size;
    this.#lengths[this.size] = length;
  }
  protected write(value: Exclude<Value, null>): void {
    if (this.#isMap) {
      const { entries } = value as MapValue;
      this.#open(entries.length);
      for (const [k, v] of entries) {
        this.#children[0]!.append(k);
        this.#children[1]!.append(v);
      }
    } else {
      this.#open((value as Value[]).length);
      for (const v of value as Value[]) this.#children[0]!.append(v);
    }
  }
  protected writeNull(): void {
    this.#open(0);
  }
  protected override copy(column: Column, row: number): void {
    assert(column.layout === 'list' || column.layout === 'map', 'a nested column');
    const start = column.starts[row]!;
    const length = column.lengths[row]!;
    this.#open(length);
    const sources = column.layout === 'list' ? [column.element] : [column.keys, column.values];
    for (let i = 0; i < length; i++)
      this.#children.forEach((c, k) => {
        c.appendFrom(sources[k]!, start + i);
      });
  }
  protected finish(valid: Uint8Array | undefined): Column {
    const [starts, lengths] = [this.#starts, this.#lengths];
    this.#starts = new Int32Array(this.capacity);
    this.#lengths = new Int32Array(this.capacity);
    if (!this.#isMap) return { layout: 'list', valid, starts, lengths, element: this.#children[0]!.build() };
    return {
      layout: 'map',
      valid,
      starts,
      lengths,
      keys: this.#children[0]!.build(),
      values: this.#children[1]!.build(),
    };
  }
}
