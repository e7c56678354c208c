/* Numbers as Java reads and writes them, exactly: integers and decimals come from their digits, never from
 * a double. */

import type { DecimalType } from '#data';

/** A decimal number: digits × 10^-scale. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

const integerText = /^[+-]?\d+$/;
const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
/** Digits of a decimal beyond which it is refused (Jackson's bound). */
const digitsMax = 1000;
/** Java's exponents are ints. */
const exponentMax = 2147483647;

/** A whole number in [min, max], as Java's parseLong reads it; undefined when it is none. */
export function parseInteger(text: string, min: bigint, max: bigint): bigint | undefined {
  if (!integerText.test(text) || text.length > digitsMax) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value < min || value > max ? undefined : value;
}

/** As Java's BigDecimal reads it; undefined when it is no decimal number. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = decimalText.exec(text);
  if (match === null || text.length > digitsMax) return undefined;
  const whole = match[2]!;
  const fraction = match[3] ?? '';
  if (whole === '' && fraction === '') return undefined;
  const exponent = match[4] === undefined ? 0 : Number(match[4]);
  if (Math.abs(exponent) > exponentMax) return undefined;
  const digits = BigInt(whole + fraction);
  return { unscaled: match[1] === '-' ? -digits : digits, scale: fraction.length - exponent };
}

/** The value unscaled to the type's scale, rounded half up; null when it has too many digits, as Flink
 *  does it. */
export function toDecimalType(value: Decimal, type: DecimalType): bigint | null {
  const { unscaled, scale } = value;
  if (unscaled === 0n) return 0n;
  const shift = type.scale - scale;
  const digits = digitCount(unscaled);
  if (digits + shift > type.precision + 1) return null;
  const rounded = shift >= 0 ? unscaled * 10n ** BigInt(shift) : divideHalfUp(unscaled, -shift, digits);
  return digitCount(rounded) > type.precision ? null : rounded;
}

/** unscaled / 10^places, rounded half away from zero. */
function divideHalfUp(unscaled: bigint, places: number, digits: number): bigint {
  if (places > digits) return 0n;
  const divisor = 10n ** BigInt(places);
  const half = divisor / 2n;
  return unscaled < 0n ? -((-unscaled + half) / divisor) : (unscaled + half) / divisor;
}

/** The whole part, cut towards zero; undefined when it has more than `digits` digits. */
export function wholePart(value: Decimal, digits: number): bigint | undefined {
  const { unscaled, scale } = value;
  if (unscaled === 0n) return 0n;
  const length = digitCount(unscaled) - scale;
  if (length <= 0) return 0n;
  if (length > digits) return undefined;
  return scale >= 0 ? unscaled / 10n ** BigInt(scale) : unscaled * 10n ** BigInt(-scale);
}

/** Decimal digits of |value|; 1 for 0. */
export function digitCount(value: bigint): number {
  return (value < 0n ? -value : value).toString().length;
}

const doubleText = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;
const hexDoubleText = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)[fFdD]?$/;

/** As Java's Double.parseDouble; undefined when it is no number. */
export function parseDouble(text: string): number | undefined {
  const trimmed = javaTrim(text);
  if (doubleText.test(trimmed)) return Number(plainDouble(trimmed));
  const hex = hexDoubleText.exec(trimmed);
  if (hex === null || hex[2] + (hex[3] ?? '') === '') return undefined;
  const fraction = hex[3] ?? '';
  const value = Number(BigInt(`0x${hex[2]}${fraction}`)) * 2 ** (Number(hex[4]) - fraction.length * 4);
  return hex[1] === '-' ? -value : value;
}

/** As Java's Float.parseFloat: rounded once, from the decimal digits to 24 bits. */
export function parseFloat32(text: string): number | undefined {
  const double = parseDouble(text);
  if (double === undefined) return undefined;
  const near = Math.fround(double);
  if (near === double || !Number.isFinite(near)) return near;
  const far = neighbour(near, double);
  if ((near + far) / 2 !== double) return near;
  // The double lies halfway between two floats, maybe only because rounding put it there: the digits decide.
  const exact = parseDecimal(plainDouble(javaTrim(text)));
  const order = exact === undefined ? 0 : compareDecimals(exact, exactDecimal(double));
  return order === 0 ? near : order > 0 ? Math.max(near, far) : Math.min(near, far);
}

const plainDouble = (text: string): string => text.replace(/[fFdD]$/, '');

/** Java's String.trim: everything up to U+0020. */
export function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 32) start++;
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

const view = new DataView(new ArrayBuffer(8));

/** The float next to `float` on the side of `towards`. */
function neighbour(float: number, towards: number): number {
  if (float === 0) return towards > 0 ? 2 ** -149 : -(2 ** -149);
  view.setFloat32(0, float);
  view.setInt32(0, view.getInt32(0) + (float > 0 === towards > float ? 1 : -1));
  return view.getFloat32(0);
}

/** A finite double as the decimal number that it is. */
function exactDecimal(double: number): Decimal {
  view.setFloat64(0, Math.abs(double));
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const mantissa = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 1n << 52n);
  const power = (biased === 0 ? 1 : biased) - 1075;
  const magnitude = power >= 0 ? mantissa << BigInt(power) : mantissa * 5n ** BigInt(-power);
  return { unscaled: double < 0 ? -magnitude : magnitude, scale: power >= 0 ? 0 : -power };
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const x = a.unscaled * 10n ** BigInt(scale - a.scale);
  const y = b.unscaled * 10n ** BigInt(scale - b.scale);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** A double as Java prints it, in the fewest digits that give it back, two at least: 100.0, 1.0E10,
 *  4.9E-324, NaN. */
export function doubleToText(value: number): string {
  const shortest = Math.abs(value).toExponential();
  return javaNumber(value, shortest.includes('.') ? shortest : Math.abs(value).toExponential(1));
}

/** A float (a double that Math.fround keeps) as Java prints it. */
export function floatToText(value: number): string {
  const magnitude = Math.abs(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = magnitude.toExponential(digits);
    if (Math.fround(Number(text)) === magnitude) return javaNumber(value, text);
  }
  return javaNumber(value, magnitude.toExponential());
}

/** `shortest` is |value| in JavaScript's exponent form: 1.25e+3. */
function javaNumber(value: number, shortest: string): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (value === 0) return `${sign}0.0`;
  if (!Number.isFinite(value)) return `${sign}Infinity`;
  const [mantissa, power] = shortest.split('e') as [string, string];
  const exponent = Number(power);
  const digits = mantissa.replace('.', '').replace(/0+$/, '') || '0';
  if (exponent < -3 || exponent >= 7) return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** A decimal with all the digits of its scale: 100.00. */
export function decimalToPlain(unscaled: bigint, scale: number): string {
  if (scale <= 0) return (unscaled * 10n ** BigInt(-scale)).toString();
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** A decimal without trailing zeros, as Java's BigDecimal.stripTrailingZeros().toString(): 1E+2, 1.5,
 *  1.2E-9. */
export function decimalToScientific(unscaled: bigint, scale: number): string {
  if (unscaled === 0n) return '0';
  const text = (unscaled < 0n ? -unscaled : unscaled).toString();
  const digits = text.replace(/0+$/, '');
  const stripped = scale - (text.length - digits.length);
  const sign = unscaled < 0n ? '-' : '';
  const exponent = digits.length - 1 - stripped;
  if (stripped >= 0 && exponent >= -6)
    return decimalToPlain(unscaled < 0n ? -BigInt(digits) : BigInt(digits), stripped);
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${sign}${digits[0]}${fraction}E${exponent < 0 ? '' : '+'}${exponent}`;
}
