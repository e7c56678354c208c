import type { ProcessContext } from 'millrace';

interface Cart {
  items: Map<string, number>;
}
interface CartEvent {
  kind: 'add' | 'remove' | 'checkout';
  product: string | null;
}

/** What each customer has in the cart: reminds of one that nobody has touched for so many seconds, and says what was bought. */
export const carts = {
  args: [
    { name: 'input', table: 'set', requireOnTime: true },
    { name: 'wait', type: 'INT' },
  ],
  returns: 'ROW<what STRING, items MAP<STRING, INT>>',
  state: { items: { type: 'MAP<STRING, INT>', ttl: '7 days' } },

  eval(ctx: ProcessContext<Cart>, { kind, product }: CartEvent, wait: number): void {
    const items = ctx.state.items.get() ?? new Map<string, number>();
    if (kind === 'checkout') {
      if (items.size > 0) ctx.emit({ what: 'bought', items });
      ctx.clearAll();
      return;
    }
    const count = (items.get(product!) ?? 0) + (kind === 'add' ? 1 : -1);
    if (count > 0) items.set(product!, count);
    else items.delete(product!);
    ctx.state.items.set(items);
    ctx.timeContext.registerOnTime('reminder', ctx.timeContext.time()! + wait * 1000);
  },

  onTimer(ctx: ProcessContext<Cart>): void {
    ctx.emit({ what: ctx.currentTimer(), items: ctx.state.items.get() });
  },
};
