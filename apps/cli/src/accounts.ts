/* What became of all that a job read, as people and programs read it. */

import type { Accounts } from '#engine';

/** `1,000 read = 980 written + 15 dead + 5 filtered`: with all that it is the sum of, where it is one; else what was left out.
 *  Undefined where nothing was bad or late. */
export function accountsLine(accounts: Accounts): string | undefined {
  const { read, written, dead, skipped, late, filtered, balances } = accounts;
  if (dead + skipped + late === 0) return undefined;
  const parts = { written, dead, skipped, late, filtered };
  const shown = Object.entries(parts).flatMap(([name, n]) =>
    n === 0 && name !== 'written' ? [] : [`${n.toLocaleString('en')} ${name}`],
  );
  const isSum = balances && written + dead + skipped + late + filtered === read;
  return `${read.toLocaleString('en')} read ${isSum ? '=' : '·'} ${shown.join(isSum ? ' + ' : ' · ')}`;
}

/** `rates: 1,000 found = 985 joined + 15 dead`, of each table that is looked up of which something was bad. */
export const lookupLines = ({ lookups }: Accounts): string[] =>
  lookups.flatMap(({ table, found, joined, ...left }) => {
    if (left.dead + left.skipped === 0) return [];
    const parts = Object.entries(left).flatMap(([name, n]) =>
      n === 0 ? [] : [`${n.toLocaleString('en')} ${name}`],
    );
    const sum = [`${joined.toLocaleString('en')} joined`, ...parts].join(' + ');
    return [`${table}: ${found.toLocaleString('en')} found = ${sum}`];
  });

/** For status lines of `--json`. */
export function accountsJson({
  read,
  written,
  dead,
  skipped,
  late,
  filtered,
}: Accounts): Record<string, number> {
  return { read, written, dead, skipped, late, filtered };
}
