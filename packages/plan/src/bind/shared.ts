/* What SELECT and GROUP BY both need: the hooks that every expression gets. */

import type { BindHooks } from './expressions.ts';
import type { Binder } from './binder.ts';

export const hooks = (binder: Binder): BindHooks => ({
  value: (node) => binder.values.get(node),
  database: binder.session.database,
  ...(binder.session.userFunction ? { userFunction: binder.session.userFunction } : {}),
});
