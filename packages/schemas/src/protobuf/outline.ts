/* A .proto file as lines for people: messages, fields by their numbers, enums, services. */

import type { Outline } from '../parsed-schema.ts';
import { allFields, type ProtoFile, type ProtoType } from './model.ts';

export function protoOutline(file: ProtoFile): Outline {
  const lines = new Map<string, string>([
    ['', `${file.syntax ?? 'proto2'}${file.package === '' ? '' : `, package ${file.package}`}`],
  ]);
  const visit = (type: ProtoType, prefix: string): void => {
    const path = `${prefix}${type.name}`;
    if (type.kind === 'enum') {
      lines.set(path, `enum ${type.constants.map((c) => `${c.name}=${c.number}`).join(' ')}`);
      return;
    }
    lines.set(path, 'message');
    for (const field of allFields(type)) {
      const oneof = type.oneofs.find((o) => o.fields.includes(field));
      const kind = field.keyType === undefined ? field.type : `map<${field.keyType}, ${field.type}>`;
      const label = field.label === undefined ? '' : `${field.label} `;
      const inOneof = oneof === undefined ? '' : ` in oneof ${oneof.name}`;
      lines.set(`${path}.${field.number}`, `${label}${kind} ${field.name}${inOneof}`);
    }
    for (const inner of type.types) visit(inner, `${path}.`);
  };
  for (const type of file.types) visit(type, '');
  for (const service of file.services)
    for (const rpc of service.rpcs)
      lines.set(`${service.name}.${rpc.name}()`, `${rpc.request} → ${rpc.response}`);
  return lines;
}
