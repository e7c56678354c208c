/* Two tables in one function: an order and its payment meet, in whatever order they come. */

import type { ProcessContext } from 'millrace';

interface Waiting {
  amount: string;
  paid: string;
}
interface Order {
  amount: string;
}
interface Payment {
  paid: string;
}

/** What was ordered and paid of one order, once both are known; or what is missing when the day is over. */
export const payments = {
  args: [
    { name: 'orders', table: 'set', requireOnTime: true },
    { name: 'payments', table: 'set', requireOnTime: true },
    { name: 'hours', type: 'INT' },
  ],
  returns: 'ROW<amount DECIMAL(10, 2), paid DECIMAL(10, 2), what STRING>',
  state: { amount: 'DECIMAL(10, 2)', paid: 'DECIMAL(10, 2)' },

  eval(ctx: ProcessContext<Waiting>, order: Order | null, payment: Payment | null, hours: number): void {
    if (order !== null) ctx.state.amount.set(order.amount);
    if (payment !== null) ctx.state.paid.set(payment.paid);
    const [amount, paid] = [ctx.state.amount.get(), ctx.state.paid.get()];
    if (amount === null || paid === null) {
      ctx.timeContext.registerOnTime('late', ctx.timeContext.time()! + hours * 3_600_000);
      return;
    }
    ctx.emit({ amount, paid, what: amount === paid ? 'paid' : 'differs' });
    ctx.clearAll();
  },

  onTimer(ctx: ProcessContext<Waiting>): void {
    const [amount, paid] = [ctx.state.amount.get(), ctx.state.paid.get()];
    ctx.emit({ amount, paid, what: paid === null ? 'not paid' : 'not ordered' });
    ctx.clearAllState();
  },
};
