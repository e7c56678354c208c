/* Options that every compiler knows hold what they should: true or false, a string, one of some words. */

import { UserError } from '#base';
import { knownOptions, type OptionPlace } from './descriptor/tables.ts';
import type { ProtoExtend, ProtoField, ProtoFile, ProtoMessage, ProtoOption, ProtoType } from './model.ts';

function checkAll(place: OptionPlace, options: readonly ProtoOption[], of: string): void {
  const known: ReadonlyMap<string, { readonly type: 'text' | 'flag' | readonly string[] }> =
    knownOptions[place];
  for (const { name, value } of options) {
    const type = known.get(name)?.type;
    if (type === undefined) continue;
    const text = value.kind === 'word' || value.kind === 'text' ? value.text : '';
    const fits =
      type === 'text'
        ? value.kind === 'text'
        : value.kind === 'word' && (type === 'flag' ? /^(true|false)$/.test(text) : type.includes(text));
    if (fits) continue;
    const expected =
      type === 'text'
        ? 'a string'
        : type === 'flag'
          ? 'true or false'
          : type.filter((word) => word !== '').join(', ');
    throw new UserError('SCH1003', {
      message: `not a .proto file: the option ${name} of ${of} is not ${expected}`,
    });
  }
}
function checkFields(fields: readonly ProtoField[]): void {
  for (const field of fields) {
    const { options, name } = field;
    checkAll('field', options, `"${name}"`);
    checkPacked(field);
    const jsonName = options.find((option) => option.name === 'json_name');
    if (jsonName !== undefined && jsonName.value.kind !== 'text')
      throw new UserError('SCH1003', {
        message: `not a .proto file: json_name of "${name}" is not a string`,
      });
  }
}
/** Numbers, booleans and enums that repeat lie side by side. Whether another name is that of an enum is not looked up. */
function checkPacked({ name, options, label, type, group }: ProtoField): void {
  const packed = options.find((option) => option.name === 'packed')?.value;
  if (packed?.kind !== 'word' || packed.text !== 'true') return;
  if (label === 'repeated' && group === undefined && type !== 'string' && type !== 'bytes') return;
  throw new UserError('SCH1003', {
    message: `not a .proto file: "${name}" is packed, and no repeated field of numbers, booleans or an enum`,
  });
}
const checkExtends = (all: readonly ProtoExtend[]): void => {
  for (const { fields } of all) checkFields(fields);
};
function checkMessage(message: ProtoMessage): void {
  checkAll('message', message.options, `"${message.name}"`);
  checkFields(message.fields);
  for (const oneof of message.oneofs) checkFields(oneof.fields);
  checkExtends(message.extends);
  for (const type of message.types) checkType(type);
}
function checkType(type: ProtoType): void {
  if (type.kind === 'message') return checkMessage(type);
  checkAll('enum', type.options, `"${type.name}"`);
  for (const { name, options } of type.constants) checkAll('constant', options, `"${name}"`);
}

/** Throws SCH1003 for the first that does not. */
export function checkOptions(file: ProtoFile): void {
  checkAll('file', file.options, 'the file');
  for (const type of file.types) checkType(type);
  checkExtends(file.extends);
  for (const { name, options, rpcs } of file.services) {
    checkAll('service', options, `"${name}"`);
    for (const rpc of rpcs) checkAll('method', rpc.options, `"${rpc.name}"`);
  }
}
