/* Process table functions of process-views.slt: what they keep, entry by entry. */

import type { ListView, MapView, ProcessContext as Context } from 'millrace';

interface Order {
  id: number;
  item: string;
}
interface Kept {
  ids: ListView<number>;
  per: MapView<string, number>;
}

/** What came before of a shop: orders for a day each, counts of items for two days each. Takes back orders below 0. */
export const history = {
  args: [{ name: 'input', table: 'set' }],
  returns: 'ROW<ids ARRAY<INT>, per MAP<STRING, INT>, known BOOLEAN>',
  state: {
    ids: { view: 'list', type: 'INT', ttl: '1 day' },
    per: { view: 'map', key: 'STRING', value: 'INT', ttl: '2 days' },
  },
  eval({ emit, state }: Context<Kept>, { id, item }: Order): void {
    emit({ ids: [...state.ids.get()], per: new Map(state.per.entries()), known: state.per.contains(item) });
    if (id < 0) state.ids.remove(-id);
    else state.ids.add(id);
    state.per.put(item, (state.per.get(item) ?? 0) + 1);
  },
};

/** Goes through what it changes meanwhile. */
export const changing = {
  args: [{ name: 'input', table: 'set' }],
  returns: 'ROW<seen ARRAY<INT>, keys STRING, left ARRAY<INT>>',
  state: { ids: { view: 'list', type: 'INT' }, per: { view: 'map', key: 'STRING', value: 'INT' } },
  eval({ emit, state }: Context<Kept>, { id, item }: Order): void {
    state.ids.addAll([id, id + 10]);
    state.per.put(item, id);
    const seen: number[] = [];
    for (const each of state.ids.get()) {
      seen.push(each);
      if (each % 2 === 0) state.ids.remove(each);
      else if (each < 5) state.ids.add(each + 5);
    }
    const keys: string[] = [];
    for (const [key, value] of state.per.entries()) {
      keys.push(`${key}=${value}`);
      if (value! > 2) state.per.clear();
      else state.per.put(`${key}${key}`, value! + 1);
    }
    emit({ seen, keys: keys.join(' '), left: [...state.ids.get()] });
  },
};
