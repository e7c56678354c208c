/* Makes a case smaller as long as it differs in the same way: queries first, then rows, then columns. Of many smaller
 * forms those that do the same here are asked of Flink together, and the first that still differs goes on. */

import type { Line } from '../line.ts';
import { listedAs, type Found } from './causes.ts';
import { difference, type Difference } from './compare.ts';
import type { QueryJudge } from './flink.ts';
import { asked as withoutUnread, type QueryCase } from './generate.ts';
import { ours } from './ours.ts';
import { unsettled } from './settled.ts';
import { smallerQueries } from './smaller-queries.ts';
import { narrowed, smallerTables } from './smaller-tables.ts';

const atOnce = 8;
const statementsMax = 40;

/** The smallest case that was found to differ as the first does. */
export async function shrunk(judge: QueryJudge, line: Line, first: Found): Promise<Found> {
  let best = first;
  const title = listedAs(first);
  // What differs from itself needs no judge.
  const alone = first.way === 'we change';
  let statements = 0;
  const better = async (forms: readonly QueryCase[]): Promise<boolean> => {
    for (let at = 0; at < forms.length && statements < statementsMax; ) {
      const some: QueryCase[] = [];
      for (; at < forms.length && some.length < atOnce; at++)
        if (await mayDiffer(forms[at]!, best)) some.push(forms[at]!);
      if (some.length === 0) return false;
      statements++;
      const theirs = alone ? [] : await judge.ask(line, some);
      for (const [i, form] of some.entries()) {
        const mine = await ours(form);
        const found = alone ? await unsettled(form, mine) : difference(form, mine, theirs[i]!);
        if (found === undefined || !alike(found, first)) continue;
        if (listedAs({ ...found, asked: form }) !== title) continue;
        best = { ...found, asked: form };
        return true;
      }
    }
    return false;
  };
  while (await better(smaller(best.asked)));
  while (await better(fewerRows(best.asked)));
  await better([fewerColumns(best.asked)]);
  return best;
}
/** Errors are alike where their codes are; of rows, one is as good as another. */
const alike = (a: Difference, b: Difference): boolean =>
  a.way === b.way &&
  (!/^we /.test(a.way) || codeOf(a.ours) === codeOf(b.ours)) &&
  (!/^they /.test(a.way) || codeOf(a.theirs) === codeOf(b.theirs));
const codeOf = (text: string): string => text.replace(/['"`][^'"`]*['"`]|\d+/g, '').slice(0, 60);

/** Whether we still do what made the difference. */
async function mayDiffer(form: QueryCase, { way, ours: said }: Found): Promise<boolean> {
  const { error, message, columns } = await ours(form);
  // The clock shows another time each time.
  if (columns.some((c) => c.type.startsWith('TIMESTAMP_LTZ'))) return false;
  if (way === 'we refuse') return error === 'refused' && codeOf(message ?? '') === codeOf(said);
  if (way === 'we fail') return error === 'failed' && codeOf(message ?? '') === codeOf(said);
  if (way === 'we break') return error === 'bug' && codeOf(message ?? '') === codeOf(said);
  return error === undefined;
}

function smaller(of: QueryCase): QueryCase[] {
  const queries = smallerQueries(of.sql).map((sql) => ({ ...of, sql }));
  const views = of.views.flatMap((view, i) => {
    const [, head, sql] = /^(CREATE VIEW \w+ AS )(.*)$/s.exec(view)!;
    return [
      ...smallerQueries(sql!).map((text) => ({ ...of, views: of.views.with(i, head! + text) })),
      { ...of, sql: sql!, views: of.views.slice(0, i) },
    ];
  });
  return [...queries, ...views, ...fewerSettings(of)].map(withoutUnread);
}
function fewerSettings({ set, ...of }: QueryCase): QueryCase[] {
  const all = Object.entries(set ?? {});
  if (all.length < 2) return all.length === 0 || of.into !== undefined ? [] : [of];
  return all.map(([key]) => ({ ...of, set: Object.fromEntries(all.filter(([k]) => k !== key)) }));
}
const fewerRows = (of: QueryCase): QueryCase[] =>
  of.tables.flatMap((table, i) => smallerTables(table).map((t) => ({ ...of, tables: of.tables.with(i, t) })));
const fewerColumns = (of: QueryCase): QueryCase => ({
  ...of,
  tables: of.tables.map((t) => narrowed(t, [of.sql, ...of.views].join(' '))),
});
