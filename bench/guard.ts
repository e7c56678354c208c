/* npm run bench -- guard: has a kernel or an operator got slower? Nanoseconds a row of each against a calibrating loop in the
 * same process, so that the machine does not matter much; fails when a ratio is 20 % above the one recorded in guard.json.
 * One that fails is measured again before it counts. Under two minutes; no part of npm test. --record writes guard.json. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calibrate } from './operators/calibrate.ts';
import { batchesOf, cases, measure, Rows } from './operators/cases.ts';

const file = join(import.meta.dirname, 'guard.json');
const rows = 200_000;
const rounds = 4;
const again = 3;
const allowed = 1.2;

/** The least ratio of a case's row to a turn of the loop. */
async function ratioOf(plan: (typeof cases)[number]): Promise<number> {
  const batches = batchesOf(plan.data, rows);
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const turn = Math.min(calibrate(), calibrate());
    const ns = ((await measure(plan, new Rows(plan.data, batches, 1))) * 1e6) / rows;
    least = Math.min(least, ns / turn);
  }
  return least;
}

const record = process.argv.includes('--record');
const recorded = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>) : {};
const guarded = cases.filter((c) => c.data.keys < 1_000_000);
calibrate();
const measured: Record<string, number> = {};
let failed = 0;
for (const plan of guarded) {
  let ratio = await ratioOf(plan);
  const known = recorded[plan.name];
  for (let n = 0; n < again && !record && known !== undefined && ratio > known * allowed; n++)
    ratio = Math.min(ratio, await ratioOf(plan));
  measured[plan.name] = Math.round(ratio * 10) / 10;
  const slower = !record && known !== undefined && ratio > known * allowed;
  if (slower) failed++;
  const verdict = known === undefined ? 'new' : slower ? 'SLOWER' : 'ok';
  console.log(
    `${plan.name.padEnd(36)} ${ratio.toFixed(1).padStart(7)}  recorded ${String(known ?? '-').padStart(6)}  ${verdict}`,
  );
}
if (record) writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
console.log(failed === 0 ? 'guard: nothing got slower' : `guard: ${failed} got more than 20 % slower`);
process.exit(failed === 0 ? 0 : 1);
