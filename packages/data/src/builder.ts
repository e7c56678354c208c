/* Which builder writes columns of a type. */

import { BytesBuilder } from './builders/bytes.ts';
import type { ColumnBuilder } from './builders/base.ts';
import { NestedBuilder, RowBuilder } from './builders/nested.ts';
import { ExactBuilder, F64Builder, I32Builder, TimeBuilder } from './builders/numbers.ts';
import { narrowMax } from './column.ts';
import { layoutOf, type LogicalType, type RowType } from './types.ts';

export type { ColumnBuilder } from './builders/base.ts';

/** A builder for columns of `type`. `takesTurns`: what a build gave is written again behind the next build. */
export function columnBuilder(type: LogicalType, takesTurns = false): ColumnBuilder {
  switch (layoutOf(type)) {
    case 'i32':
      return new I32Builder(type, takesTurns);
    case 'f64':
      return new F64Builder(type, takesTurns);
    case 'exact':
      return new ExactBuilder(type, takesTurns);
    case 'time':
      return new TimeBuilder(type, takesTurns);
    case 'bytes':
      return new BytesBuilder(type, takesTurns);
    case 'row':
      return new RowBuilder(type as RowType, (t) => columnBuilder(t, takesTurns));
    case 'list':
    case 'map':
      return new NestedBuilder(type, (t) => columnBuilder(t));
  }
}

/** Whether a bigint can lie in a narrow column. */
export const fitsNarrow = (value: bigint): boolean =>
  value >= -BigInt(narrowMax) && value <= BigInt(narrowMax);
