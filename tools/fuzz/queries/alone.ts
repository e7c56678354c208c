/* npm run fuzz -- queries --self: the same cases without Flink. None may break here, and each is held against itself: over
 * changes and over the rows that are left of them, as one instance and as several, at once and row by row. */

import { writeFileSync } from 'node:fs';
import { Causes } from './causes.ts';
import { casesOf, type QueryFuzzOptions } from './options.ts';
import { ours } from './ours.ts';
import { unsettled } from './settled.ts';

export async function fuzzAlone(options: QueryFuzzOptions): Promise<Causes> {
  const causes = new Causes();
  const { counts } = causes;
  for (const asked of casesOf(options)) {
    counts.cases++;
    const answer = await ours(asked);
    if (answer.error === 'bug')
      causes.add({ asked, way: 'we break', ours: answer.message!, theirs: 'was not asked' });
    if (answer.error === undefined) {
      counts.answered++;
      counts.changes += answer.changes.length;
    }
    const changed = await unsettled(asked, answer);
    if (changed !== undefined) causes.add({ asked, ...changed });
    process.stderr.write(`\r${counts.cases} queries, ${causes.all.length} causes `);
  }
  process.stderr.write('\n');
  if (options.report !== undefined) writeFileSync(options.report, `${causes.report()}\n`);
  return causes;
}
