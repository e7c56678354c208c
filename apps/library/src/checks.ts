/* Suites and contracts of tables that are read: loaded with the first table that names one. */

import { textsFrom } from '#host';
import type { LoadChecks } from '#plan';

/** Paths count from the folder. */
export const checksFrom =
  (folder: string): LoadChecks =>
  async (asked, nowMs) =>
    await (await import('#contracts')).streamChecksFrom(textsFrom(folder))(asked, nowMs);
