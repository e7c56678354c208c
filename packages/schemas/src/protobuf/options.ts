/* Options of a .proto file: option java_package = "x"; [deprecated = true, (my.option).a = { b: 1 }]. */

import type { Cursor } from './cursor.ts';
import type { OptionMember, OptionValue, ProtoOption } from './model.ts';

function optionName(cursor: Cursor): string {
  let name = '';
  if (cursor.take('(')) {
    name = `(${cursor.path('the name of an option')})`;
    cursor.expect(')');
  } else name = cursor.path('the name of an option');
  for (;;) {
    if (cursor.token.kind === 'word' && cursor.token.text.startsWith('.')) name += cursor.next().text;
    else if (cursor.sees('.') && cursor.ahead(1).text === '(') {
      cursor.next();
      cursor.expect('(');
      name += `.(${cursor.path('the name of an option')})`;
      cursor.expect(')');
    } else return name;
  }
}
function word(cursor: Cursor): OptionValue {
  const sign = cursor.take('-') ? '-' : cursor.take('+') ? '' : '';
  const { kind } = cursor.token;
  if (kind !== 'word' && kind !== 'number') throw cursor.unexpected('a value');
  return { kind: 'word', text: `${sign}${cursor.next().text}` };
}
function value(cursor: Cursor): OptionValue {
  if (cursor.token.kind === 'text') return { kind: 'text', text: cursor.string('a string') };
  if (cursor.sees('{') || cursor.sees('<')) return message(cursor);
  if (!cursor.take('[')) return word(cursor);
  const items: OptionValue[] = [];
  while (!cursor.take(']')) {
    items.push(value(cursor));
    if (!cursor.take(',') && !cursor.sees(']')) throw cursor.unexpected('"," or "]"');
  }
  return { kind: 'list', items };
}
/** The text format of a message: its members, with or without colons, commas and semicolons. */
function message(cursor: Cursor): OptionValue {
  const close = cursor.next().text === '{' ? '}' : '>';
  const members: OptionMember[] = [];
  while (!cursor.take(close)) {
    let name: string;
    if (cursor.take('[')) {
      name = cursor.path('the name of an extension');
      while (cursor.take('/')) name += `/${cursor.path('the name of a type')}`;
      name = `[${name}]`;
      cursor.expect(']');
    } else name = cursor.name('the name of a field');
    const colon = cursor.take(':');
    if (!colon && !cursor.sees('{') && !cursor.sees('<')) throw cursor.unexpected('":"');
    members.push({ name, value: value(cursor) });
    if (!cursor.take(',')) cursor.take(';');
  }
  return { kind: 'message', members };
}

/** Behind the word `option`, up to its semicolon. */
export function optionStatement(cursor: Cursor): ProtoOption {
  const name = optionName(cursor);
  cursor.expect('=');
  const option = { name, value: value(cursor) };
  cursor.expect(';');
  return option;
}
/** [a = 1, b = 2] where there is one. */
export function optionList(cursor: Cursor): ProtoOption[] {
  const options: ProtoOption[] = [];
  if (!cursor.take('[')) return options;
  do {
    const name = optionName(cursor);
    cursor.expect('=');
    options.push({ name, value: value(cursor) });
  } while (cursor.take(','));
  cursor.expect(']');
  return options;
}
