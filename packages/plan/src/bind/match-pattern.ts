/* The pattern of MATCH_RECOGNIZE: a row of variables, each with how many rows it takes. What Flink's CEP cannot run is
 * refused with Flink's reason, and with the way to write it where there is one. */

import { UserError, type Span } from '#base';
import type { MatchRecognize, RowPattern } from '#sql';
import type { PatternElement } from '../logical/nodes/match.ts';
import { notYet } from './not-yet.ts';

const refused = (at: Span, message: string, hint?: string): UserError =>
  new UserError('SQL2026', { at, message, hint });

export function bindPattern({ pattern, span }: MatchRecognize): PatternElement[] {
  const elements = flat(pattern, span);
  const seen = new Set<string>();
  for (const [i, element] of elements.entries()) {
    const { variable, greedy } = element;
    if (seen.has(variable))
      throw refused(
        span,
        `Pattern variables must be unique. That might change in the future. "${variable}" stands twice.`,
        'Give each place a variable of its own, with the same condition in DEFINE.',
      );
    seen.add(variable);
    const next = elements[i + 1];
    if (greedy && next === undefined)
      throw refused(
        span,
        'Greedy quantifiers are not allowed as the last element of a Pattern yet. Finish your pattern with either a simple variable or reluctant quantifier.',
        `Let a variable behind "${variable}" say where it ends, or write ${quantified(element)}?, which takes as few rows as it can.`,
      );
    if (greedy && next?.min === 0)
      throw refused(
        span,
        `Optional pattern cannot be preceded by greedy pattern: "${next.variable}" may be left out behind ${quantified(element)}.`,
        `Write ${quantified(element)}?, or let "${next.variable}" take one row at least.`,
      );
  }
  return elements;
}
const quantified = ({ variable, min, max }: PatternElement): string => {
  if (max === Infinity && min < 2) return `${variable}${min === 0 ? '*' : '+'}`;
  return `${variable}{${min},${max === Infinity ? '' : max}}`;
};

/** A group around a sequence that nothing repeats says nothing. */
function flat(pattern: RowPattern, at: Span): PatternElement[] {
  switch (pattern.kind) {
    case 'variable':
      return [{ variable: pattern.name.text, min: 1, max: 1, greedy: false }];
    case 'sequence':
      return pattern.items.flatMap((item) => flat(item, at));
    case 'repeat':
      return [repeated(pattern, at)];
    case 'alternation':
      throw refused(at, `Currently, CEP doesn't support branching patterns: A | B.`);
    case 'permute':
      throw refused(at, "Currently, CEP doesn't support PERMUTE patterns.");
    case 'exclusion':
      throw refused(at, "Currently, CEP doesn't support '{-' '-}' patterns.");
    case 'anchor':
      // Flink passes over it without a word.
      throw notYet(`${pattern.at} in the PATTERN of MATCH_RECOGNIZE`, at);
  }
}

function repeated(pattern: Extract<RowPattern, { kind: 'repeat' }>, at: Span): PatternElement {
  const { item, min, reluctant } = pattern;
  const max = pattern.max ?? Infinity;
  if (item.kind !== 'variable')
    throw refused(
      at,
      'Group patterns are not supported yet: a quantifier belongs to one variable.',
      'Write the group out as often as it may come, with variables of its own each time.',
    );
  const variable = item.name.text;
  if (max < Math.max(min, 1))
    throw refused(
      item.name.span,
      `The to should be a number greater than or equal to from: ${Math.max(min, 1)}; "${variable}" has {${min},${max}}.`,
    );
  if (min === 0 && max === 1 && reluctant)
    throw refused(item.name.span, 'Reluctant optional variables are not supported yet.');
  const chooses = min !== max && !(min === 0 && max === 1);
  return { variable, min, max, greedy: chooses && !reluctant };
}
