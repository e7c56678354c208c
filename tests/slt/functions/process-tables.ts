/* Process table functions of process-tables.slt: of several tables. */

import type { ListView, ProcessContext as Context } from 'millrace';

interface Row {
  id: number;
}
interface Kept {
  n: number;
  ids: ListView<string>;
}

/** Which table each row is of, by its place, and what came of the partition before. */
export const beside = {
  args: [
    { name: 'a', table: 'set', optionalPartitionBy: true },
    { name: 'word', type: 'STRING' },
    { name: 'b', table: 'set', optionalPartitionBy: true },
  ],
  returns: 'ROW<note STRING, before ARRAY<STRING>, n INT>',
  state: { n: 'INT', ids: { view: 'list', type: 'STRING' } },
  eval({ emit, state, partitionKey }: Context<Kept>, a: Row | null, word: string, b: Row | null): void {
    const n = (state.n.get() ?? 0) + 1;
    const note = `${word} ${a === null ? '' : `a${a.id}`}${b === null ? '' : `b${b.id}`} of ${Object.values(partitionKey).join()}`;
    emit({ note, before: [...state.ids.get()], n });
    state.n.set(n);
    state.ids.add(note);
  },
};
