/* The checks of the short form, one line each. */

import { nearest, UserError } from '#base';
import type { Suite } from '../suite/suite.ts';
import type { Check, CheckInput } from './check.ts';
import { completeness } from './completeness.ts';
import { consistency } from './consistency.ts';
import { drift } from './drift.ts';
import { freshness } from './freshness.ts';
import { uniqueness } from './uniqueness.ts';
import { validity } from './validity.ts';
import { volume } from './volume.ts';

export const checks: readonly Check[] = [
  completeness,
  uniqueness,
  freshness,
  validity,
  consistency,
  volume,
  drift,
];

/** 'completeness,uniqueness', or 'all'. Throws QLT1016 for one that is not known. */
export function checksNamed(text: string): readonly Check[] {
  const names = text
    .split(',')
    .map((n) => n.trim())
    .filter((n) => n !== '');
  if (names.includes('all')) return checks;
  return names.map((name) => {
    const found = checks.find((c) => c.name === name);
    if (found !== undefined) return found;
    const all = checks.map((c) => c.name);
    const meant = nearest(name, all);
    throw new UserError('QLT1016', {
      message: `there is no check "${name}"`,
      hint: meant === undefined ? `There are: ${all.join(', ')}, all.` : `Did you mean "${meant}"?`,
    });
  });
}

export interface SkippedCheck {
  readonly check: string;
  readonly reason: string;
}
/** The suite that checks stand for, and what they leave out. */
export function suiteOfChecks(
  wanted: readonly Check[],
  input: CheckInput,
): { readonly suite: Suite; readonly skipped: readonly SkippedCheck[] } {
  const parts = wanted.map((check) => ({ check, ...check.make(input) }));
  return {
    suite: { name: wanted.map((c) => c.name).join(', '), expectations: parts.flatMap((p) => p.expectations) },
    skipped: parts.flatMap(({ check, skipped }) =>
      skipped === undefined ? [] : [{ check: check.name, reason: skipped }],
    ),
  };
}
