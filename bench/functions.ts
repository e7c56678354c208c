/* npm run bench -- functions: has a function got slower? Nanoseconds a row of generated code against the calibrating loop of
 * the guard, over columns of 4,096 rows; fails when a ratio is 30 % above the one recorded in functions.json. One that fails
 * is measured again before it counts. --record writes functions.json: on a quiet machine. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rng } from '#base';
import { BatchBuilder, instant, types, type Batch, type Field } from '#data';
import { instantiateCalc, planCalc, type EvalContext } from '#expr';
import { Scope } from '../packages/plan/src/bind/scope.ts';
import { bindText } from '../tools/fuzz/ours.ts';
import { calibrate } from './operators/calibrate.ts';
import { cpuMs } from './operators/cases.ts';

const file = join(import.meta.dirname, 'functions.json');
const rows = 4096;
const rounds = 5;
const again = 3;
const allowed = 1.3;
/** How long one case is run at least, ms of CPU. */
const leastMs = 40;

const fields: readonly Field[] = [
  { name: 'i', type: types.INT },
  { name: 'b', type: types.BIGINT },
  { name: 'd', type: types.DOUBLE },
  { name: 'x', type: types.decimal(10, 2) },
  { name: 'y', type: types.decimal(38, 18) },
  { name: 's', type: types.STRING },
  { name: 'u', type: types.STRING },
  { name: 'j', type: types.STRING },
  { name: 't', type: types.timestamp(3) },
  { name: 'tt', type: types.STRING },
  { name: 'a', type: types.array(types.INT) },
];
const expressions: readonly string[] = [
  ...['i + 1', 'i * 2 > 1000', 'b + b', 'b % 7', 'd * 0.5e0', 'x * x', 'x / 3', 'y + y', 'ROUND(x, 1)'],
  ...['POWER(d, 2)', 'CASE WHEN i > 500 THEN b ELSE 0 END', 'COALESCE(i, 0)', 'i IN (1, 2, 3, 5, 8)'],
  ...['UPPER(s)', 's || u', 'SUBSTRING(s, 2, 3)', "s LIKE 'a%'", "REGEXP_EXTRACT(u, '(\\w+)\\.(\\w+)', 2)"],
  ...[
    "SPLIT_INDEX(u, '.', 1)",
    "REPLACE(s, 'a', 'b')",
    'CHAR_LENGTH(s)',
    'TRIM(s)',
    'MD5(s)',
    "LPAD(s, 20, '-')",
  ],
  ...["JSON_VALUE(j, '$.a')", "JSON_OBJECT('a' VALUE i, 'b' VALUE s)", "PRINTF('%d %s', i, s)"],
  ...[
    'CAST(i AS STRING)',
    'CAST(d AS STRING)',
    'CAST(x AS STRING)',
    'CAST(t AS STRING)',
    'CAST(x AS DOUBLE)',
  ],
  ...["DATE_FORMAT(t, 'yyyy-MM-dd HH:mm')", 'TO_TIMESTAMP(tt)', 'EXTRACT(HOUR FROM t)', 'FLOOR(t TO HOUR)'],
  ...[
    "t + INTERVAL '1' DAY",
    'CAST(tt AS TIMESTAMP(3))',
    'HASH_CODE(s)',
    'a[1]',
    'ARRAY_CONTAINS(a, i)',
    'ARRAY[i, 1]',
  ],
];
const context: EvalContext = {
  timeZone: 'UTC',
  now: () => 0,
  queryStart: 0,
  batchMode: false,
  rng: new Rng(1),
  legacyCast: false,
  seed: 1,
  watermark: () => -Infinity,
};

function input(): Batch {
  const rng = new Rng(7);
  const builder = new BatchBuilder(fields.map((f) => f.type));
  const day = Date.UTC(2024, 0, 1);
  for (let row = 0; row < rows; row++) {
    const i = rng.below(1000);
    const ms = day + rng.below(1_000_000_000);
    const text = rng.pick(['abc', 'banana', ' pear ', 'Apfelmus']) + String(i);
    builder.appendRow(
      [
        rng.below(20) === 0 ? null : i,
        BigInt(ms) * 1000n,
        rng.double() * 100,
        BigInt(rng.below(1_000_000)),
        BigInt(rng.below(1_000_000)) * 10n ** 15n,
        text,
        `www.${text}.org`,
        `{"b":[1,2],"a":"${text}"}`,
        instant(ms),
        new Date(ms).toISOString().slice(0, 19).replace('T', ' '),
        [i, i + 1, null],
      ],
      0,
    );
  }
  return builder.build();
}
const scope = Scope.of(
  't',
  fields.map((f) => ({ ...f, time: undefined })),
);
const batch = input();

/** Nanoseconds a row. */
function measure(sql: string): () => number {
  const calc = planCalc({
    inputTypes: fields.map((f) => f.type),
    where: bindText('TRUE'),
    project: [bindText(sql, scope)],
  });
  const program = instantiateCalc(calc);
  const once = (): void => {
    for (let from = 0; from < rows; ) from = program.run(batch, from, context).next;
  };
  once();
  return () => {
    const started = cpuMs();
    let runs = 0;
    while (cpuMs() - started < leastMs) {
      once();
      runs++;
    }
    return ((cpuMs() - started) * 1e6) / (runs * rows);
  };
}
function ratioOf(run: () => number): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const turn = Math.min(calibrate(), calibrate());
    least = Math.min(least, run() / turn);
  }
  return least;
}

const record = process.argv.includes('--record');
const recorded = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>) : {};
calibrate();
const measured: Record<string, number> = {};
let failed = 0;
for (const sql of expressions) {
  const run = measure(sql);
  let ratio = ratioOf(run);
  const known = recorded[sql];
  for (let n = 0; n < again && !record && known !== undefined && ratio > known * allowed; n++)
    ratio = Math.min(ratio, ratioOf(run));
  measured[sql] = Math.round(ratio * 10) / 10;
  const slower = !record && known !== undefined && ratio > known * allowed;
  if (slower) failed++;
  const verdict = known === undefined ? 'new' : slower ? 'SLOWER' : 'ok';
  console.log(
    `${sql.padEnd(44)} ${ratio.toFixed(1).padStart(7)}  recorded ${String(known ?? '-').padStart(6)}  ${verdict}`,
  );
}
if (record) writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
console.log(
  failed === 0 ? 'functions: nothing got slower' : `functions: ${failed} got more than 30 % slower`,
);
process.exit(failed === 0 ? 0 : 1);
