/* A pattern as an automaton: states that each wait for a row, made from the last variable to the first.
 *
 *   A B* C    A ─▶ B? ─▶ B↺ ─▶ C ─▶ end        B? may be passed over, B↺ takes rows until C gets one
 *
 * A greedy variable bars the state behind it: no row that it would take goes there. That is how Flink's CEP reads
 * "greedy" (NFACompiler): a row for which B and C both hold is always B's, and no other way is tried. */

import { matchEnd, type MatchState } from '#job';
import type { PatternElement } from '../logical/nodes/match.ts';

/** The first state is where a match begins. */
export function matchStates(elements: readonly PatternElement[]): MatchState[] {
  const made: MatchState[] = [];
  let behind = matchEnd;
  for (let variable = elements.length - 1; variable >= 0; variable--)
    behind = add(made, elements[variable]!, variable, behind);
  // Made from the end: turned round, so that the first is the beginning.
  const turned = (state: number): number => (state === matchEnd ? matchEnd : made.length - 1 - state);
  return made.toReversed().map((s) => ({
    ...s,
    take: turned(s.take),
    proceed: s.proceed === undefined ? undefined : turned(s.proceed),
  }));
}

/** Adds the states of a variable in front of `behind`; the last one added is its first. */
function add(made: MatchState[], element: PatternElement, variable: number, behind: number): number {
  const { min, max, greedy } = element;
  if (greedy && behind !== matchEnd) made[behind] = { ...made[behind]!, unless: variable };
  const state = (take: number, optional: boolean): number =>
    made.push({ variable, take, proceed: optional ? behind : undefined, unless: undefined }) - 1;
  let next = behind;
  if (max === Infinity) next = state(made.length, true);
  else for (let n = Math.max(min, 1); n < max; n++) next = state(next, true);
  for (let n = 1; n < min; n++) next = state(next, false);
  return state(next, min === 0);
}
