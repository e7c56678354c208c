/* Flink's errors in our form: the innermost reason of the chain of causes, without stack traces. What Flink refuses when it
 * reads, validates or computes is the user's; all else lies outside. */

import { ExternalError, UserError, type MillraceError, type Span } from '#base';

/** Simple names of the exceptions that the user can mend in the file or in the data. */
const usersMistakes = new Set([
  'ArithmeticException',
  'CalciteContextException',
  'DateTimeException',
  'DateTimeParseException',
  'NumberFormatException',
  'SqlParseException',
  'SqlParserEOFException',
  'SqlParserException',
  'SqlValidatorException',
  'TableException',
  'TableRuntimeException',
  'ValidationException',
]);
const messageMax = 400;

/** `text`: the errors of an answer, or a job's exception, stack traces and all. */
export function flinkError(text: string, at: Span | undefined): MillraceError {
  const causes = causesOf(text);
  const innermost = causes.findLast((c) => c.message !== '') ?? {
    name: '',
    message: text.split('\n', 1)[0] ?? '',
  };
  const message = `Flink: ${reason(innermost.message)}`;
  return causes.some((c) => usersMistakes.has(c.name))
    ? new UserError('FLK2001', { at, message })
    : new ExternalError('FLK3002', { at, message, retryable: false });
}

/** Simple name and message of each exception of a Java stack trace, the innermost last. */
function causesOf(text: string): { readonly name: string; readonly message: string }[] {
  const told = text
    .split('\n')
    .filter((line) => !/^\s+(?:at |\.\.\. )|^<Exception on server|^End of exception/.test(line))
    .join('\n');
  return `\n${told}`.split('\nCaused by: ').flatMap((cause) => {
    const match = /^\s*(?:[\w$]+\.)+([\w$]*(?:Exception|Error))(?:: ([\s\S]*))?$/.exec(cause.trim());
    return match ? [{ name: match[1] ?? '', message: (match[2] ?? '').trim() }] : [];
  });
}

function reason(message: string): string {
  const line = message
    .replace(/Table options are:[\s\S]*/, '')
    // Places are those of the rendered text, which the user has not written.
    .replace(/\b(?:From|At) line \d+, column \d+(?: to line \d+, column \d+)?: /, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > messageMax ? `${line.slice(0, messageMax)}…` : line;
}
