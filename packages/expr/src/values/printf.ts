/* java.util.Formatter for PRINTF: %d %x %o %s %c %b %f %e %g %n %%, with flags, width and precision. */

import { abs, decimalText, parseDecimal, rescale } from './decimal.ts';
import { formatDouble } from './number-text.ts';

/** An argument: integers as bigint, floating numbers as number, the rest as they are. */
export type PrintArgument = bigint | number | string | boolean | null;

const directive = /%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;

/** The formatted text; null where the format or an argument does not fit, as in Flink. */
export function printf(format: string, args: readonly PrintArgument[]): string | null {
  let next = 0;
  let failed = format.replace(directive, '').includes('%');
  const text = format.replace(
    directive,
    (
      _all,
      index: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      kind: string,
    ) => {
      if (kind === 'n') return '\n';
      if (kind === '%') return padded('%', flags, width);
      const place = index === undefined ? next++ : Number(index) - 1;
      const body = place < args.length ? convert(args[place]!, kind, flags, precision) : undefined;
      if (body === undefined) {
        failed = true;
        return '';
      }
      return padded(/[A-Z]/.test(kind) ? body.toUpperCase() : body, flags, width);
    },
  );
  return failed ? null : text;
}

function padded(text: string, flags: string, width: string | undefined): string {
  const size = Number(width ?? 0);
  if (flags.includes('-')) return text.padEnd(size);
  if (!flags.includes('0')) return text.padStart(size);
  const sign = /^[-+( ]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(size - sign.length, '0');
}

function convert(
  arg: PrintArgument,
  kind: string,
  flags: string,
  precision: string | undefined,
): string | undefined {
  const lower = kind.toLowerCase();
  if (lower === 's') {
    const text = shown(arg);
    return precision === undefined ? text : text.slice(0, Number(precision));
  }
  if (lower === 'b') return arg === null ? 'false' : typeof arg === 'boolean' ? String(arg) : 'true';
  if (arg === null) return 'null';
  switch (lower) {
    case 'd':
      return typeof arg === 'bigint'
        ? signed(grouped(abs(arg).toString(), flags), arg < 0n, flags)
        : undefined;
    case 'x':
    case 'o':
      return typeof arg === 'bigint'
        ? BigInt.asUintN(arg >= -2147483648n && arg < 2147483648n ? 32 : 64, arg).toString(
            lower === 'x' ? 16 : 8,
          )
        : undefined;
    case 'c':
      return typeof arg === 'bigint' ? String.fromCodePoint(Number(arg)) : undefined;
    case 'f':
      return fixed(arg, Number(precision ?? 6), flags);
    case 'e': {
      if (typeof arg !== 'number') return undefined;
      const text = Math.abs(arg)
        .toExponential(Number(precision ?? 6))
        .replace(/e([+-])(\d)$/, 'e$10$2');
      return signed(text, arg < 0, flags);
    }
    default:
      return undefined;
  }
}

const shown = (arg: PrintArgument): string => (typeof arg === 'number' ? formatDouble(arg) : String(arg));

function fixed(arg: PrintArgument, digits: number, flags: string): string | undefined {
  if (typeof arg !== 'number') return undefined;
  const decimal = parseDecimal(String(arg));
  if (decimal === undefined) return formatDouble(arg);
  const value = decimal.scale < 0 ? rescale(decimal.value, 0, -decimal.scale) : decimal.value;
  const text = decimalText(rescale(abs(value), Math.max(0, decimal.scale), digits), digits);
  const [whole, fraction] = text.split('.');
  return signed(
    `${grouped(whole!, flags)}${fraction === undefined ? '' : `.${fraction}`}`,
    decimal.value < 0n,
    flags,
  );
}

const grouped = (digits: string, flags: string): string =>
  flags.includes(',') ? digits.replace(/\B(?=(\d{3})+$)/g, ',') : digits;

function signed(text: string, negative: boolean, flags: string): string {
  if (negative) return flags.includes('(') ? `(${text})` : `-${text}`;
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;
}
