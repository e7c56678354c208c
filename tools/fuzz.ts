/* npm run fuzz -- expressions: what Flink and we make of expressions by chance; npm run fuzz -- formats: what both write
 * and read. Options: --seed N, --count N, --only TEXT
 * (a regular expression: shapes in which it occurs), --mode columns|literals, --report FILE. Needs what a real Flink needs. */

import { parseArgs } from 'node:util';
import { Judge } from './conformance/judge.ts';
import { flinkMissing } from './flink.ts';
import { fuzzExpressions } from './fuzz/expressions.ts';
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
const [what] = positionals;
if (what !== 'expressions' && what !== 'formats') {
  console.error(
    'usage: fuzz expressions | formats [--seed N] [--count N] [--only TEXT] [--mode columns|literals] [--report FILE]',
  );
  process.exit(2);
}
const judge = await Judge.start();
try {
  const given = { seed: Number(values.seed), count: Number(values.count) };
  const report = values.report === undefined ? {} : { report: values.report };
  const expressions = (): ReturnType<typeof fuzzExpressions> =>
    fuzzExpressions(judge, {
      ...given,
      ...(values.only !== undefined && { only: values.only }),
      ...((values.mode === 'columns' || values.mode === 'literals') && { mode: values.mode }),
      ...report,
    });
  const findings = await (what === 'formats' ? fuzzFormats(judge, { ...given, ...report }) : expressions());
  if (values.report === undefined) console.log(findings.report());
  else console.log(`${findings.total} values compared, ${findings.size} causes: ${values.report}`);
} finally {
  await judge.close();
}
