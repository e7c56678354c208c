/* What TAB offers, by where the cursor stands.
 *
 *   WITH ('conn|          options of the connector, and 'connector' itself
 *   WITH ('connector' = 'ka|    connectors; values of an option that has a list of them
 *   SET 'table.|          settings, and their values
 *   \d|  .ta|             commands of the shell
 *   FROM cl|              tables and views
 *   SUBSTR|  SUBSTRING(|  functions; behind the parenthesis their arguments
 *   anything else         columns of the tables named in the statement, functions, keywords */

import type { OptionSchema } from '#catalog';
import type { Executor } from '#engine';
import { settingSpecs } from '#plan';
import { keywords } from '#sql';
import { callables } from './functions.ts';
import { metaNames } from './meta.ts';

export interface Completion {
  readonly candidates: readonly string[];
  /** The part of the line that a candidate replaces. */
  readonly word: string;
  /** To be shown instead: what a function takes. */
  readonly note?: string;
}

/** `before`: the earlier lines of the statement; `line`: this one up to the cursor. */
export function complete(before: string, line: string, executor: Executor): Completion {
  const text = before + line;
  if (before === '' && /^\s*[\\.]\S*$/.test(line)) {
    const word = line.trim();
    return { candidates: metaNames.filter((n) => n.startsWith(word)), word };
  }
  const quoted = insideString(text);
  if (quoted !== undefined) return inString(text.slice(0, text.length - quoted.length - 1), quoted, executor);
  const call = /([A-Za-z_][\w$]*)\(\s*$/.exec(text)?.[1];
  if (call !== undefined) {
    const name = call.toUpperCase();
    const takes = callables().flatMap((f) => (f.name === name ? f.takes : []));
    if (takes.length > 0) return { candidates: [], word: '', note: takes.join('\n') };
  }
  const word = /[\w$`]*$/.exec(line)?.[0] ?? '';
  if (word === '' && !/\b(FROM|JOIN|INTO|TABLE|VIEW|DESCRIBE|DESC)\s+$/i.test(text))
    return { candidates: [], word };
  return { candidates: names(text, word, executor), word };
}

/** The string that is open at the end of the text. */
function insideString(text: string): string | undefined {
  let at = -1;
  for (const match of text.matchAll(/'|--[^\n]*|`[^`]*`|\/\*[\s\S]*?\*\//g)) {
    if (match[0] !== "'") continue;
    at = at < 0 ? match.index : -1;
  }
  return at < 0 ? undefined : text.slice(at + 1);
}

function inString(head: string, word: string, executor: Executor): Completion {
  const starting = (all: readonly string[]): Completion => ({
    candidates: all.filter((k) => k.toLowerCase().startsWith(word.toLowerCase())).map((k) => `${k}'`),
    word,
  });
  const key = /'([^']*)'\s*=\s*$/.exec(head)?.[1];
  if (/^\s*(?:RE)?SET\s+('[^']*'\s*=\s*)?$/i.test(head)) {
    if (key === undefined) return starting(settingSpecs.map((s) => s.key));
    return starting(booleans(settingSpecs.find((s) => s.key === key)?.check) ?? []);
  }
  const options = /\bWITH\s*\(([^)]*)$/i.exec(head)?.[1];
  if (options === undefined) return { candidates: [], word };
  const connector = /'connector'\s*=\s*'([^']*)'/.exec(options)?.[1];
  if (key === 'connector') return starting([...executor.session.connectors.keys()].filter(isPublic));
  const schema = schemaOf(connector, options, executor);
  if (key !== undefined) return starting(schema?.specs.find((s) => s.key === key)?.values ?? []);
  const given = new Set([...options.matchAll(/'([^']*)'\s*=/g)].map((m) => m[1]!));
  const keys = [
    ...(schema?.specs.map((s) => s.key) ?? []),
    ...(connector === undefined ? ['connector'] : []),
  ];
  return starting([...new Set([...keys, ...(schema?.prefixes ?? [])])].filter((k) => !given.has(k)));
}
const isPublic = (name: string): boolean => /^[a-z]/.test(name) && !name.startsWith('program-');

/** 'true' and 'false', where the check takes both. */
function booleans(check: ((value: string) => string | undefined) | undefined): string[] | undefined {
  if (check === undefined) return undefined;
  const values = check('\u0000')?.startsWith('one of ') === true ? check('\u0000')!.slice(7).split(', ') : [];
  return values;
}

function schemaOf(
  connector: string | undefined,
  options: string,
  executor: Executor,
): OptionSchema | undefined {
  const descriptor = connector === undefined ? undefined : executor.session.connectors.get(connector);
  if (descriptor === undefined) return undefined;
  const given = [...options.matchAll(/'([^']*)'\s*=\s*'([^']*)'/g)].map(([, key, value]) => ({
    key: key!,
    value: value!,
  }));
  try {
    return descriptor.options({
      path: { catalog: '', database: '', object: '' },
      physical: [],
      primaryKey: [],
      partitionedBy: [],
      options: given,
    });
  } catch {
    return undefined;
  }
}

function names(text: string, word: string, executor: Executor): string[] {
  const objects = executor.session.list();
  const objectNames = objects.map((o) => o.path.object);
  const wanted = (all: readonly string[]): string[] =>
    [...new Set(all)].filter((n) => n.toLowerCase().startsWith(word.toLowerCase())).sort();
  if (/\b(FROM|JOIN|INTO|DESCRIBE|DESC|DROP\s+TABLE|DROP\s+VIEW|TABLE)\s+[\w$`]*$/i.test(text)) {
    const found = wanted(objectNames);
    if (found.length > 0 || word === '') return found;
  }
  const named = objects.filter((o) => new RegExp(`\\b${escaped(o.path.object)}\\b`, 'i').test(text));
  const tables = named.length > 0 ? named : objects;
  const columns = tables.flatMap((o) => (o.kind === 'table' ? o.columns.map((c) => c.name) : o.columns));
  const upper = word === word.toUpperCase();
  const cased = (name: string): string => (upper ? name.toUpperCase() : name.toLowerCase());
  const functions = callables().map((f) => cased(f.name));
  // What is called stands with its parenthesis alone.
  const words = keywords.map(cased).filter((k) => !functions.includes(k) || isClause(k));
  return wanted([...objectNames, ...columns, ...functions.map((f) => `${f}(`), ...words]);
}
/** Words that stand without a parenthesis too. */
const clauses = new Set(
  'AND ARRAY BETWEEN CASE HOUR IF IN JSON LEFT LIKE MAP MINUTE MONTH NOT OR QUARTER REPLACE RIGHT ROW SECOND WEEK YEAR'.split(
    ' ',
  ),
);
const isClause = (word: string): boolean =>
  clauses.has(word.toUpperCase()) || /^(current_|local)/i.test(word);
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
