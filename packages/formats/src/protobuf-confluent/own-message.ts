/* A message read as the table's own schema has it, whichever version wrote it: fields are the same by number, as Protobuf itself has it, so
 * that one may be called otherwise or be of another type that reads the same bytes. What only the writer knows goes by its name. */

import { MessageType, type EnumValues, type FieldType, type MessageField } from '../protobuf/message-type.ts';

const localName = ({ fullName }: MessageType): string => fullName.slice(fullName.lastIndexOf('.') + 1);

/** The message to read one of `written` as. Without `own`, and for a message of another name, that is itself. */
export const messageToRead = (written: MessageType, own: MessageType | undefined): MessageType =>
  own === undefined || localName(own) !== localName(written) ? written : merged(own, written);

/** Types hold themselves: fields are merged when they are asked for. */
const merged = (own: MessageType, written: MessageType): MessageType =>
  new MessageType(own.fullName, () => {
    const known = own.fields.map((field) => {
      const other = written.fields.find(({ number }) => number === field.number);
      return other === undefined ? field : mergedField(field, other);
    });
    const isNew = (field: MessageField): boolean =>
      !own.fields.some(({ name, number }) => name === field.name || number === field.number);
    return [...known, ...written.fields.filter(isNew)].toSorted((a, b) => a.number - b.number);
  });
const mergedField = (own: MessageField, written: MessageField): MessageField => ({
  ...own,
  type: mergedType(own.type, written.type),
});
function mergedType(own: FieldType, written: FieldType): FieldType {
  if (own.kind === 'enum' && written.kind === 'enum')
    return { ...own, values: mergedEnum(own.values, written.values) };
  if (own.kind === 'message' && written.kind === 'message')
    return { ...own, message: merged(own.message, written.message) };
  return own;
}
const mergedEnum = (own: EnumValues, written: EnumValues): EnumValues => ({
  ...own,
  names: new Map([...written.names, ...own.names]),
  numbers: new Map([...written.numbers, ...own.numbers]),
});
