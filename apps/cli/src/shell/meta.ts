/* Commands of the shell that are no SQL: those of psql, and of sqlite and duckdb where they mean the same.
 *
 *   \dt, .tables ──▶ SHOW TABLES      \d t ──▶ DESCRIBE t      \x, \timing, \o ──▶ how results are shown */

import { UserError } from '#base';
import { types } from '#data';
import type { Execution } from '#engine';
import { quoteName } from '#sql';
import { resultFormat, type ResultFormat } from '../results/formats.ts';
import { callables } from './functions.ts';

/** What a command asks the shell to do. */
export type MetaAction =
  | { readonly kind: 'sql'; readonly text: string }
  | { readonly kind: 'result'; readonly execution: Execution }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'format'; readonly format: ResultFormat | 'toggle' }
  | { readonly kind: 'timing'; readonly on: boolean | undefined }
  | { readonly kind: 'output'; readonly file: string | undefined }
  | { readonly kind: 'include'; readonly file: string }
  | { readonly kind: 'edit' }
  | { readonly kind: 'quit' };

interface MetaCommand {
  readonly names: readonly string[];
  readonly takes?: string;
  readonly about: string;
  readonly run: (argument: string) => MetaAction;
}

const sql = (text: string): MetaAction => ({ kind: 'sql', text });
const name = (text: string): string =>
  text
    .split('.')
    .map((part) => quoteName(part.replace(/^`(.*)`$/, '$1')))
    .join('.');
const switched = (text: string): boolean | undefined =>
  text === '' ? undefined : text.toLowerCase() === 'on';

const commands: readonly MetaCommand[] = [
  {
    names: ['\\d'],
    takes: '[NAME]',
    about: 'tables and views, or the columns of one',
    run: (argument) => sql(argument === '' ? 'SHOW TABLES' : `DESCRIBE ${name(argument)}`),
  },
  { names: ['\\dt', '.tables'], about: 'tables and views', run: () => sql('SHOW TABLES') },
  { names: ['\\dv'], about: 'views', run: () => sql('SHOW VIEWS') },
  {
    names: ['\\df'],
    takes: '[PART]',
    about: 'functions and what they take',
    run: (argument) => ({ kind: 'result', execution: functions(argument) }),
  },
  { names: ['\\l', '.databases'], about: 'databases', run: () => sql('SHOW DATABASES') },
  {
    names: ['\\c'],
    takes: 'DATABASE',
    about: 'use another database',
    run: (argument) => sql(argument === '' ? 'SHOW CURRENT DATABASE' : `USE ${name(argument)}`),
  },
  {
    names: ['.schema', '\\sv'],
    takes: 'NAME',
    about: 'the statement that makes a table',
    run: (argument) => sql(argument === '' ? 'SHOW TABLES' : `SHOW CREATE TABLE ${name(argument)}`),
  },
  { names: ['\\jobs'], about: "running INSERTs; STOP JOB 'name' ends one", run: () => sql('SHOW JOBS') },
  { names: ['\\set'], about: 'settings', run: () => sql('SET') },
  {
    names: ['\\x'],
    about: 'a line a column, on and off',
    run: () => ({ kind: 'format', format: 'toggle' }),
  },
  {
    names: ['\\format', '.mode'],
    takes: 'FORMAT',
    about: 'table, csv, tsv, json, vertical or markdown',
    run: (argument) => ({ kind: 'format', format: resultFormat(argument) }),
  },
  {
    names: ['\\timing', '.timer'],
    takes: '[on|off]',
    about: 'show how long statements take',
    run: (argument) => ({ kind: 'timing', on: switched(argument) }),
  },
  {
    names: ['\\o', '.output'],
    takes: '[FILE]',
    about: 'results go to a file; without one, here again',
    run: (argument) => ({ kind: 'output', file: argument === '' ? undefined : argument }),
  },
  {
    names: ['\\i', '.read'],
    takes: 'FILE',
    about: 'run a file',
    run: (argument) => {
      if (argument === '') throw new UserError('CLI1001', { message: '\\i takes a file' });
      return { kind: 'include', file: argument };
    },
  },
  {
    names: ['\\e', '.edit'],
    about: 'edit the last statement in $EDITOR, and run it',
    run: () => ({ kind: 'edit' }),
  },
  {
    names: ['\\?', 'help', '.help', '\\h'],
    about: 'this list',
    run: () => ({ kind: 'text', text: help() }),
  },
  { names: ['\\q', 'quit', 'exit', '.quit', '.exit'], about: 'leave', run: () => ({ kind: 'quit' }) },
];

export const metaNames: readonly string[] = commands
  .flatMap((c) => c.names)
  .filter((n) => /^[\\.]/.test(n))
  .sort();

/** The action that a line asks for, or undefined for SQL. Throws CLI1001 for a command that there is not. */
export function metaAction(line: string): MetaAction | undefined {
  const text = line.trim().replace(/;$/, '').trim();
  const [word = '', ...rest] = text.split(/\s+/);
  const lower = /^[a-z]+$/i.test(word) ? word.toLowerCase() : word;
  const found = commands.find((c) => c.names.includes(lower));
  if (found !== undefined) {
    // help and quit are words of SQL too, unless they stand alone.
    if (/^[a-z]/.test(lower) && rest.length > 0) return undefined;
    return found.run(rest.join(' '));
  }
  if (!/^(\\|\.[a-z])/.test(text)) return undefined;
  throw new UserError('CLI1001', { message: `there is no command ${word}`, hint: '\\? lists them.' });
}

function help(): string {
  const left = commands.map((c) => `  ${c.names.join(', ')}${c.takes === undefined ? '' : ` ${c.takes}`}`);
  const width = Math.max(...left.map((l) => l.length));
  return [
    `Statements of Flink SQL, each ended by ";": CREATE TABLE, CREATE VIEW, SELECT, INSERT INTO, EXPLAIN, SHOW TABLES,`,
    `DESCRIBE t, SET 'key' = 'value'. \\g FILE instead of ";" writes the result to a file.`,
    ...left.map((l, i) => `${l.padEnd(width)}  ${commands[i]!.about}`),
    'TAB completes, the arrow up and Ctrl-R bring earlier statements back; Ctrl-C ends a query.',
  ].join('\n');
}

function functions(part: string): Execution {
  const rows = callables()
    .filter((f) => f.name.includes(part.toUpperCase()))
    .flatMap((f) => f.takes.map((form) => [f.name, form, f.doc]));
  return {
    kind: 'table',
    fields: ['function', 'takes', 'about'].map((column) => ({ name: column, type: types.STRING })),
    rows,
  };
}
