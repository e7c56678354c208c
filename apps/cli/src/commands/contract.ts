/* millrace contract: what is promised of a table, checked, compared, turned into other forms. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nearest, UserError } from '#base';
import {
  checkJobTable,
  contractPage,
  diffContracts,
  draftContract,
  generate,
  lintContract,
  readContract,
  suiteOf,
  tableNamed,
  type Contract,
  type ContractTable,
  type JobChecked,
  type JobTable,
} from '#contracts';
import { realWorld } from '#host';
import {
  countsOf,
  jsonText,
  openFile,
  profileTable,
  reportJson,
  reportText,
  validateTable,
  type ValidationResult,
  type CheckedTable,
  type Report,
} from '#quality';
import type { AlertConfig } from '#alerts';
import { readText } from '../input.ts';
import { tablesOf } from '../jobs/client.ts';
import { stateDirOf } from '../jobs/state-dir.ts';
import { subjectVerdict } from '../schema/contract-subject.ts';
import { bold, dim, green, out, report } from '../terminal.ts';
import { alertsOf, raiseAlerts } from '../validate/alerts.ts';
import { red, yellow } from '../validate/colors.ts';
import { withProgress } from '../validate/progress.ts';
import { openTarget } from '../validate/target.ts';
import type { ValidateFlags } from '../validate/flags.ts';
import { writeReports } from '../validate/reports.ts';

export interface ContractFlags extends ValidateFlags {
  readonly job?: string;
  readonly registry?: string;
  readonly user?: string;
  readonly token?: string;
  readonly ca?: string;
  readonly stateDir?: string;
  readonly object?: string;
  readonly to?: string;
  readonly name?: string;
}
const failedCode = 4;
const paint = { green, red, yellow, dim, bold };

const actions: Readonly<
  Record<
    string,
    (file: string | undefined, other: string | undefined, flags: ContractFlags) => Promise<number>
  >
> = {
  check: (file, _, flags) => check(named(file), flags),
  lint: (file, _, flags) => lint(named(file), flags),
  diff: (file, other, flags) => diff(named(file), named(other, 'the newer contract'), flags),
  test: (file, _, flags) => test(named(file), flags),
  docs: (file, _, flags) => docs(named(file), flags),
  generate: (file, _, flags) => (file === undefined ? draft(flags) : make(file, flags)),
};

export async function contract(
  action: string,
  file: string | undefined,
  other: string | undefined,
  flags: ContractFlags,
): Promise<number> {
  const run = actions[action];
  const meant = nearest(action, Object.keys(actions));
  if (run === undefined)
    throw new UserError('CLI1001', {
      message: `contract ${action}: expected ${Object.keys(actions).join(', ')}`,
      hint: meant === undefined ? undefined : `Did you mean ${meant}?`,
    });
  return await run(file, other, flags);
}
function named(file: string | undefined, what = 'contract'): string {
  if (file === undefined) throw new UserError('CLI1001', { message: `which ${what}? Its file is missing` });
  return file;
}
/** With the place of a mistake shown. */
async function read(file: string, flags: ContractFlags): Promise<Contract | number> {
  const text = await readText(file);
  try {
    return readContract(text, file);
  } catch (thrown) {
    return report(thrown, { json: flags.json === true, source: { text, name: file } });
  }
}

