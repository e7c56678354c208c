/* millrace validate: a suite, or checks of the short form, against a file, a table or a topic; validate suggest: a suite from
 * what a table is like. */

import { UserError } from '#base';
import { realWorld } from '#host';
import {
  checksNamed,
  countsOf,
  jsonText,
  profileTable,
  readBaseline,
  readSchema,
  readSuite,
  reportJson,
  reportText,
  suggestSuite,
  suiteOfChecks,
  validateTable,
  type ValidationResult,
  type CheckedTable,
  type Profile,
  type Report,
  type SkippedCheck,
  type Suite,
} from '#quality';
import { readText } from '../input.ts';
import type { AlertConfig } from '#alerts';
import { alertsOf, raiseAlerts } from '../validate/alerts.ts';
import { duration, namedValues, parametersOf, shareOf, type ValidateFlags } from '../validate/flags.ts';
import { withProgress } from '../validate/progress.ts';
import { openTarget } from '../validate/target.ts';
import { write, writeReports } from '../validate/reports.ts';
import { malformedColumn } from '../validate/topic.ts';
import { bold, dim, green, out, warn } from '../terminal.ts';
import { red, yellow } from '../validate/colors.ts';

/** A check did not hold. */
const failedCode = 4;
const maxAgeDefault = '24h';
const minCompletenessDefault = '0.95';

export async function validate(action: string | undefined, flags: ValidateFlags): Promise<number> {
  if (action !== undefined && action !== 'suggest')
    throw new UserError('CLI1001', { message: `validate ${action}: expected suggest, or nothing` });
  if (action === undefined && flags.suite === undefined && flags.checks === undefined)
    throw new UserError('CLI1001', {
      message: 'validate against what? Neither --suite nor --checks was given',
      hint: '--checks all looks at what can be known without a suite; validate suggest writes one.',
    });
  if (flags.follow === true) return await (await import('../validate/follow.ts')).follow(flags);
  for (const flag of ['for', 'window'] as const)
    if (flags[flag] !== undefined)
      throw new UserError('CLI1001', { message: `--${flag} belongs to --follow` });
  const alerts = await alertsOf(flags);
  if (typeof alerts === 'number') return alerts;
  const table = await withProgress('reading', () => openTarget(flags));
  try {
    return action === 'suggest' ? await suggest(table, flags) : await run(table, flags, alerts);
  } finally {
    await table.close();
  }
}

async function suggest(table: CheckedTable, flags: ValidateFlags): Promise<number> {
  const profile = await profileTable(table);
  const suite = suggestSuite(table.name, profile);
  const text = jsonText(suite, 2);
  if (flags.output === undefined) out(text);
  else {
    await write(flags.output, `${text}\n`);
    out(
      `${suite.expectations.length} expectations written to ${flags.output}; read them before you rely on them`,
    );
  }
  return 0;
}

async function run(
  table: CheckedTable,
  flags: ValidateFlags,
  alerts: AlertConfig | undefined,
): Promise<number> {
  const world = realWorld();
  const started = world.monotonic();
  const { suite, skipped, profiled } = await suiteOf(table, flags, world.now());
  const check = (): Promise<ValidationResult> =>
    validateTable(table, suite, {
      parameters: parametersOf(flags),
      resultFormat: flags.resultFormat,
      nowMs: world.now(),
    });
  const result = await withProgress(table.name, check, table.progress);
  const profile = profiled ? await profileTable(table) : undefined;
  const report: Report = {
    result,
    skipped,
    profile,
    strict: flags.strict === true,
    ms: world.monotonic() - started,
  };
  await writeReports(report, flags);
  out(flags.json ? reportJson(report) : reportText(report, { green, red, yellow, dim, bold }));
  const sent = alerts === undefined ? 0 : await raiseAlerts(alerts, result, flags);
  return countsOf(report).failed > 0 ? failedCode : sent;
}
async function suiteOf(
  table: CheckedTable,
  flags: ValidateFlags,
  nowMs: number,
): Promise<{ suite: Suite; skipped: readonly SkippedCheck[]; profiled: boolean }> {
  const given = flags.suite === undefined ? undefined : readSuite(await readText(flags.suite), flags.suite);
  const malformed = table.columns.some((c) => c.name === malformedColumn) ? [noMalformed] : [];
  if (flags.checks === undefined)
    return {
      suite: { ...given!, expectations: [...malformed, ...given!.expectations] },
      skipped: [],
      profiled: false,
    };
  const wanted = checksNamed(flags.checks);
  const baseline = flags.baseline === undefined ? undefined : await earlierProfile(flags.baseline);
  const made = suiteOfChecks(wanted, {
    columns: table.columns.filter((c) => c.name !== malformedColumn),
    schema: flags.schema === undefined ? undefined : readSchema(await readText(flags.schema), flags.schema),
    key: flags.key === undefined ? table.key : flags.key.split(',').map((k) => k.trim()),
    baseline,
    references: await referenceColumns(table, flags),
    timestampColumn: flags.timestampColumn,
    maxAgeMs: duration('max-age', flags.maxAge ?? maxAgeDefault),
    minCompleteness: shareOf('min-completeness', flags.minCompleteness ?? minCompletenessDefault),
    nowMs,
  });
  return {
    suite: {
      name: [given?.name, made.suite.name].filter((n) => n !== undefined).join(', '),
      expectations: [...malformed, ...(given?.expectations ?? []), ...made.suite.expectations],
      parameters: given?.parameters,
    },
    skipped: made.skipped,
    profiled: flags.output !== undefined && wanted.some((c) => c.name === 'volume' || c.name === 'drift'),
  };
}
const noMalformed = {
  type: 'expect_column_values_to_be_null',
  kwargs: { column: malformedColumn },
  meta: { reason: 'values of the topic are objects of JSON' },
};

async function referenceColumns(
  table: CheckedTable,
  flags: ValidateFlags,
): Promise<Map<string, readonly string[]>> {
  const columns = new Map<string, readonly string[]>();
  for (const name of namedValues('reference', flags.reference).keys()) {
    const rows = await table.query(`DESCRIBE SELECT * FROM ${table.other(name)}`);
    columns.set(
      name,
      rows.map(([column]) => String(column)),
    );
  }
  return columns;
}

/** Of a report, or of the newest one in a folder. A first run has none yet. */
async function earlierProfile(path: string): Promise<Profile | undefined> {
  try {
    return readBaseline(await readText(path), path);
  } catch (thrown) {
    if (
      thrown instanceof UserError &&
      thrown.code === 'CLI1003' &&
      thrown.message.startsWith('there is no file')
    ) {
      warn(`${thrown.message}: nothing to compare with yet`);
      return undefined;
    }
    throw thrown;
  }
}
