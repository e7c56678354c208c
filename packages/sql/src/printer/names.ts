/* Names, strings and options as canonical text: every name in backticks, so that Flink takes it whatever it
 * is. */

import type { Identifier } from '../ast/names.ts';
import type { Hint } from '../ast/queries.ts';
import type { OptionEntry } from '../ast/statements.ts';

export function printName(name: Identifier): string {
  return name.file === true ? printString(name.text) : quoteName(name.text);
}

export function quoteName(text: string): string {
  return `\`${text.replaceAll('`', '``')}\``;
}

export function printPath(path: readonly Identifier[]): string {
  return path.map(printName).join('.');
}

/** (`a`, `b`). */
export function printNames(names: readonly Identifier[]): string {
  return `(${names.map(printName).join(', ')})`;
}

export function printString(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** ` COMMENT '…'`, or nothing. */
export function printComment(comment: string | undefined): string {
  return comment === undefined ? '' : ` COMMENT ${printString(comment)}`;
}

/** ` WITH (…)` with an option a line, or nothing. */
export function printWith(options: readonly OptionEntry[]): string {
  return options.length === 0 ? '' : ` WITH (\n  ${options.map(printOption).join(',\n  ')}\n)`;
}

export function printOption(option: OptionEntry): string {
  return `${printString(option.key)} = ${printString(option.value)}`;
}

/** The hints as the comment that they are, a space before it; or nothing. */
export function printHints(hints: readonly Hint[]): string {
  return hints.length === 0 ? '' : ` /*+ ${hints.map(printHint).join(', ')} */`;
}

function printHint(hint: Hint): string {
  return hint.pairs.length === 0 ? hint.name : `${hint.name}(${hint.pairs.map(printPair).join(', ')})`;
}

function printPair({ key, value }: Hint['pairs'][number]): string {
  if (value !== undefined) return `${printString(key)} = ${printString(value)}`;
  return /^[A-Za-z_]\w*$/.test(key) ? quoteName(key) : printString(key);
}
