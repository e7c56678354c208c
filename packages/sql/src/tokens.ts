/* The tokens of Flink SQL. A token is also the span of text it came from. */

import type { Span } from '#base';

export type TokenKind =
  | 'word' // a keyword or a plain identifier: the grammar decides which
  | 'quoted' // `a b`
  | 'number'
  | 'string' // 'it''s', also N'…'
  | 'unicode-string' // U&'\00e9': the parser resolves the escapes, for UESCAPE may follow
  | 'binary' // X'0A'
  | 'double-quoted' // "a": never right in Flink SQL, kept for a good message
  | 'operator'
  | 'unterminated' // a string, name, comment or hint that the text ends in
  | 'unknown' // a character that begins no token
  | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** The word as written, the name or string meant, the number's or operator's characters, the hex digits. */
  readonly text: string;
  /** What the grammar compares: a word in upper case, an operator as it is, '' for everything else. */
  readonly symbol: string;
}
