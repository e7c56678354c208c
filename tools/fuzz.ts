/* npm run fuzz -- expressions: what Flink and we make of expressions by chance; npm run fuzz -- formats: what both write
 * and read; npm run fuzz -- casts: every type into every other. Options: --seed N, --count N (expressions in all, four of
 * five over columns), --only TEXT (a regular expression: shapes in which it occurs), --mode columns|literals,
 * --report FILE. Needs what a real Flink needs. */

import { parseArgs } from 'node:util';
import { Judge } from './conformance/judge.ts';
import { flinkMissing } from './flink.ts';
import { fuzzCasts } from './fuzz/casts.ts';
import { fuzzExpressions } from './fuzz/expressions.ts';
import type { Findings } from './fuzz/findings.ts';
import { fuzzFormats } from './fuzz/formats.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '4000' },
    only: { type: 'string' },
    mode: { type: 'string' },
    report: { type: 'string' },
  },
});
const missing = await flinkMissing();
if (missing !== undefined) {
  console.error(missing);
  process.exit(3);
}
const { report } = values;
const mode: 'columns' | 'literals' | undefined =
  values.mode === 'columns' || values.mode === 'literals' ? values.mode : undefined;
const given = {
  seed: Number(values.seed),
  count: Number(values.count),
  ...(values.only !== undefined && { only: values.only }),
  ...(mode !== undefined && { mode }),
  ...(report !== undefined && { report }),
};
const modes = {
  expressions: (judge: Judge) => fuzzExpressions(judge, given),
  casts: (judge: Judge) => fuzzCasts(judge, given),
  formats: (judge: Judge) => fuzzFormats(judge, given),
} as const satisfies Record<string, (judge: Judge) => Promise<Findings>>;
const [what] = positionals;
if (what === undefined || !(what in modes)) {
  console.error(
    'usage: fuzz expressions | casts | formats [--seed N] [--count N] [--only TEXT] [--mode columns|literals] [--report FILE]',
  );
  process.exit(2);
}
const judge = await Judge.start();
try {
  const findings = await modes[what as keyof typeof modes](judge);
  if (report === undefined) console.log(findings.report());
  else console.log(`${findings.total} values compared, ${findings.size} causes: ${report}`);
} finally {
  await judge.close();
}