async function check(file: string, flags: ContractFlags): Promise<number> {
  const contract = await read(file, flags);
  if (typeof contract === 'number') return contract;
  const alerts = await alertsOf(flags);
  if (typeof alerts === 'number') return alerts;
  if (flags.job !== undefined) return await checkJob(contract, flags.job, flags, alerts);
  const table = await withProgress('reading', () => openTarget(flags));
  try {
    return await checkTable(contract, table, flags, contract.notMeasured, alerts);
  } finally {
    await table.close();
  }
}
async function checkTable(
  contract: Contract,
  table: CheckedTable,
  flags: ContractFlags,
  notMeasured: readonly string[],
  alerts?: AlertConfig,
): Promise<number> {
  const world = realWorld();
  const started = world.monotonic();
  const wanted = tableNamed(contract, flags.object);
  const suite = suiteOf(contract, wanted, table, world.now());
  const check = (): Promise<ValidationResult> =>
    validateTable(table, suite, { resultFormat: flags.resultFormat, nowMs: world.now() });
  const result = await withProgress(table.name, check, table.progress);
  return await told(wanted, { result, notMeasured, ms: world.monotonic() - started }, flags, alerts);
}
/** What a job that runs counts of a table of it, and what the table declares. */
async function checkJob(
  contract: Contract,
  job: string,
  flags: ContractFlags,
  alerts: AlertConfig | undefined,
): Promise<number> {
  for (const flag of ['input', 'connection', 'query', 'topic', 'sql'] as const)
    if (flags[flag] !== undefined)
      throw new UserError('CLI1001', { message: `--job and --${flag} exclude each other` });
  const world = realWorld();
  const started = world.monotonic();
  const tables = await tablesOf(stateDirOf(flags.stateDir), job);
  const table = tableOfJob(tables, contract, flags);
  const wanted = tableNamed(contract, flags.object ?? (contract.tables.length > 1 ? table.name : undefined));
  const { result, notMeasured } = checkJobTable(contract, wanted, table, world.now());
  return await told(
    wanted,
    { result, notMeasured: [...contract.notMeasured, ...notMeasured], ms: world.monotonic() - started },
    flags,
    alerts,
  );
}
/** The one of --table, else the one that has the contract's name, else the only one. Throws CON1007. */
function tableOfJob(
  tables: readonly JobTable[],
  { tables: promised }: Contract,
  { table: name, job, object }: ContractFlags,
): JobTable {
  const names = new Set(
    name === undefined
      ? promised
          .filter((t) => object === undefined || t.name === object)
          .flatMap((t) => [t.name, t.physicalName ?? t.name])
      : [name],
  );
  const found =
    tables.find((t) => names.has(t.name)) ??
    (name === undefined && tables.length === 1 ? tables[0] : undefined);
  if (found !== undefined) return found;
  throw new UserError('CON1007', {
    message: `the job '${job}' has no table ${[...names].map((n) => `"${n}"`).join(' or ')}`,
    hint: `--table takes one of: ${tables.map((t) => `${t.name} (${t.role})`).join(', ')}.`,
  });
}
async function told(
  wanted: ContractTable,
  { result, notMeasured, ms }: JobChecked & { readonly ms: number },
  flags: ContractFlags,
  alerts: AlertConfig | undefined,
): Promise<number> {
  const made: Report = {
    result,
    skipped: notMeasured.map((reason) => ({ check: 'contract', reason })),
    strict: flags.strict === true,
    ms,
  };
  await writeReports(made, flags);
  out(flags.json ? reportJson(made) : reportText(made, paint));
  // What the contract marks as personal no message shows.
  const personal = wanted.fields
    .filter((f) => /personal|pii/i.test(f.classification ?? ''))
    .map((f) => f.name);
  const sent =
    alerts === undefined
      ? 0
      : await raiseAlerts({ ...alerts, personal: [...alerts.personal, ...personal] }, result, flags);
  return countsOf(made).failed > 0 ? failedCode : sent;
}

async function lint(file: string, flags: ContractFlags): Promise<number> {
  const contract = await read(file, flags);
  if (typeof contract === 'number') return contract;
  const findings = lintContract(contract);
  const bad = findings.some((f) => f.severity === 'error' || flags.strict === true);
  if (flags.json) out(jsonText({ file, ok: !bad, findings }));
  else {
    for (const { severity, where, message } of findings)
      out(`  ${severity === 'error' ? red('✗') : yellow('!')} ${where}: ${message}`);
    out(
      `${file}: ${findings.length === 0 ? green('ok') : `${findings.length} finding${findings.length === 1 ? '' : 's'}`}`,
    );
  }
  return bad ? failedCode : 0;
}

