/* Exact decimals as unscaled bigints: rounding, alignment, division and text, as Java's BigDecimal does them. */

const powers: bigint[] = [1n];

/** 10^n for n ≥ 0. */
export function pow10(n: number): bigint {
  for (let i = powers.length; i <= n; i++) powers.push(powers[i - 1]! * 10n);
  return powers[n]!;
}

export const abs = (v: bigint): bigint => (v < 0n ? -v : v);

/** numerator / denominator, rounded half away from zero (HALF_UP). */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const rest = abs(numerator % denominator);
  if (rest * 2n < abs(denominator)) return quotient;
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n;
}

/** The unscaled value at another scale, rounded half up when digits are lost. */
export function rescale(value: bigint, from: number, to: number): bigint {
  if (to >= from) return value * pow10(to - from);
  return divideHalfUp(value, pow10(from - to));
}

/** The value when it has at most `precision` digits, else null: Flink's overflow. */
export function fit(value: bigint, precision: number): bigint | null {
  const bound = pow10(precision);
  return value < bound && value > -bound ? value : null;
}

/** Digits of |value|, 1 for 0. */
export const digitsOf = (value: bigint): number => abs(value).toString().length;

/** The value rounded half up to `digits` significant digits (a MathContext): unscaled value and scale. */
export function roundSignificant(
  value: bigint,
  scale: number,
  digits: number,
): { value: bigint; scale: number } {
  let [v, s] = [value, scale];
  for (let drop = digitsOf(v) - digits; drop > 0; drop = digitsOf(v) - digits) {
    v = divideHalfUp(v, pow10(drop));
    s -= drop;
  }
  return { value: v, scale: s };
}

/** a / b as Flink: 38 significant digits half up, then the result's scale half up; null on overflow. b is not 0. */
export function divideDecimal(
  a: bigint,
  aScale: number,
  b: bigint,
  bScale: number,
  precision: number,
  scale: number,
): bigint | null {
  if (a === 0n) return 0n;
  const shift = Math.max(0, 40 + digitsOf(b) - digitsOf(a));
  const numerator = a * pow10(shift);
  let quotient = numerator / b;
  let quotientScale = aScale + shift - bScale;
  // A digit below all kept ones stands for the remainder, so that no inexact half looks exact.
  quotient = quotient * 10n + (numerator % b === 0n ? 0n : numerator < 0n === b < 0n ? 1n : -1n);
  quotientScale += 1;
  const rounded = roundSignificant(quotient, quotientScale, 38);
  return fit(rescaleSigned(rounded.value, rounded.scale, scale), precision);
}

function rescaleSigned(value: bigint, from: number, to: number): bigint {
  return from < 0 ? rescale(value * pow10(-from), 0, to) : rescale(value, from, to);
}

/** The text of a decimal with exactly `scale` fraction digits. */
export function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return value.toString();
  const digits = abs(value)
    .toString()
    .padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Unscaled value and scale of a number's text (sign, fraction, exponent, no spaces), or undefined. */
export function parseDecimal(text: string): { value: bigint; scale: number } | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = match;
  if (whole === '' && fraction === '') return undefined;
  const value = BigInt(`${whole}${fraction}`);
  return { value: sign === '-' ? -value : value, scale: fraction.length - Number(exponent ?? 0) };
}

/** The number's text as an unscaled value of (precision, scale), half up; null on overflow; undefined if no number. */
export function parseDecimalAs(text: string, precision: number, scale: number): bigint | null | undefined {
  const parsed = parseDecimal(text);
  if (parsed === undefined) return undefined;
  if (parsed.value === 0n) return 0n;
  if (digitsOf(parsed.value) - parsed.scale > precision - scale) return null;
  if (parsed.scale - digitsOf(parsed.value) > scale + 1) return 0n;
  return fit(rescaleSigned(parsed.value, parsed.scale, scale), precision);
}

/** The double nearest to a decimal. */
export function decimalToDouble(value: bigint, scale: number): number {
  if (scale === 0) return Number(value);
  if (scale <= 22 && value >= -9007199254740991n && value <= 9007199254740991n)
    return Number(value) / 10 ** scale;
  return Number(`${value}e-${scale}`);
}

/** A double as an exact decimal text would read it, at (precision, scale), half up; null on overflow, NaN, infinity. */
export function doubleToDecimal(value: number, precision: number, scale: number): bigint | null {
  if (!Number.isFinite(value)) return null;
  return parseDecimalAs(String(value), precision, scale) ?? null;
}
