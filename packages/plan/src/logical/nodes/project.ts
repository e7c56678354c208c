/* Expressions over each row. */

import { columnsOf, type Expr } from '#expr';
import { exprText } from '../../text.ts';
import type { RelField } from '../field.ts';
import { movedWindows, oneInput, type Pruned, type RelKind } from '../kind.ts';
import { moved, positions, sortedColumns } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';

export interface ProjectRel {
  readonly kind: 'project';
  readonly input: Rel;
  readonly exprs: readonly Expr[];
  readonly fields: readonly RelField[];
}

/** `names[i]` is the name of `exprs[i]`. A plain column keeps its time attribute. */
export function project(input: Rel, exprs: readonly Expr[], names: readonly string[]): ProjectRel {
  const fields = exprs.map(
    (e, i): RelField => ({ name: names[i]!, type: e.type, time: timeOf(e, input.fields) }),
  );
  return { kind: 'project', input, exprs, fields };
}
export function timeOf(expr: Expr, fields: readonly RelField[]): RelField['time'] {
  if (expr.kind === 'column') return fields[expr.index]!.time;
  return expr.kind === 'call' && expr.fn === 'PROCTIME' ? 'proctime' : undefined;
}
export const column = (rel: Rel, index: number): Expr => ({
  kind: 'column',
  index,
  type: rel.fields[index]!.type,
});
/** The relation under other names. */
export const named = (rel: Rel, names: readonly string[]): ProjectRel =>
  project(
    rel,
    rel.fields.map((_, i) => column(rel, i)),
    names,
  );

/** Without the columns that nobody wants, as a scan gives for its watermark: for relations that keep what they read. */
export function picked({ rel, at }: Pruned, wanted: Iterable<number>): Pruned {
  const kept = sortedColumns(wanted);
  if (kept.length === rel.fields.length) return { rel, at };
  const columns = kept.map((old) => at.get(old)!);
  const narrow = project(
    rel,
    columns.map((c) => column(rel, c)),
    columns.map((c) => rel.fields[c]!.name),
  );
  return { rel: narrow, at: positions(kept) };
}

export const projectKind: RelKind<ProjectRel> = {
  ...oneInput,
  reads: (rel) => ({ exprs: rel.exprs.map((expr) => ({ expr, over: rel.input.fields })), columns: [] }),
  windows(rel, [below]) {
    return movedWindows(below!, (column) =>
      rel.exprs.flatMap((e, i) => (e.kind === 'column' && e.index === column ? [i] : [])),
    );
  },
  text: (rel) =>
    `LogicalProject(${rel.exprs.map((e, i) => `${rel.fields[i]!.name}=[${exprText(e, rel.input.fields)}]`).join(', ')})`,

  prune(rel, needed, prune): Pruned {
    const kept = sortedColumns(needed);
    const below = new Set<number>();
    for (const i of kept) columnsOf(rel.exprs[i]!, below);
    const input = prune(rel.input, below);
    const exprs = kept.map((i) => moved(rel.exprs[i]!, input.at));
    return {
      rel: project(
        input.rel,
        exprs,
        kept.map((i) => rel.fields[i]!.name),
      ),
      at: positions(kept),
    };
  },
};
