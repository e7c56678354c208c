/* One process of the operators' benchmark: runs the asked cases in this checkout and prints {"case","ns"} a line.
 * A figure is the least of several rounds. Arguments: cases, separated by semicolons, or all; then rows a case. */

import { batchesOf, cases, measure } from './cases.ts';

const [wanted = 'all', rowsText = '600000'] = process.argv.slice(2);
for (const plan of cases) {
  if (wanted !== 'all' && !wanted.split(';').includes(plan.name)) continue;
  const rows = plan.data.keys >= 1_000_000 ? Number(rowsText) * 5 : Number(rowsText);
  const batches = batchesOf(plan.data, rows);
  let least = Infinity;
  const rounds = plan.data.keys >= 1_000_000 ? 2 : 4;
  for (let round = 0; round < rounds; round++) {
    const ms = await measure(plan, batches);
    least = Math.min(least, (ms * 1e6) / rows);
    if (ms > 20_000) break;
  }
  console.log(JSON.stringify({ case: plan.name, ns: Math.round(least) }));
}
