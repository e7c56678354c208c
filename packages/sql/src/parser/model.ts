/* CREATE MODEL and ALTER MODEL. */

import { UserError } from '#base';
import type { AlterModel, CreateModel, ModelColumn } from '../ast/statements.ts';
import type { Token } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { spanOf } from './mistakes.ts';
import { parseComment, parseName, parsePath } from './names.ts';
import {
  parseIfExists,
  parseIfNotExists,
  parseOptionKeys,
  parseOptions,
  parseWithOptions,
} from './options.ts';
import { parseType } from './types.ts';

/** What stands behind CREATE [TEMPORARY] MODEL: [IF NOT EXISTS] name [INPUT (…) OUTPUT (…)] [COMMENT '…'] WITH (…). */
export function parseCreateModel(c: Cursor, first: Token, temporary: boolean): CreateModel {
  const ifNotExists = parseIfNotExists(c);
  const name = parsePath(c, 'a model name');
  const input = parseColumns(c, 'INPUT');
  const output = parseColumns(c, 'OUTPUT');
  if ((input === undefined) !== (output === undefined))
    throw new UserError('SQL0001', {
      at: spanOf(c.peek()),
      message: `the model "${name.at(-1)!.text}" has ${input === undefined ? 'OUTPUT and no INPUT' : 'INPUT and no OUTPUT'}`,
      hint: 'Write INPUT (text STRING) OUTPUT (label STRING).',
    });
  const comment = parseComment(c);
  if (!c.at('WITH'))
    c.fail(...(input === undefined ? ['INPUT'] : []), ...(comment === undefined ? ['COMMENT'] : []), 'WITH');
  const options = parseWithOptions(c);
  if (c.at('AS'))
    throw new UserError('SQL0004', {
      at: spanOf(c.peek()),
      message: 'CREATE MODEL … AS SELECT is not supported, in Flink neither',
      hint: 'A model is there already, with its provider: WITH says which.',
    });
  return {
    kind: 'create-model',
    temporary,
    ifNotExists,
    name,
    input: input ?? [],
    output: output ?? [],
    comment,
    options,
    span: c.spanFrom(first),
  };
}

function parseColumns(c: Cursor, word: 'INPUT' | 'OUTPUT'): ModelColumn[] | undefined {
  return c.accept(word) ? c.parenthesized(parseColumn) : undefined;
}

/** name type [COMMENT '…']. */
function parseColumn(c: Cursor): ModelColumn {
  const first = c.peek();
  if (c.atAll('PRIMARY', 'KEY'))
    throw new UserError('SQL0004', {
      at: spanOf(first),
      message: 'a model has columns alone, and no primary key',
      hint: 'Leave it out.',
    });
  const name = parseName(c, 'a column name');
  if (c.at('AS')) throw notPhysical(c, name.text);
  const type = parseType(c);
  if (c.at('METADATA')) throw notPhysical(c, name.text);
  const comment = parseComment(c);
  return { name, type, comment, span: c.spanFrom(first) };
}

const notPhysical = (c: Cursor, name: string): UserError =>
  new UserError('SQL0004', {
    at: spanOf(c.peek()),
    message: `the column "${name}" of a model can only be a physical column: a name and a type`,
  });

/** What stands behind ALTER MODEL: [IF EXISTS] name {SET (…) | RESET (…) | RENAME TO name}. */
export function parseAlterModel(c: Cursor, first: Token): AlterModel {
  const ifExists = parseIfExists(c);
  const name = parsePath(c, 'a model name');
  const action = parseAction(c);
  return { kind: 'alter-model', ifExists, name, action, span: c.spanFrom(first) };
}

function parseAction(c: Cursor): AlterModel['action'] {
  if (c.accept('SET')) return { kind: 'set', options: parseOptions(c) };
  if (c.accept('RESET')) return { kind: 'reset', keys: parseOptionKeys(c) };
  if (c.acceptAll('RENAME', 'TO')) return { kind: 'rename', to: parsePath(c, 'a model name') };
  return c.fail('SET', 'RESET', 'RENAME TO');
}
