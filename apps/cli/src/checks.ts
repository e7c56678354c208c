/* Suites and contracts of tables that are read: loaded with the first table that names one. */

import { textsFrom } from '#host';
import type { LoadChecks } from '#plan';

/** Paths count from the folder. Parameters stand in for those of the same name of a suite. */
export const checksFrom =
  (folder: string, parameters?: ReadonlyMap<string, string | number | boolean>): LoadChecks =>
  async (asked, nowMs) =>
    await (await import('#contracts')).streamChecksFrom(textsFrom(folder), parameters)(asked, nowMs);
