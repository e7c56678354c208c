/* java.util.Formatter for PRINTF: %d %x %o %s %c %b %h %f %e %g %t… %n %%, with argument indexes, flags, width and
 * precision. What Java refuses gives null, as in Flink. */

import { wellFormed } from '#base';
import { abs, decimalText, parseDecimal, rescale } from './decimal.ts';
import { printTime } from './printf-time.ts';

/** An argument as Java has it: integers by their width, and all else that only %s, %b and %h take. */
export type PrintArgument =
  | { readonly kind: 'integer'; readonly bits: 8 | 16 | 32 | 64; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'other'; readonly text: string; readonly hash?: number }
  | null;

interface Directive {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  /** In small letters; the text is in capitals where the directive's letter is one. */
  readonly letter: string;
  /** The letter behind %t. */
  readonly time: string | undefined;
}

const directive = /%(\d+\$)?([-#+ 0,(<]*)(\d+)?(\.\d+)?([tT])?([a-zA-Z%])/y;

/** Thrown inside for what Java refuses. */
class Refused extends Error {}
const refuse = (): never => {
  throw new Refused();
};

export function printf(format: string, args: readonly PrintArgument[]): string | null {
  try {
    return wellFormed(formatted(format, args));
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

function formatted(format: string, args: readonly PrintArgument[]): string {
  let text = '';
  let next = 0;
  let last = -1;
  for (let at = 0; at < format.length; ) {
    if (format[at] !== '%') {
      text += format[at++];
      continue;
    }
    directive.lastIndex = at;
    const match = directive.exec(format) ?? refuse();
    at = directive.lastIndex;
    const [, index, flags, width, precision, time, letter] = match as unknown as string[];
    const upper = /[A-Z]/.test(time ?? letter!);
    const asked: Directive = {
      flags: flags!,
      width: width === undefined ? undefined : Number(width),
      precision: precision === undefined ? undefined : Number(precision.slice(1)),
      letter: time === undefined ? letter!.toLowerCase() : 't',
      time: time === undefined ? undefined : letter,
    };
    if (time === undefined && upper && !'BHSCXEGA'.includes(letter!)) refuse();
    if (new Set(flags).size < flags!.length) refuse();
    if (asked.letter === '%' || asked.letter === 'n') {
      text += plainDirective(asked);
      continue;
    }
    const place = flags!.includes('<') ? last : index === undefined ? next++ : Number.parseInt(index, 10) - 1;
    if (place < 0 || place >= args.length) refuse();
    last = place;
    const shown = print(args[place]!, asked);
    text += upper ? shown.toUpperCase() : shown;
  }
  return text;
}

function plainDirective({ letter, flags, width, precision }: Directive): string {
  if (precision !== undefined) refuse();
  if (letter === 'n') return flags === '' && width === undefined ? '\n' : refuse();
  if (flags.replace('-', '') !== '' || (flags === '-' && width === undefined)) refuse();
  return spaced('%', flags, width);
}

const spaced = (text: string, flags: string, width = 0): string =>
  flags.includes('-') ? text.padEnd(width) : text.padStart(width);
const cut = (text: string, { flags, width, precision }: Directive): string =>
  spaced(precision === undefined ? text : text.slice(0, precision), flags, width);

function print(arg: PrintArgument, asked: Directive): string {
  const { flags, width, letter } = asked;
  const given = flags.replace('<', '');
  const allow = (allowed: string): void => {
    if ([...given].some((f) => !allowed.includes(f))) refuse();
    if (width === undefined && /[-0]/.test(given)) refuse();
  };
  switch (letter) {
    case 's':
    case 'b':
    case 'h':
      allow('-');
      return cut(letter === 's' ? shown(arg) : letter === 'b' ? truth(arg) : hashed(arg), asked);
    case 'c':
      allow('-');
      if (asked.precision !== undefined) refuse();
      return spaced(arg === null ? 'null' : character(arg), flags, width);
    case 'd':
      allow('-+ 0,(');
      return integer(arg, asked, decimalDigits);
    case 'x':
    case 'o':
      allow('-#0');
      return integer(arg, asked, letter === 'x' ? hexDigits : octalDigits);
    case 'e':
      allow('-#+ 0(');
      return float(arg, asked, (value) => scientific(value, asked.precision ?? 6));
    case 'f':
      allow('-#+ 0,(');
      return float(arg, asked, (value) => fixed(value, asked.precision ?? 6));
    case 'g':
      if (flags.includes('#')) refuse();
      allow('-+ 0,(');
      return float(arg, asked, (value) => general(value, asked.precision ?? 6));
    case 't':
      allow('-');
      if (asked.precision !== undefined) refuse();
      return spaced(arg === null ? 'null' : (timeText(arg, asked.time!) ?? refuse()), flags, width);
    default:
      return refuse();
  }
}

const shown = (arg: PrintArgument): string =>
  arg === null ? 'null' : arg.kind === 'integer' || arg.kind === 'boolean' ? String(arg.value) : arg.text;
const truth = (arg: PrintArgument): string =>
  arg === null ? 'false' : arg.kind === 'boolean' ? String(arg.value) : 'true';
function hashed(arg: PrintArgument): string {
  if (arg === null) return 'null';
  const hash =
    arg.kind === 'integer'
      ? Number(BigInt.asIntN(32, arg.bits === 64 ? arg.value ^ (arg.value >> 32n) : arg.value))
      : arg.kind === 'boolean'
        ? arg.value
          ? 1231
          : 1237
        : arg.kind === 'other'
          ? (arg.hash ?? refuse())
          : refuse();
  return (hash >>> 0).toString(16);
}
function character(arg: NonNullable<PrintArgument>): string {
  if (arg.kind !== 'integer' || arg.bits === 64 || arg.value < 0n || arg.value > 0x10ffffn) return refuse();
  return String.fromCodePoint(Number(arg.value));
}
const timeText = (arg: NonNullable<PrintArgument>, letter: string): string | undefined =>
  arg.kind === 'integer' && arg.bits === 64 ? printTime(Number(arg.value), letter) : undefined;

const decimalDigits = (value: bigint): string => value.toString();
const hexDigits = (value: bigint, bits: number): string => BigInt.asUintN(bits, value).toString(16);
const octalDigits = (value: bigint, bits: number): string => BigInt.asUintN(bits, value).toString(8);

function integer(
  arg: PrintArgument,
  { flags, width, precision, letter }: Directive,
  digits: (value: bigint, bits: number) => string,
): string {
  if (precision !== undefined) refuse();
  checkSigns(flags);
  if (arg === null) return spaced('null', flags, width);
  if (arg.kind !== 'integer') return refuse();
  if (letter === 'd') return signed(digits(abs(arg.value), 64), arg.value < 0n, flags, width);
  const text = `${flags.includes('#') ? (letter === 'x' ? '0x' : '0') : ''}`;
  const body = digits(arg.value, arg.bits);
  return flags.includes('0')
    ? text + body.padStart((width ?? 0) - text.length, '0')
    : spaced(text + body, flags, width);
}

function float(
  arg: PrintArgument,
  { flags, width, precision }: Directive,
  digits: (value: number) => string,
): string {
  checkSigns(flags);
  if (arg === null)
    return spaced(precision === undefined ? 'null' : 'null'.slice(0, precision), flags, width);
  if (arg.kind !== 'float') return refuse();
  const { value } = arg;
  if (Number.isNaN(value)) return spaced('NaN', flags, width);
  const negative = value < 0 || Object.is(value, -0);
  if (!Number.isFinite(value))
    return spaced(signed('Infinity', negative, flags.replace(/[0,]/g, ''), 0), flags, width);
  const text = digits(Math.abs(value));
  return signed(flags.includes('#') && !text.includes('.') ? `${text}.` : text, negative, flags, width);
}
function checkSigns(flags: string): void {
  if (flags.includes('+') && flags.includes(' ')) refuse();
  if (flags.includes('-') && flags.includes('0')) refuse();
}

/** The digits with their sign, in groups and padded as the flags say. */
function signed(digits: string, negative: boolean, flags: string, width = 0): string {
  const [whole, ...rest] = digits.split(/(?=[.eE])/);
  const grouped = flags.includes(',') ? whole!.replace(/\B(?=(\d{3})+$)/g, ',') : whole!;
  const body = grouped + rest.join('');
  const round = negative && flags.includes('(');
  const sign = negative ? (round ? '(' : '-') : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const end = round ? ')' : '';
  if (!flags.includes('0')) return spaced(sign + body + end, flags, width);
  return sign + body.padStart(width - sign.length - end.length, '0') + end;
}

/** Rounded half up from the shortest digits of the number. */
function fixed(value: number, digits: number): string {
  const decimal = parseDecimal(String(value));
  if (decimal === undefined) return refuse();
  const exact = decimal.scale < 0 ? rescale(decimal.value, 0, -decimal.scale) : decimal.value;
  return decimalText(rescale(exact, Math.max(0, decimal.scale), digits), digits);
}
function scientific(value: number, digits: number): string {
  // Java has two digits at least, and of the least number the second too.
  const shortest = value === Number.MIN_VALUE ? '4.9e-324' : value.toExponential();
  const [mantissa, power] = shortest.split('e') as [string, string];
  let [text, exponent] = [fixed(Number(mantissa), digits), Number(power)];
  if (text.startsWith('10')) [text, exponent] = [fixed(1, digits), exponent + 1];
  return `${text}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
function general(value: number, asked: number): string {
  const precision = asked === 0 ? 1 : asked;
  if (value === 0) return fixed(0, precision - 1);
  const [, power] = scientific(value, precision - 1).split('e') as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= precision) return scientific(value, precision - 1);
  return fixed(value, Math.max(0, precision - exponent - 1));
}
