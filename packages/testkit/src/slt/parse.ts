/* Test files: statements where they start, directives with their blocks (INTERFACES, "Test files"). */

import { UserError } from '#base';
import { splitStatement } from '#sql';

export type Item =
  | {
      readonly kind: 'statement';
      readonly text: string;
      readonly line: number;
      readonly name: string | undefined;
      readonly error: string | undefined;
      /** Where it stands, when that is another file. */
      readonly origin?: string;
      /** Its tables become 'test' tables. */
      readonly swap?: boolean;
    }
  | Directive;
export interface Directive {
  readonly kind: 'directive';
  readonly word: string;
  /** What stands behind the word, unquoted. */
  readonly args: string;
  /** Lines of the block, without their indent. */
  readonly block: readonly { readonly text: string; readonly line: number }[];
  readonly line: number;
  /** Lines of the block in the file: from, to (exclusive), 0-based; for --update. */
  readonly blockFrom: number;
  readonly blockTo: number;
  /** Set by an `error` directive in front: this one must fail so. */
  readonly error: string | undefined;
}

const words = new Set([
  'push',
  'watermark',
  'clock',
  'end',
  'changes',
  'rows',
  'late',
  'plan',
  'error',
  'checkpoint',
  'crash',
  'savepoint',
  'restore',
  'mode',
  'include',
]);

/** Throws SLT1001 with the line. */
export function parseTestFile(given: string): Item[] {
  // A byte order mark is no text.
  const text = given.replace(/^\uFEFF/, '');
  const lines = text.split('\n');
  const starts: number[] = [];
  lines.reduce((at, line) => {
    starts.push(at);
    return at + line.length + 1;
  }, 0);
  const items: Item[] = [];
  let name: string | undefined;
  let error: string | undefined;
  for (let i = 0; i < lines.length; ) {
    const line = lines[i]!;
    if (line.trim() === '') {
      i++;
      continue;
    }
    if (line.startsWith('#')) {
      const named = /^#\s*name:\s*(\S+)\s*$/.exec(line);
      if (named) name = named[1];
      i++;
      continue;
    }
    if (/^\s/.test(line)) throw problem(i, 'an indented line belongs to no directive');
    const word = /^[a-z]+(?=\s|$)/.exec(line)?.[0];
    if (word !== undefined && words.has(word)) {
      const from = i + 1;
      let to = from;
      while (to < lines.length && /^\s+\S/.test(lines[to]!)) to++;
      const args = line.slice(word.length).trim();
      if (word === 'error') error = args;
      else {
        const block = lines
          .slice(from, to)
          .map((l, k) => ({ text: l.trim(), line: from + k + 1 }))
          .filter((l) => !l.text.startsWith('# '));
        items.push({
          kind: 'directive',
          word,
          args,
          block,
          line: i + 1,
          blockFrom: from,
          blockTo: to,
          error,
        });
        error = undefined;
      }
      i = to;
      continue;
    }
    const end = splitStatement(text, starts[i]!);
    if (end === undefined) throw problem(i, 'the statement that starts here has no ; at its end');
    items.push({
      kind: 'statement',
      text: text.slice(starts[i], end.end).replace(/;\s*$/, ''),
      line: i + 1,
      name,
      error,
    });
    name = undefined;
    error = undefined;
    while (i < lines.length && starts[i]! < end.end) i++;
  }
  return items;
}

function problem(index: number, message: string): UserError {
  return new UserError('SLT1001', { message, at: { start: 0, end: 0, line: index + 1, column: 1 } });
}
