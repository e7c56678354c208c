/* What changes between two versions of a contract, and for whom it breaks something.
 *
 *   breaking   what a consumer relied on is gone: a column, a promise of never NULL, a set that grew
 *   risky      what it may have relied on: order of magnitude, lengths, formats
 *   safe       more is promised, or something was added */

import type { Contract, ContractField, ContractTable, LogicalType } from './model.ts';
import { keyOf } from './model.ts';

export type Impact = 'breaking' | 'risky' | 'safe';

export interface Change {
  readonly impact: Impact;
  readonly where: string;
  readonly message: string;
  /** Consumers that read it. */
  readonly consumers: readonly string[];
}
export interface Diff {
  readonly changes: readonly Change[];
  /** What the version must at least become; undefined where it is enough as it is. */
  readonly versionNeeded: string | undefined;
}

/** `refused`: why the registry does not take the schema of the newer one, where it does not. */
export function diffContracts(before: Contract, after: Contract, refused?: string): Diff {
  const changes: Change[] = [];
  const readers = (column: string | undefined): string[] =>
    [...new Map([...before.consumers, ...after.consumers].map((c) => [c.name, c])).values()]
      .filter((c) => column === undefined || c.columns === undefined || c.columns.includes(column))
      .map((c) => c.name);
  const add = (impact: Impact, where: string, message: string, column?: string): void => {
    changes.push({ impact, where, message, consumers: impact === 'safe' ? [] : readers(column) });
  };
  for (const table of before.tables) {
    const now =
      after.tables.find((t) => t.name === table.name) ??
      (before.tables.length === 1 && after.tables.length === 1 ? after.tables[0] : undefined);
    if (now === undefined) add('breaking', table.name, 'the table is gone');
    else diffTables(table, now, add);
  }
  for (const table of after.tables)
    if (before.tables.length !== 1 && !before.tables.some((t) => t.name === table.name))
      add('safe', table.name, 'a new table');
  diffSla(before, after, add);
  if (before.subject !== after.subject)
    add(
      before.subject === undefined ? 'safe' : 'breaking',
      'registry',
      `the subject was ${before.subject ?? 'none'}, it is ${after.subject ?? 'none'}`,
    );
  if (refused !== undefined) add('breaking', 'registry', refused);
  return { changes, versionNeeded: neededVersion(before, after, changes) };
}
type Add = (impact: Impact, where: string, message: string, column?: string) => void;

function diffTables(before: ContractTable, after: ContractTable, add: Add): void {
  const now = new Map(after.fields.map((f) => [f.name, f]));
  for (const field of before.fields) {
    const found = now.get(field.name);
    const where = `${before.name}.${field.name}`;
    if (found === undefined) add('breaking', where, 'the column is gone', field.name);
    else
      diffFields(field, found, where, (impact, message) => {
        add(impact, where, message, field.name);
      });
  }
  for (const field of after.fields)
    if (!before.fields.some((f) => f.name === field.name))
      add('safe', `${before.name}.${field.name}`, `a new column, ${field.type ?? 'of no type'}`);
  const [was, is] = [keyOf(before).join(', '), keyOf(after).join(', ')];
  if (was !== is)
    add(
      was === '' ? 'safe' : 'breaking',
      before.name,
      `the key was ${was === '' ? 'none' : was}, it is ${is === '' ? 'none' : is}`,
    );
}

