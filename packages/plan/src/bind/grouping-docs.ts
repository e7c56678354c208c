/* The functions that tell grouping sets apart: for lists of functions and completion. */

export interface GroupingFunctionDoc {
  readonly name: string;
  /** Its forms, as they are written. */
  readonly takes: readonly string[];
  readonly doc: string;
}

const bits =
  'A bit for each of the keys, the last the lowest: 1 where the grouping set of the row leaves the key out, so that its NULL stands for all.';

export const groupingFunctionDocs: readonly GroupingFunctionDoc[] = [
  { name: 'GROUPING', takes: ['GROUPING(key[, …])'], doc: bits },
  { name: 'GROUPING_ID', takes: ['GROUPING_ID(key[, …])'], doc: 'The same.' },
  {
    name: 'GROUP_ID',
    takes: ['GROUP_ID()'],
    doc: 'Tells grouping sets of the same keys apart: 0 for the first of them.',
  },
];
/** Whether a function is one of them. */
export const isGrouping = (name: string): boolean =>
  groupingFunctionDocs.some((f) => f.name === name.toUpperCase());
