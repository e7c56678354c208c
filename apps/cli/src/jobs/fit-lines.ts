/* What a query takes up of a savepoint, a line for each operator that keeps state. */

import type { NodeFit } from '#engine';

/** `all`: also what is kept whole. */
export function fitLines(fits: readonly NodeFit[], all: boolean): string[] {
  return fits.flatMap((fit) => {
    const { title, id, status, dropped, added, held } = fit;
    if (status === 'gone') return held ? [`dropped: ${id}: the query has no such operator`] : [];
    if (status === 'new') return [`new: ${title} (${id}): it begins without state`];
    const parts = [
      ...(dropped.length > 0 ? [`dropped ${dropped.join(', ')}`] : []),
      ...(added.length > 0 ? [`new ${added.join(', ')}, which counts from here on`] : []),
    ];
    if (parts.length > 0) return [`kept: ${title} (${id}), but ${parts.join('; ')}`];
    return all ? [`kept: ${title} (${id})`] : [];
  });
}
