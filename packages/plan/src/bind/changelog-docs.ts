/* What TO_CHANGELOG and FROM_CHANGELOG take: for lists of functions, completion and the page of functions. */

import type { changelogFunctions } from './changelog-functions.ts';

export interface ChangelogFunctionDoc {
  readonly name: (typeof changelogFunctions)[number];
  /** Its forms, as they are written. */
  readonly takes: readonly string[];
  readonly doc: string;
}

export const changelogFunctionDocs: readonly ChangelogFunctionDoc[] = [
  {
    name: 'FROM_CHANGELOG',
    takes: [
      'FROM_CHANGELOG(input => TABLE t[, op => DESCRIPTOR(op)][, op_mapping => MAP[codes, change, …]])',
    ],
    doc: "Rows that only come as the changes that their op column says, which goes: INSERT, UPDATE_BEFORE, UPDATE_AFTER or DELETE, or a code of op_mapping, as MAP['c, r', 'INSERT', 'd', 'DELETE']. A code that is unknown or NULL fails the job; UPDATE_AFTER asks for UPDATE_BEFORE.",
  },
  {
    name: 'TO_CHANGELOG',
    takes: [
      'TO_CHANGELOG(input => TABLE t[, op => DESCRIPTOR(op)][, op_mapping => MAP[changes, code, …]][, on_time => DESCRIPTOR(time)])',
    ],
    doc: "Changes as rows that only come, each with its change in a first column `op`: INSERT, UPDATE_BEFORE, UPDATE_AFTER, DELETE, or the code that op_mapping gives it, as MAP['INSERT, UPDATE_AFTER', 'u']; changes that it does not name go no further. Event times stay; on_time adds one as `rowtime`.",
  },
];
