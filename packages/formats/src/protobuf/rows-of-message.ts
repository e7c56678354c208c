/* The columns that a message gives: for tables that take them from a registry or a file. */

import { UserError } from '#base';
import { notNull, types, type Field, type LogicalType } from '#data';
import { isTimestampMessage, wrappedField } from './known-messages.ts';
import { madeKind } from './made-values.ts';
import type { FieldType, MessageType, ScalarName } from './message-type.ts';

/** Values with presence may be NULL, and so may lists and maps, which are NULL where they are empty. Throws FMT1006 for a
 *  message that holds itself. */
export function rowsOfMessage(message: MessageType): Field[] {
  return fieldsOf(message, [message], '');
}

function fieldsOf(message: MessageType, open: readonly MessageType[], path: string): Field[] {
  return message.fields.map((field) => {
    const name = `${path}${field.name}`;
    const value = typeOf(field.type, open, name);
    if (field.key !== undefined) {
      const key = notNull(typeOf(field.key, open, name));
      return { name: field.name, type: types.map(key, notNull(value)) };
    }
    if (field.repeated) return { name: field.name, type: types.array(notNull(value)) };
    return { name: field.name, type: field.presence && !field.required ? value : notNull(value) };
  });
}

function typeOf(type: FieldType, open: readonly MessageType[], path: string): LogicalType {
  if (type.kind === 'scalar') return scalarType(type.scalar);
  if (type.kind === 'enum') return types.STRING;
  const { message } = type;
  if (isTimestampMessage(message)) return types.timestampLtz(9);
  const made = madeKind(message);
  // How many digits a decimal has behind its point, each says by itself.
  if (made === 'date' || made === 'time') return made === 'date' ? types.DATE : types.time(3);
  const wrapped = wrappedField(message);
  if (wrapped?.type.kind === 'scalar') return scalarType(wrapped.type.scalar);
  const refuse = (what: string): UserError =>
    new UserError('FMT1006', {
      message: `field '${path}' of the schema is ${what}, which no column can be`,
      hint: 'Declare the columns: fields that the table does not have are passed over.',
    });
  if (open.includes(message)) throw refuse(`the message '${message.fullName}', which holds itself`);
  if (message.fields.length === 0) throw refuse(`the message '${message.fullName}', which has no fields`);
  return types.row(fieldsOf(message, [...open, message], `${path}.`));
}

function scalarType(scalar: ScalarName): LogicalType {
  switch (scalar) {
    case 'double':
      return types.DOUBLE;
    case 'float':
      return types.FLOAT;
    case 'bool':
      return types.BOOLEAN;
    case 'string':
      return types.STRING;
    case 'bytes':
      return types.BYTES;
    case 'int32':
    case 'sint32':
    case 'sfixed32':
      return types.INT;
    // Above what an INT, and a BIGINT, holds.
    case 'uint64':
    case 'fixed64':
      return types.decimal(20, 0);
    default:
      return types.BIGINT;
  }
}
