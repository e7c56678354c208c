/* Which message of a .proto file a record holds: the path of places that Confluent's wire format writes in front of it. */

import type { ProtoFile, ProtoMessage, ProtoType } from './model.ts';

const messagesOf = (types: readonly ProtoType[]): ProtoMessage[] =>
  types.filter((type) => type.kind === 'message');

export interface FoundMessage {
  readonly message: ProtoMessage;
  /** With the package. */
  readonly fullName: string;
}

/** The message at a path of places: [0] is the first of the file, [2, 1] the second that the third holds. Undefined where
 *  there is none. */
export function messageAt(file: ProtoFile, indexes: readonly number[]): FoundMessage | undefined {
  let types = file.types;
  let found: ProtoMessage | undefined;
  const path = file.package === '' ? [] : [file.package];
  for (const index of indexes) {
    found = messagesOf(types)[index];
    if (found === undefined) return undefined;
    path.push(found.name);
    types = found.types;
  }
  return found === undefined ? undefined : { message: found, fullName: path.join('.') };
}

/** The path of a message by its name, with the package or without; undefined where there is none. */
export function indexesOf(file: ProtoFile, name: string): number[] | undefined {
  const prefix = file.package === '' ? '' : `${file.package}.`;
  const local = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const indexes: number[] = [];
  let types = file.types;
  for (const part of local.split('.')) {
    const messages = messagesOf(types);
    const index = messages.findIndex((message) => message.name === part);
    if (index < 0) return undefined;
    indexes.push(index);
    types = messages[index]!.types;
  }
  return indexes;
}