async function diff(before: string, after: string, flags: ContractFlags): Promise<number> {
  const [was, is] = [await read(before, flags), await read(after, flags)];
  if (typeof was === 'number') return was;
  if (typeof is === 'number') return is;
  const verdict =
    is.subject === undefined
      ? undefined
      : await subjectVerdict(is.subject, tableNamed(is, flags.object), flags);
  const asked = verdict !== undefined && 'compatible' in verdict ? verdict : undefined;
  const refused =
    asked === undefined || asked.compatible
      ? undefined
      : [`${asked.subject} (${asked.level}) refuses the schema`, ...asked.messages].join('\n      ');
  const { changes, versionNeeded } = diffContracts(was, is, refused);
  const breaking = changes.some((c) => c.impact === 'breaking');
  const registry = verdict === undefined ? {} : { registry: { ...verdict } };
  if (flags.json) out(jsonText({ breaking, versionNeeded: versionNeeded ?? null, changes, ...registry }));
  else {
    for (const { impact, where, message, consumers } of changes) {
      const mark = impact === 'breaking' ? red('✗') : impact === 'risky' ? yellow('!') : green('+');
      out(
        `  ${mark} ${where}: ${message}${consumers.length === 0 ? '' : dim(`  (${consumers.join(', ')})`)}`,
      );
    }
    if (asked?.compatible === true)
      out(`  ${green('✓')} registry: ${asked.subject} (${asked.level}) takes the schema`);
    if (verdict !== undefined && 'notAsked' in verdict)
      out(`  ${yellow('!')} registry: ${verdict.subject} was not asked: ${verdict.notAsked}`);
    const affected = [...new Set(changes.filter((c) => c.impact === 'breaking').flatMap((c) => c.consumers))];
    if (changes.length === 0) out('no change');
    else if (breaking)
      out(`it breaks what ${affected.length === 0 ? 'consumers' : affected.join(', ')} rely on`);
    else out('it breaks nothing');
    if (versionNeeded !== undefined) out(`the version ${is.version} should be at least ${versionNeeded}`);
  }
  return breaking ? failedCode : 0;
}

/** The examples of each column against what the contract says of it. */
async function test(file: string, flags: ContractFlags): Promise<number> {
  const contract = await read(file, flags);
  if (typeof contract === 'number') return contract;
  const wanted = tableNamed(contract, flags.object);
  const given = wanted.fields.filter((f) => (f.examples?.length ?? 0) > 0);
  if (given.length === 0)
    throw new UserError('CON1006', {
      message: `${file}: no column has examples to test`,
      hint: 'schema: [{name: status, type: string, enum: [new, paid], examples: [new]}]',
    });
  const rows = Math.max(...given.map((f) => f.examples!.length));
  const lines = Array.from({ length: rows }, (_, i) =>
    jsonText(Object.fromEntries(given.map((f) => [f.name, f.examples![i % f.examples!.length]!]))),
  );
  const folder = await mkdtemp(join(tmpdir(), 'millrace-contract-'));
  try {
    await writeFile(join(folder, 'examples.jsonl'), `${lines.join('\n')}\n`);
    const table = await openFile(join(folder, 'examples.jsonl'));
    try {
      // Examples repeat, and are as old as the contract: values alone are tested.
      const fields = given.map((f) => ({ ...f, unique: false, keyPosition: undefined, quality: [] }));
      const alone: Contract = { ...contract, sla: {}, tables: [{ ...wanted, fields, quality: [] }] };
      return await checkTable(alone, { ...table, name: `examples of ${file}` }, flags, []);
    } finally {
      await table.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function docs(file: string, flags: ContractFlags): Promise<number> {
  const contract = await read(file, flags);
  if (typeof contract === 'number') return contract;
  await give(contractPage(contract), flags);
  return 0;
}
async function make(file: string, flags: ContractFlags): Promise<number> {
  const contract = await read(file, flags);
  if (typeof contract === 'number') return contract;
  if (flags.to === undefined)
    throw new UserError('CLI1001', {
      message: 'generate what? --to is missing',
      hint: 'One of ddl, postgres, json-schema, avro, suite, typescript, dbt, odcs.',
    });
  await give(generate(flags.to, tableNamed(contract, flags.object), contract), flags);
  return 0;
}
/** Without a contract: a draft of one, from a table. */
async function draft(flags: ContractFlags): Promise<number> {
  const table = await withProgress('reading', () => openTarget(flags));
  try {
    const profile = await profileTable(table);
    const name =
      flags.name ??
      (table.name
        .split(/[/\\]/)
        .at(-1)!
        .replace(/\.[a-z.]+$/i, '')
        .replaceAll(/[^\w-]+/g, '_') ||
        'table');
    await give(draftContract(name, profile), flags);
    return 0;
  } finally {
    await table.close();
  }
}
async function give(text: string, flags: ContractFlags): Promise<void> {
  if (flags.output === undefined) {
    out(text.trimEnd());
    return;
  }
  await mkdir(dirname(flags.output), { recursive: true });
  await writeFile(flags.output, text);
  out(`written to ${flags.output}`);
}
