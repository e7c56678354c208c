/* Kinds of change put together. */

import type { ChangelogMode } from '#catalog';

/** All kinds that any of them has. */
export const unionOfChanges = (modes: readonly ChangelogMode[]): ChangelogMode =>
  modes.reduce((a, b) => ({
    insert: a.insert || b.insert,
    updateBefore: a.updateBefore || b.updateBefore,
    updateAfter: a.updateAfter || b.updateAfter,
    delete: a.delete || b.delete,
    keyOnlyDelete: a.keyOnlyDelete || b.keyOnlyDelete,
  }));