/** Types that a reader of the first can read. */
const wider: Readonly<Partial<Record<LogicalType, readonly LogicalType[]>>> = {
  integer: ['number', 'decimal'],
  decimal: ['number'],
  date: ['timestamp'],
};
function diffFields(
  before: ContractField,
  after: ContractField,
  where: string,
  add: (impact: Impact, message: string) => void,
): void {
  if (before.type !== after.type && before.type !== undefined) {
    const widened = after.type !== undefined && wider[before.type]?.includes(after.type) === true;
    add(widened ? 'risky' : 'breaking', `its type was ${before.type}, it is ${after.type ?? 'none'}`);
  }
  if (before.required && !after.required) add('breaking', 'it may be missing now');
  if (!before.required && after.required) add('safe', 'it is never missing now');
  if (before.unique && !after.unique) add('breaking', 'it may be there twice now');
  if (!before.unique && after.unique) add('safe', 'it is unique now');
  diffSets(before, after, add);
  diffRange(before, after, 'minimum', (was, is) => is < was, add);
  diffRange(before, after, 'maximum', (was, is) => is > was, add);
  diffRange(before, after, 'minLength', (was, is) => is < was, add);
  diffRange(before, after, 'maxLength', (was, is) => is > was, add);
  diffRange(before, after, 'precision', (was, is) => is > was, add);
  diffRange(before, after, 'scale', (was, is) => is > was, add);
  for (const key of ['format', 'pattern', 'physicalType', 'classification'] as const)
    if (before[key] !== after[key])
      add(
        before[key] === undefined ? 'safe' : 'risky',
        `its ${key} was ${before[key] ?? 'none'}, it is ${after[key] ?? 'none'}`,
      );
  if (before.fields !== undefined || after.fields !== undefined) {
    const inner = (fields: readonly ContractField[] | undefined): ContractTable => ({
      name: where,
      fields: fields ?? [],
      quality: [],
    });
    diffTables(inner(before.fields), inner(after.fields), (impact, at, message) => {
      add(impact, `${at.slice(where.length + 1)}: ${message}`);
    });
  }
}
function diffSets(
  { enum: was }: ContractField,
  { enum: is }: ContractField,
  add: (impact: Impact, message: string) => void,
): void {
  if (was === undefined && is === undefined) return;
  if (was === undefined) return add('safe', `it is one of ${is!.join(', ')} now`);
  if (is === undefined) return add('breaking', 'it may be any value now');
  const [more, fewer] = [is.filter((v) => !was.includes(v)), was.filter((v) => !is.includes(v))];
  if (more.length > 0) add('breaking', `it may be ${more.join(', ')} now`);
  if (fewer.length > 0) add('safe', `it is never ${fewer.join(', ')} now`);
}
function diffRange(
  before: ContractField,
  after: ContractField,
  key: 'minimum' | 'maximum' | 'minLength' | 'maxLength' | 'precision' | 'scale',
  isWider: (was: number | string, is: number | string) => boolean,
  add: (impact: Impact, message: string) => void,
): void {
  const [was, is] = [before[key], after[key]];
  if (was === is) return;
  const loosened = was !== undefined && (is === undefined || isWider(was, is));
  const hard = key === 'precision' || key === 'scale' || key === 'maxLength';
  add(
    loosened ? (hard ? 'breaking' : 'risky') : 'safe',
    `its ${key} was ${was ?? 'none'}, it is ${is ?? 'none'}`,
  );
}
function diffSla({ sla: before }: Contract, { sla: after }: Contract, add: Add): void {
  const compare = (name: string, was: number | undefined, is: number | undefined, more: boolean): void => {
    if (was === is) return;
    const better = was === undefined || (is !== undefined && (more ? is > was : is < was));
    add(
      better ? 'safe' : 'breaking',
      'sla',
      `${name} was ${was ?? 'not promised'}, it is ${is ?? 'not promised'}`,
    );
  };
  const hours = (ms: number | undefined): number | undefined =>
    ms === undefined ? undefined : ms / 3_600_000;
  compare('the greatest delay in hours', hours(before.freshnessMs), hours(after.freshnessMs), false);
  compare('completeness', before.completeness, after.completeness, true);
  compare('the tolerance of duplicates', before.duplicateTolerance, after.duplicateTolerance, false);
}

/** Semantic versioning: what breaks is a new major version, what is new a minor one. */
function neededVersion(before: Contract, after: Contract, changes: readonly Change[]): string | undefined {
  if (changes.length === 0) return undefined;
  const parts = (version: string): number[] =>
    version
      .split(/[.+-]/)
      .slice(0, 3)
      .map((p) => Number(p) || 0);
  const [major = 0, minor = 0, patch = 0] = parts(before.version);
  const [nowMajor = 0, nowMinor = 0, nowPatch = 0] = parts(after.version);
  if (changes.some((c) => c.impact === 'breaking')) return nowMajor > major ? undefined : `${major + 1}.0.0`;
  const greater = nowMajor > major || (nowMajor === major && nowMinor > minor);
  if (changes.some((c) => c.impact === 'risky')) return greater ? undefined : `${major}.${minor + 1}.0`;
  return greater || nowPatch > patch ? undefined : `${major}.${minor}.${patch + 1}`;
}
