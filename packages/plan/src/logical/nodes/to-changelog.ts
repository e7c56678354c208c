/* TO_CHANGELOG: each change as a row that comes, with the code of the change in front; a change without a code goes no further. */

import { types } from '#data';
import type { ChangeName } from '../change-names.ts';
import type { RelField } from '../field.ts';
import { noWindow, oneInput, type RelKind } from '../kind.ts';
import type { Rel } from '../rel.ts';
import { wholeInput } from '../whole-input.ts';

export interface ToChangelogRel {
  readonly kind: 'to-changelog';
  readonly input: Rel;
  readonly codes: readonly (readonly [ChangeName, string])[];
  /** The column that comes again at the end as `rowtime`. */
  readonly onTime: number | undefined;
  readonly fields: readonly RelField[];
}

export function toChangelog(
  input: Rel,
  name: string,
  codes: ReadonlyMap<ChangeName, string>,
  onTime: number | undefined,
): ToChangelogRel {
  const rowtime = onTime === undefined ? [] : [{ ...input.fields[onTime]!, name: 'rowtime' }];
  return {
    kind: 'to-changelog',
    input,
    codes: [...codes],
    onTime,
    fields: [{ name, type: types.STRING, time: undefined }, ...input.fields, ...rowtime],
  };
}

export const toChangelogKind: RelKind<ToChangelogRel> = {
  ...oneInput,
  reads: () => ({ exprs: [], columns: [] }),
  windows: () => noWindow,
  text: ({ codes }) =>
    `LogicalTableFunctionScan(invocation=[TO_CHANGELOG(${codes.map((c) => c.join(' AS ')).join(', ')})])`,
  prune: wholeInput,
};
