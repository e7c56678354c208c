/* LOWER, UPPER, SUBSTRING, LEFT and RIGHT compiled: on the bytes of a text, which is not decoded. */

import {
  anyNull,
  madeText,
  type CallCompiler,
  type Code,
  type Register,
  type Slice,
} from '../compile/code.ts';

/** The text in other letters, made for the row. */
export const compileCase =
  (helper: 'lowerText' | 'upperText'): CallCompiler =>
  (code, call) => {
    const text = code.expr(call.args[0]!);
    if (text.slice === undefined) return undefined;
    const { data, start, length } = text.slice;
    code.makesText = true;
    const at = code.keep(guarded(text.isNull, '0', `${helper}(${data}, ${start}, ${length})`));
    const size = code.keep(guarded(text.isNull, '0', 'textLength()'));
    return {
      type: call.type,
      value: '',
      nanos: '0',
      isNull: text.isNull,
      slice: { data: 'textBytes()', start: at, length: size, column: madeText, part: at },
    };
  };

const guarded = (isNull: string, otherwise: string, value: string): string =>
  isNull === 'false' ? value : `${isNull} ? ${otherwise} : ${value}`;

/** A part of the text's own bytes. */
function part(
  code: Code,
  type: Register['type'],
  of: Slice,
  isNull: string,
  start: string,
  length: string,
): Register {
  const at = code.keep(guarded(isNull, '0', start));
  const size = code.keep(guarded(isNull, '0', length.replaceAll('$at', at)));
  return { type, value: '', nanos: '0', isNull, slice: { ...of, start: at, length: size, part: at } };
}

export const compileSubstring: CallCompiler = (code, call) => {
  const text = code.expr(call.args[0]!);
  if (text.slice === undefined) return undefined;
  const position = code.expr(call.args[1]!);
  const length = call.args[2] && code.expr(call.args[2]);
  const { data, start, length: bytes } = text.slice;
  const end = `${start} + ${bytes}`;
  const negative = length === undefined || isNatural(length) ? 'false' : `(${length.value} < 0)`;
  const isNull = anyNull(text.isNull, position.isNull, length?.isNull ?? 'false', negative);
  if (isNull === 'true') return code.literal(null, call.type);
  const from = `partStart(${data}, ${start}, ${bytes}, ${position.value})`;
  const size = length === undefined ? `${end} - $at` : `partLength(${data}, $at, ${end}, ${length.value})`;
  return part(code, call.type, text.slice, isNull, from, size);
};

export const compileLeft: CallCompiler = (code, call) => {
  const text = code.expr(call.args[0]!);
  if (text.slice === undefined) return undefined;
  const count = code.expr(call.args[1]!);
  const { data, start, length } = text.slice;
  const isNull = anyNull(text.isNull, count.isNull);
  if (isNull === 'true') return code.literal(null, call.type);
  const size = `partLength(${data}, $at, ${start} + ${length}, ${count.value})`;
  return part(code, call.type, text.slice, isNull, start, size);
};

export const compileRight: CallCompiler = (code, call) => {
  const text = code.expr(call.args[0]!);
  if (text.slice === undefined) return undefined;
  const count = code.expr(call.args[1]!);
  const { data, start, length } = text.slice;
  const isNull = anyNull(text.isNull, count.isNull);
  if (isNull === 'true') return code.literal(null, call.type);
  const from = `lastStart(${data}, ${start}, ${length}, ${count.value})`;
  return part(code, call.type, text.slice, isNull, from, `${start} + ${length} - $at`);
};

const isNatural = ({ constant }: Register): boolean => typeof constant === 'number' && constant >= 0;
