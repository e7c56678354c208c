/* Formats moments of a stream by one pattern: as most follow each other closely, a moment in the same unit of the pattern as
 * the last one has the same text. */

import { dayMs, floorDiv, hourMs, minuteMs } from './civil.ts';
import { formatMoment, type datePattern, type Moment } from './java-format.ts';

type Tokens = ReturnType<typeof datePattern>;

/** Fields that stay the same for so long; others, as fractions of a second and the hour's name, may change at any time. */
const units: readonly (readonly [letters: string, ms: number])[] = [
  ['GyuYMLdDEecgQqwWF', dayMs],
  ['HkKha', hourMs],
  ['m', minuteMs],
  ['s', 1000],
];

/** The longest stretch of time, counted from the epoch, within which the text cannot change; undefined where there is none. */
export function unitOf(tokens: Tokens): number | undefined {
  let unit: number | undefined = dayMs;
  for (const token of tokens) {
    if (token.kind !== 'field') continue;
    const found = units.find(([letters]) => letters.includes(token.letter))?.[1];
    unit = found === undefined || unit === undefined ? undefined : Math.min(unit, found);
  }
  return unit;
}

/** Formats a local moment whose pattern names no zone. */
export function steadyFormat(tokens: Tokens): (moment: Moment) => string {
  const unit = unitOf(tokens);
  if (unit === undefined) return (moment) => formatMoment(tokens, moment);
  let last = NaN;
  let text = '';
  return (moment) => {
    const now = floorDiv(moment.ms, unit);
    if (now !== last) {
      text = formatMoment(tokens, moment);
      last = now;
    }
    return text;
  };
}
