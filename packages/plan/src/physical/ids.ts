/* Operator ids: what state is found again by. An id is the target, the kind, the key by source column and an occurrence;
 * never filters, projections or the list of aggregates, so that those may change under a savepoint (DESIGN.md 6). */

import { topological, type Phys } from './node.ts';

export function assignIds(roots: readonly Phys[], target: string): void {
  const used = new Map<string, number>();
  for (const node of topological(roots)) {
    const base = `${target}/${node.kind}${keyText(node)}`;
    const n = (used.get(base) ?? 0) + 1;
    used.set(base, n);
    node.id = n === 1 ? base : `${base}~${n}`;
  }
}

function keyText(node: Phys): string {
  switch (node.kind) {
    case 'scan':
    case 'sink':
      return `:${node.name}`;
    case 'group-aggregate':
    case 'normalize':
    case 'materialize':
      return `[${node.keys.map((k) => columnName(node.input, k)).join(',')}]`;
    case 'window-table':
      return node.window.kind === 'session'
        ? `[${node.window.partition.map((k) => columnName(node.input, k)).join(',')};session ${node.window.sizeMs}]`
        : '';
    case 'window-aggregate': {
      const window =
        node.window.kind === 'time'
          ? `${node.window.spec.kind} ${node.window.spec.sizeMs}/${node.window.spec.slideMs}/${node.window.spec.offsetMs}`
          : 'attached';
      return `[${node.keys.map((k) => columnName(node.input, k)).join(',')};${window}]`;
    }
    case 'rank': {
      const order = node.keys.map(
        (k) => `${columnName(node.input, k.column)} ${k.descending ? 'desc' : 'asc'}`,
      );
      const partition = node.partition.map((k) => columnName(node.input, k));
      return `[${partition.join(',')};${order.join(',')};${node.strategy}]`;
    }
    default:
      return '';
  }
}

/** The source column that a column is, or its name where it is computed. */
function columnName(node: Phys, index: number): string {
  if (node.kind === 'calc') {
    const e = node.exprs[index]!;
    return e.kind === 'column' ? columnName(node.input, e.index) : node.fields[index]!.name;
  }
  return node.fields[index]?.name ?? `$${index}`;
}
