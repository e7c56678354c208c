/* Where the command writes: text or JSON lines, colour only on a terminal. */

import pc from 'picocolors';
import { renderError, toMillraceError, type MillraceError } from '#base';

export const isTerminal = (): boolean => process.stdout.isTTY === true;
/** How much fits on it. A terminal that does not say is taken for the least there is. */
export const screen = (): { readonly rows: number; readonly columns: number } => ({
  rows: process.stdout.rows || 24,
  columns: process.stdout.columns || 80,
});
const colors = pc.createColors(isTerminal());
export const dim = colors.dim;
export const bold = colors.bold;
export const red = pc.createColors(process.stderr.isTTY === true).red;

export function out(text: string): void {
  process.stdout.write(`${text}\n`);
}
export function err(text: string): void {
  process.stderr.write(`${text}\n`);
}
export function warn(message: string): void {
  err(`warning: ${message}`);
}

/** Exit codes: 1 a bug of ours, 2 the user's mistake, 3 something outside. */
export function exitCode(error: MillraceError): number {
  return { bug: 1, user: 2, external: 3 }[error.class];
}

export interface ErrorJson {
  readonly class: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}
export function errorJson(error: MillraceError, file?: string): ErrorJson {
  return {
    class: error.class,
    code: error.code,
    message: error.message,
    hint: error.hint ?? null,
    file: file ?? null,
    line: error.at?.line ?? null,
    column: error.at?.column ?? null,
  };
}

/** Tells an error on standard error, as text or as one object, and returns the exit code. */
export function report(
  thrown: unknown,
  options: {
    readonly json: boolean;
    readonly source?: { readonly text: string; readonly name?: string } | undefined;
  },
): number {
  const error = toMillraceError(thrown);
  if (options.json) err(JSON.stringify({ error: errorJson(error, options.source?.name) }));
  else {
    err(red(renderError(error, options.source)));
    if (error.class === 'bug' && error.cause instanceof Error) err(error.cause.stack ?? '');
  }
  return exitCode(error);
}
