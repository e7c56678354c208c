/* Why one schema may not follow another, for people and for scripts. */

import {
  conflictOf,
  isLevel,
  sides,
  type CompatibilityLevel,
  type Conflict,
  type Finding,
  type PreviousSchema,
  type ParsedSchema,
} from '#schemas';
import { UserError } from '#base';
import { dim } from '../terminal.ts';

/** Throws CLI1004. */
export function levelOf(text: string | undefined, otherwise: CompatibilityLevel): CompatibilityLevel {
  const level = text?.toUpperCase() ?? otherwise;
  if (isLevel(level)) return level;
  throw new UserError('CLI1004', {
    message: `--level ${text}: expected none, backward, forward, full, or one of them with _transitive`,
  });
}

const findingJson = ({ direction, incompatibility: found }: Finding): object => ({
  rule: found.rule,
  path: found.path,
  direction,
  about: found.about,
  message: found.sentence(...sides[direction]),
  fix: found.fix(...sides[direction]),
});
function findingText({ direction, incompatibility: found }: Finding): string {
  const side =
    direction === 'backward' ? 'the new schema cannot read old data' : 'old readers cannot read new data';
  return `  ${found.path}  ${found.rule}  ${dim(side)}\n    ${found.sentence(...sides[direction])}.\n    ${found.fix(...sides[direction])}.`;
}

export interface CheckResult {
  readonly level: CompatibilityLevel;
  readonly conflict: Conflict | undefined;
}
export const check = (
  next: ParsedSchema,
  previous: readonly PreviousSchema[],
  level: CompatibilityLevel,
): CheckResult => ({
  level,
  conflict: conflictOf(next, previous, level),
});
/** `names`: of the previous schemas, by their versions. */
export function resultText(
  { level, conflict }: CheckResult,
  what: string,
  names: ReadonlyMap<number, string>,
): string {
  if (conflict === undefined) return `${what} is compatible (${level})`;
  const head = `${what} is not compatible with ${names.get(conflict.version) ?? `version ${conflict.version}`} (${level}):`;
  return [head, ...conflict.findings.map(findingText)].join('\n');
}
export function resultJson({ level, conflict }: CheckResult, names: ReadonlyMap<number, string>): object {
  return {
    compatible: conflict === undefined,
    level,
    ...(conflict === undefined
      ? {}
      : {
          against: names.get(conflict.version) ?? conflict.version,
          findings: conflict.findings.map(findingJson),
        }),
  };
}
