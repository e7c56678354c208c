/* SPLIT_INDEX compiled: pieces are parts of the text's own bytes, and several pieces of one text share what was scanned. */

import { anyNull, type CallCompiler, type Register } from '../compile/code.ts';
import type { Expr } from '../expression.ts';

/** The byte of a separator that is one ASCII character, told when the call is compiled. */
function separatorByte(separator: Expr): number | undefined {
  if (separator.kind !== 'literal') return undefined;
  const { value } = separator;
  const code =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value.length === 1
        ? value.charCodeAt(0)
        : -1;
  return code > 0 && code < 128 ? code : undefined;
}

/** SPLIT_INDEX by one ASCII character: the piece is a part of the text's own bytes. */
export const compileSplitIndex: CallCompiler = (code, call) => {
  const byte = separatorByte(call.args[1]!);
  const text = code.expr(call.args[0]!);
  if (byte === undefined || text.slice === undefined) return undefined;
  const index = code.expr(call.args[2]!);
  const { data, start, length, column } = text.slice;
  const end = `${start} + ${length}`;
  const piece = (n: number): string => `piece ${column} ${text.slice!.part} ${byte} ${n}`;
  const at = code.keep(pieceAt());
  const size = code.keep(`${at} < 0 ? 0 : pieceLength(${data}, ${at}, ${end}, ${byte})`);
  const register: Register = {
    type: call.type,
    value: '',
    nanos: '0',
    isNull: `(${at} < 0)`,
    slice: { data, start: at, length: size, column, part: at },
  };
  if (typeof index.constant === 'number') code.remember(piece(index.constant), register);
  return register;

  /** Behind an earlier piece of the same text where one is known, else from the text's start. */
  function pieceAt(): string {
    for (let n = Number(index.constant ?? 0) - 1; n >= 0; n--) {
      const before = code.recall(piece(n))?.slice;
      if (before === undefined) continue;
      const from = `${before.start} + ${before.length}`;
      return `${before.start} < 0 ? -1 : pieceStart(${data}, ${from}, ${end} - ${from.replace(' + ', ' - ')}, ${byte}, ${Number(index.constant) - n})`;
    }
    const given = anyNull(text.isNull, index.isNull);
    const find = `pieceStart(${data}, ${start}, ${length}, ${byte}, ${index.value})`;
    return given === 'false' ? find : `${given} ? -1 : ${find}`;
  }
};
