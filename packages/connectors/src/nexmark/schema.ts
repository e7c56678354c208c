/* The columns of the Nexmark table, and events as batches of the columns that a table declares. */

import { UserError } from '#base';
import type { ConnectorTable } from '#catalog';
import {
  noMarks,
  types,
  typeText,
  layoutOf,
  type Batch,
  type Column,
  type Field,
  type LogicalType,
} from '#data';
import type { EventColumns, NamedColumns, WantedKinds } from './generator.ts';

const { BIGINT: long, STRING: text } = types;
const time = types.timestamp(3);
const fields = (named: Readonly<Record<string, LogicalType>>): Field[] =>
  Object.entries(named).map(([name, type]) => ({ name, type }));

/** The one table of Nexmark; a table may declare some of its columns, and of a ROW some of its fields. */
export const nexmarkFields: readonly Field[] = fields({
  event_type: types.INT,
  person: types.row(
    fields({
      id: long,
      name: text,
      emailAddress: text,
      creditCard: text,
      city: text,
      state: text,
      dateTime: time,
      extra: text,
    }),
  ),
  auction: types.row(
    fields({
      id: long,
      itemName: text,
      description: text,
      initialBid: long,
      reserve: long,
      dateTime: time,
      expires: time,
      seller: long,
      category: long,
      extra: text,
    }),
  ),
  bid: types.row(
    fields({
      auction: long,
      bidder: long,
      price: long,
      channel: text,
      url: text,
      dateTime: time,
      extra: text,
    }),
  ),
});

/** Throws NEX1001 for a column that is none of Nexmark's, or of another type. */
export function checkNexmarkTable(table: ConnectorTable): void {
  for (const { name, type } of table.physical) checkField(name, type, nexmarkFields, name);
}

function checkField(name: string, type: LogicalType, known: readonly Field[], path: string): void {
  const field = known.find((f) => f.name === name);
  const columns = nexmarkFields.map((f) => `${f.name} ${typeText(f.type)}`).join(', ');
  const hint = `Columns of a nexmark table: ${columns}.`;
  if (field === undefined)
    throw new UserError('NEX1001', { message: `a nexmark table has no column "${path}"`, hint });
  if (
    layoutOf(type) !== layoutOf(field.type) ||
    type.kind === 'DECIMAL' ||
    (!type.nullable && type.kind === 'ROW')
  ) {
    throw new UserError('NEX1001', {
      message: `column "${path}": found ${typeText(type)}, expected ${typeText(field.type)}`,
      hint,
    });
  }
  if (type.kind === 'ROW' && field.type.kind === 'ROW') {
    for (const inner of type.fields)
      checkField(inner.name, inner.type, field.type.fields, `${path}.${inner.name}`);
  }
}

export function wantedKinds(wanted: readonly Field[]): WantedKinds {
  const has = (name: string): boolean => wanted.some((f) => f.name === name);
  return { person: has('person'), auction: has('auction'), bid: has('bid') };
}

/** The batch of `wanted` fields, all of them checked by `checkNexmarkTable`. */
export function eventBatch(events: EventColumns, wanted: readonly Field[]): Batch {
  const columns = wanted.map(({ name, type }): Column => {
    switch (name) {
      case 'person':
        return rowColumn(events.person!, type);
      case 'auction':
        return rowColumn(events.auction!, type);
      case 'bid':
        return rowColumn(events.bid!, type);
      default:
        return events.eventType;
    }
  });
  return { rows: events.rows, columns, kinds: undefined, marks: noMarks };
}

function rowColumn(named: NamedColumns, type: LogicalType): Column {
  const declared = type.kind === 'ROW' ? type.fields : [];
  return { layout: 'row', valid: named.valid, fields: declared.map((f) => named.columns[f.name]!) };
}
