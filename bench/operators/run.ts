/* One process of the operators' benchmark: runs the asked cases in this checkout and prints {"case","ns"} a line.
 * A figure is the least of several rounds. Arguments: cases, separated by semicolons, or all; then rows a case. */

import { batchesOf, cases, measure, Rows } from './cases.ts';

const [wanted = 'all', rowsText = '600000'] = process.argv.slice(2);
for (const plan of cases) {
  if (wanted !== 'all' && !wanted.split(';').includes(plan.name)) continue;
  const many = plan.data.keys >= 1_000_000;
  // With 300,000 rows twelve a key: a pool of three, four times.
  const turns = many ? 4 : 1;
  const rows = many ? Number(rowsText) * 10 : Number(rowsText);
  const batches = batchesOf(plan.data, rows);
  let least = Infinity;
  const rounds = many ? 1 : 4;
  for (let round = 0; round < rounds; round++) {
    const ms = await measure(plan, new Rows(plan.data, batches, turns));
    least = Math.min(least, (ms * 1e6) / (rows * turns));
    if (ms > 20_000) break;
  }
  console.log(JSON.stringify({ case: plan.name, ns: Math.round(least) }));
}
