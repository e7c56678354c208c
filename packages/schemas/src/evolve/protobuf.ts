/* Changes the first message of a .proto file: what is added has a number that was never used, what is removed leaves its
 * number and name reserved. */

import {
  allFields,
  numberMax,
  type ProtoField,
  type ProtoFile,
  type ProtoMessage,
  type Reserved,
} from '../protobuf/model.ts';
import { printProto } from '../protobuf/print.ts';
import { parseProto } from '../protobuf/parse.ts';
import { editError, isThere, noField, type SchemaEdit } from './edit.ts';

function nextNumber(message: ProtoMessage): number {
  const reserved = message.reserved.flatMap((r) => r.values);
  const taken = [
    0,
    ...allFields(message).map((field) => field.number),
    ...reserved.flatMap((value) => (typeof value === 'string' || value.end === numberMax ? [] : [value.end])),
    ...message.extensions.flatMap(({ ranges }) =>
      ranges.filter((r) => r.end !== numberMax).map((r) => r.end),
    ),
  ];
  const next = Math.max(...taken) + 1;
  // What Protobuf keeps for itself.
  return next >= 19_000 && next <= 19_999 ? 20_000 : next;
}
function added(
  message: ProtoMessage,
  edit: Extract<SchemaEdit, { kind: 'add' }>,
  syntax: string | undefined,
): ProtoField {
  if (edit.default !== undefined)
    throw editError(
      'a field of Protobuf has no default of its own',
      'Leave it out: what is missing reads as 0 or empty.',
    );
  const [, label, type] = /^(optional |repeated )?(.+)$/.exec(edit.type)!;
  const map = /^map<(\w+), ?([\w.]+)>$/.exec(type!);
  const given = label === undefined ? undefined : (label.trim() as 'optional' | 'repeated');
  const proto2 = syntax === undefined || syntax === 'proto2';
  return {
    name: edit.name,
    number: nextNumber(message),
    label: map === null ? (given ?? (proto2 ? 'optional' : undefined)) : undefined,
    type: map?.[2] ?? type!,
    keyType: map?.[1],
    group: undefined,
    options: [],
  };
}
const without = (message: ProtoMessage, gone: ProtoField): ProtoMessage => {
  const left: Reserved[] = [{ values: [{ start: gone.number, end: gone.number }] }, { values: [gone.name] }];
  const oneofs = message.oneofs.map((oneof) => ({
    ...oneof,
    fields: oneof.fields.filter((f) => f !== gone),
  }));
  return {
    ...message,
    fields: message.fields.filter((f) => f !== gone),
    oneofs: oneofs.filter((oneof) => oneof.fields.length > 0),
    reserved: [...message.reserved, ...left],
  };
};
function renamed(message: ProtoMessage, field: ProtoField, to: string): ProtoMessage {
  const change = (fields: readonly ProtoField[]): ProtoField[] =>
    fields.map((f) => (f === field ? { ...f, name: to } : f));
  return {
    ...message,
    fields: change(message.fields),
    oneofs: message.oneofs.map((oneof) => ({ ...oneof, fields: change(oneof.fields) })),
  };
}

/** The text of the changed file. Throws SCH1007 for a field that there is not, or is already. */
export function evolveProto(text: string, edits: readonly SchemaEdit[]): string {
  const file = parseProto(text);
  const first = file.types.find((type) => type.kind === 'message');
  if (first === undefined) throw editError('the file has no message to change');
  let now: ProtoMessage = first;
  for (const edit of edits) {
    const fields = allFields(now);
    const names = fields.map((field) => field.name);
    const field = fields.find((f) => f.name === edit.name);
    if (edit.kind === 'add') {
      if (field !== undefined) throw isThere(edit.name);
      now = { ...now, fields: [...now.fields, added(now, edit, file.syntax)] };
      continue;
    }
    if (field === undefined) throw noField(edit.name, names);
    if (edit.kind === 'remove') now = without(now, field);
    else if (names.includes(edit.to)) throw isThere(edit.to);
    else now = renamed(now, field, edit.to);
  }
  const changed: ProtoFile = { ...file, types: file.types.map((type) => (type === first ? now : type)) };
  return printProto(changed);
}
