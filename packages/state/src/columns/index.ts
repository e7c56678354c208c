/* Storage by slot for every type. */

import { layoutOf, type LogicalType } from '#data';
import { BytesStateColumn } from './bytes-column.ts';
import { ExactStateColumn } from './exact-column.ts';
import { F64StateColumn } from './f64-column.ts';
import { I32StateColumn } from './i32-column.ts';
import { NestedStateColumn } from './nested-column.ts';
import type { StateColumn } from './state-column.ts';
import { TimeStateColumn } from './time-column.ts';

export function stateColumn(type: LogicalType): StateColumn {
  switch (layoutOf(type)) {
    case 'i32':
      return new I32StateColumn(type);
    case 'f64':
      return new F64StateColumn(type);
    case 'exact':
      return new ExactStateColumn(type);
    case 'time':
      return new TimeStateColumn(type);
    case 'bytes':
      return new BytesStateColumn(type);
    case 'row':
    case 'list':
    case 'map':
      return new NestedStateColumn(type);
  }
}
