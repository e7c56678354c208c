/* Finds where a statement ends without parsing it: for the shell, which reads line by line, and for test
 * files. */

import { Lexer } from './lexer.ts';

/** The end of the statement that starts at `from`: the offset just behind its semicolon. A semicolon within
 *  BEGIN … END of a statement set does not end it. Undefined while it is incomplete. Never throws. */
export function splitStatement(text: string, from: number): { end: number } | undefined {
  const lexer = new Lexer(text, from);
  let inSet = false;
  let cases = 0;
  let count = 0;
  let beforeLast = '';
  let last = '';
  for (;;) {
    const token = lexer.next();
    const { symbol } = token;
    if (token.kind === 'end' || token.kind === 'unterminated') return undefined;
    if (symbol === ';') {
      if (!inSet) return { end: token.end };
      cases = 0;
    } else if (last !== '.') {
      // A set opens with `STATEMENT SET BEGIN`, or with `BEGIN STATEMENT` as the statement's first words.
      if (symbol === 'BEGIN') inSet ||= beforeLast === 'STATEMENT' && last === 'SET';
      else if (symbol === 'STATEMENT') inSet ||= last === 'BEGIN' && count === 1;
      else if (symbol === 'CASE') cases++;
      else if (symbol === 'END' && cases > 0) cases--;
      else if (symbol === 'END') inSet = false;
    }
    count++;
    beforeLast = last;
    last = symbol;
  }
}
