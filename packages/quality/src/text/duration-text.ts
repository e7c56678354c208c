/* Lengths of time in words. */

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** 90 min, 24 h, 1.5 s: in the largest unit that takes no more than one digit behind the point. */
export function durationText(ms: number): string {
  const [unit, size] = units.find(([, of]) => ms >= 2 * of && Number.isInteger((ms / of) * 10)) ?? ['ms', 1];
  return `${ms / size} ${unit}`;
}
