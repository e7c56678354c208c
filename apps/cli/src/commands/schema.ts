/* millrace schema: schemas in files and in any registry. */

import { nearest, UserError } from '#base';
import type { SchemaFlags } from '../schema/flags.ts';

type Action = (names: readonly string[], flags: SchemaFlags) => Promise<number>;

/** The code of each loads on use. */
const actions: Readonly<Record<string, () => Promise<Action>>> = {
  list: async () => (await import('../schema/list.ts')).list,
  show: async () => (await import('../schema/show.ts')).show,
  check: async () => (await import('../schema/check.ts')).checkSchema,
  register: async () => (await import('../schema/register.ts')).register,
  diff: async () => (await import('../schema/diff.ts')).diff,
  infer: async () => (await import('../schema/infer.ts')).infer,
  evolve: async () => (await import('../schema/evolve.ts')).evolve,
};

export async function schemaCommand(
  action: string,
  names: readonly string[],
  flags: SchemaFlags,
): Promise<number> {
  const load = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (load === undefined) {
    const meant = nearest(action, Object.keys(actions));
    throw new UserError('CLI1001', {
      message: `schema ${action}: expected ${Object.keys(actions).join(', ')}`,
      hint: meant === undefined ? undefined : `Did you mean ${meant}?`,
    });
  }
  return (await load())(names, flags);
}
