/* The message that a table's options name: a .proto file with what it imports, and a name that may be that of a Java class. */

import { dirname, join } from 'node:path';
import { didYouMean, toMillraceError, UserError } from '#base';
import { parseProto, ProtoSchema, type ProtoFile, type ProtoMessage, type ReferencedSchema } from '#schemas';
import type { FormatOptions, ReadFile } from '../format-options.ts';
import { MessageTypes, type MessageType } from './message-type.ts';

/** Throws FMT1004 for a file that is not there or is no schema, and for a name that no message has. */
export function messageOfOptions(options: FormatOptions): MessageType {
  const path = options.string('schema-file') ?? '';
  const text = options.readFile(path);
  if (text === undefined) throw options.refuse('schema-file', `cannot read '${path}'`);
  let schema: ProtoSchema;
  try {
    schema = ProtoSchema.parse(text, importsOf(text, path, options.readFile));
  } catch (thrown) {
    const { message, hint } = toMillraceError(thrown);
    throw options.refuse('schema-file', `'${path}': ${message}`, hint);
  }
  return findMessage(schema, options, 'message-class-name');
}

/** The message that option `key` names. Throws FMT1004. */
export function findMessage(schema: ProtoSchema, options: FormatOptions, key: string): MessageType {
  const name = options.string(key) ?? '';
  const names = messageNames(schema.file);
  const found = longest(names, name);
  const message = found === undefined ? undefined : new MessageTypes(schema.types).named(found);
  if (message !== undefined) return message;
  const some = names.slice(0, 5).join(', ');
  throw options.refuse(key, `no message '${name}'`, didYouMean(name, names) ?? `There is ${some}.`);
}

/** Full names of all messages of a file. */
export function messageNames({ package: space, types }: ProtoFile): string[] {
  const names: string[] = [];
  const add = (message: ProtoMessage, prefix: string): void => {
    names.push(`${prefix}${message.name}`);
    for (const type of message.types) if (type.kind === 'message') add(type, `${prefix}${message.name}.`);
  };
  for (const type of types) if (type.kind === 'message') add(type, space === '' ? '' : `${space}.`);
  return names;
}
/** A class is named by its Java package, maybe the class of the file, and the message with those around it: of the messages
 *  whose last names these are, the one with the most. */
function longest(names: readonly string[], className: string): string | undefined {
  if (names.includes(className)) return className;
  const wanted = className.split(/[.$]/);
  const shared = (name: string): number => {
    const parts = name.split('.');
    let count = 0;
    while (count < Math.min(parts.length, wanted.length) && parts.at(-1 - count) === wanted.at(-1 - count))
      count++;
    return count;
  };
  const best = Math.max(0, ...names.map(shared));
  const found = names.filter((name) => shared(name) === best);
  return best > 0 && found.length === 1 ? found[0] : undefined;
}

/** The files that a file imports, and those that they do, as far as they are there. */
function importsOf(text: string, path: string, readFile: ReadFile): ReferencedSchema[] {
  const found = new Map<string, string>();
  const visit = (source: string): void => {
    for (const { path: name } of parseProto(source).imports) {
      if (found.has(name)) continue;
      const imported = readAbove(name, dirname(path), readFile);
      if (imported === undefined) continue;
      found.set(name, imported);
      visit(imported);
    }
  };
  visit(text);
  return [...found].map(([name, imported]) => ({ name, text: imported }));
}
function readAbove(name: string, folder: string, readFile: ReadFile): string | undefined {
  const found = readFile(join(folder, name));
  const above = dirname(folder);
  return found ?? (above === folder ? undefined : readAbove(name, above, readFile));
}

/** The error for a column that its field does not fit. */
export const refusal = (format: string, reason: string): UserError =>
  new UserError('FMT1003', { message: `the format '${format}': ${reason}` });
