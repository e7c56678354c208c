/* Rounding numbers to decimal digits through their shortest text, as BigDecimal.valueOf(double) does. */

import { abs, divideHalfUp, parseDecimal, pow10 } from './decimal.ts';

export type Rounding = 'half-up' | 'down';

/** An unscaled decimal kept to `digits` after the point (before it, when negative); the scale stays. */
export function roundDecimal(value: bigint, scale: number, digits: number, mode: Rounding): bigint {
  if (digits >= scale) return value;
  const unit = pow10(Math.min(scale - digits, 400));
  return (mode === 'down' ? value / unit : divideHalfUp(value, unit)) * unit;
}

/** A double kept to `digits` after the point. */
export function roundDouble(value: number, digits: number, mode: Rounding): number {
  if (!Number.isFinite(value)) return value;
  const parsed = parseDecimal(String(value))!;
  const { value: unscaled, scale } =
    parsed.scale < 0 ? { value: parsed.value * pow10(-parsed.scale), scale: 0 } : parsed;
  if (digits >= scale) return value;
  const rounded = roundDecimal(unscaled, scale, digits, mode);
  return Number(`${rounded < 0n ? '-' : ''}${abs(rounded)}e-${scale}`);
}
