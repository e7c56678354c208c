/* Where the command writes: text or JSON lines, colour only on a terminal that wants it.
 *
 *   out ──▶ standard output ──▶ a slow reader: `taken` waits for it ─── a reader that went away: nothing more is written,
 *                                                                      and whoever asked with `onReaderGone` is called
 */

import pc from 'picocolors';
import { ExternalError, renderError, toMillraceError, type MillraceError } from '#base';

export const isTerminal = (): boolean => process.stdout.isTTY === true;
/** How much fits on it. A terminal that does not say is taken for the least there is. */
export const screen = (): { readonly rows: number; readonly columns: number } => ({
  rows: process.stdout.rows || 24,
  columns: process.stdout.columns || 80,
});
/** https://no-color.org: any value but the empty one. */
const colorWanted = !process.env['NO_COLOR'] && !process.argv.includes('--no-color');
const colors = pc.createColors(colorWanted && isTerminal());
export const dim = colors.dim;
export const bold = colors.bold;
export const cyan = colors.cyan;
export const green = colors.green;
export const magenta = colors.magenta;
export const red = pc.createColors(colorWanted && process.stderr.isTTY === true).red;
export const isColored = (): boolean => colorWanted && isTerminal();

let gone = false;
let failure: ExternalError | undefined;
const goneListeners = new Set<() => void>();

/** Called once, before anything is written. */
export function watchOutput(): void {
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    // The reader closed its end, or the terminal was closed; anything else, as a full disk, is told.
    if (!['EPIPE', 'EIO', 'ECONNRESET'].includes(cause.code ?? ''))
      failure = new ExternalError('CLI3002', {
        message: `standard output cannot be written: ${cause.message}`,
        cause,
      });
    gone = true;
    for (const listener of goneListeners) listener();
  });
  process.stderr.on('error', () => {});
}
/** Nobody reads standard output any more. */
export const readerGone = (): boolean => gone;
/** What made standard output unwritable, unless its reader just went away. */
export const outputFailure = (): ExternalError | undefined => failure;
/** Calls `listener` when the reader of standard output goes away; returns what takes that back. */
export function onReaderGone(listener: () => void): () => void {
  goneListeners.add(listener);
  return () => goneListeners.delete(listener);
}

/** Writes without a line end. */
export function write(text: string): void {
  if (!gone && text !== '') process.stdout.write(text);
}
export function out(text: string): void {
  write(`${text}\n`);
}
/** Resolves when the reader has taken what was written, but for what a pipe holds; at once when it is gone. */
export async function taken(): Promise<void> {
  if (gone || !process.stdout.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      process.stdout.off('drain', done);
      goneListeners.delete(done);
      resolve();
    };
    process.stdout.on('drain', done);
    goneListeners.add(done);
  });
}
/** For connectors that print: a promise while the reader lags behind. */
export function print(line: string): Promise<void> | undefined {
  out(line);
  return process.stdout.writableNeedDrain && !gone ? taken() : undefined;
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
    // The stack of a bug is for us; that of a function of the program, for its author.
    const own = error.class === 'bug' || /^LIB2/.test(error.code);
    if (own && error.cause instanceof Error) err(error.cause.stack ?? '');
  }
  return exitCode(error);
}
