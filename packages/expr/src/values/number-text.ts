/* Numbers as text and back, as Java's Double.toString, Float.toString and parseDouble have them (JDK 19 and later:
 * the shortest text that reads back the same). */

/** Double.toString: 1.0, 1.0E10, 1.0E-5, NaN, Infinity, -0.0. */
export function formatDouble(value: number): string {
  // Where one digit would do, Java takes the nearest of two.
  return javaText(value, (v) => (/^\de/.test(v.toExponential()) ? v.toExponential(1) : v.toExponential()));
}

/** Float.toString of a float, i.e. of a double that Math.fround leaves as it is. */
export function formatFloat(value: number): string {
  return javaText(value, (v) => {
    for (let digits = 1; digits < 9; digits++) {
      const text = v.toExponential(digits);
      if (Math.fround(Number(text)) === v) return text;
    }
    return v.toExponential(9);
  });
}

function javaText(value: number, shortest: (value: number) => string): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa, power] = shortest(Math.abs(value)).split('e');
  const digits = mantissa!.replace('.', '').replace(/0+$/, '') || '0';
  const exponent = Number(power);
  const sign = value < 0 ? '-' : '';
  if (exponent >= 7 || exponent < -3) return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

const javaNumber = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?)$/;

/** 0x1.8p3: hexadecimal digits and a power of two. */
const hexNumber = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)[dDfF]?$/;

function hexValue([, sign, whole, fraction = '', power]: RegExpExecArray): number {
  const value = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(power) - 4 * fraction.length);
  return sign === '-' ? -value : value;
}

/** Double.parseDouble of text already trimmed; undefined if it is no number. */
export function parseDouble(text: string): number | undefined {
  const hex = hexNumber.exec(text);
  if (hex !== null && (hex[2] !== '' || hex[3] !== undefined)) return hexValue(hex);
  if (!javaNumber.test(text)) return undefined;
  const bare = text.endsWith('y') || text.endsWith('N') ? text : text.replace(/[dDfF]$/, '');
  return bare.endsWith('NaN') ? Number.NaN : Number(bare);
}

/** The text of an integer between bounds, '12', '12.7' or '.5' (cut off); undefined if it is none of them. */
export function parseInteger(text: string, low: bigint, high: bigint): bigint | undefined {
  const match = /^([+-]?)(\d*)(\.\d*)?$/.exec(text);
  if (match === null || match[2]!.length > 40 || (match[2] === '' && match[3] === undefined))
    return undefined;
  const digits = BigInt(match[2]!);
  const value = match[1] === '-' ? -digits : digits;
  return value < low || value > high ? undefined : value;
}
