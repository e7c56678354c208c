/* A process table function of process-order.slt: it says in which order its rows came. */

import type { ListView, ProcessContext as Context } from 'millrace';

export const steps = {
  args: [{ name: 'input', table: 'set' }],
  returns: 'STRING',
  state: { ids: { view: 'list', type: 'INT' } },
  eval({ emit, state, timeContext }: Context<{ ids: ListView<number> }>, { id }: { id: number }): void {
    const second = (timeContext.time()! / 1000) % 60;
    emit(`${id} at ${second}: ${[...state.ids.get()].join(' ')}`);
    state.ids.add(id);
  },
};
