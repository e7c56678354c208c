/* Plan files: SQL in, EXPLAIN's optimized plan or the error's text out. A file begins with what it shows and the statements
 * that every case starts from; cases stand between lines of dashes, `SQL`, `=>`, the golden text. With MILLRACE_UPDATE=1
 * the texts are written anew, and a person reads the difference. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BugError, renderError, toMillraceError } from '#base';
import { streamChecksFrom } from '#contracts';
import { Executor } from '#engine';
import { modulesFrom, textsFrom } from '#host';
import { planText } from '#plan';
import { parseScript, type Statement } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';

const root = import.meta.dirname;
const between = '\n----\n';
const update = process.env['MILLRACE_UPDATE'] === '1';

const loadChecks = streamChecksFrom(textsFrom(join(root, 'suites')));

async function executorAfter(setup: string): Promise<Executor> {
  const executor = new Executor({
    world: new SimWorld(1),
    connectors: new Map([['test', testConnector(new TestBoard())]]),
    loadChecks,
    loadModule: modulesFrom(root),
  });
  for (const { statement } of parseScript(setup)) await executor.execute(statement);
  return executor;
}
const plans = (
  statement: Statement,
): statement is Extract<Statement, { kind: 'select-statement' | 'insert' | 'statement-set' }> =>
  statement.kind === 'select-statement' || statement.kind === 'insert' || statement.kind === 'statement-set';

/** The plan of the case's last statement; those in front of it are run. */
async function planOf(setup: string, sql: string): Promise<string> {
  const executor = await executorAfter(setup);
  const statements = parseScript(sql).map((s) => s.statement);
  for (const statement of statements.slice(0, -1)) await executor.execute(statement);
  const last = statements.at(-1)!;
  if (!plans(last)) throw new TypeError(`a ${last.kind} has no plan`);
  await executor.completed(last);
  return planText(executor.plan(last).plan)
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
/** What its user sees of the case's error. */
async function errorOf(setup: string, sql: string): Promise<string> {
  const executor = await executorAfter(setup);
  try {
    for (const { statement } of parseScript(sql)) {
      if (plans(statement)) {
        await executor.completed(statement);
        executor.plan(statement);
      } else await executor.execute(statement);
    }
  } catch (thrown) {
    const error = toMillraceError(thrown);
    if (error instanceof BugError) throw error;
    return renderError(error, { text: sql });
  }
  return '(no error)';
}

async function check(
  file: string,
  goldenOf: (setup: string, sql: string) => Promise<string>,
): Promise<string[]> {
  const path = join(root, file);
  const [head, ...cases] = readFileSync(path, 'utf8').trimEnd().split(between);
  const setup = head!
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  const golden = [head!];
  const texts: string[] = [];
  for (const text of cases) {
    const sql = text.split('\n=>\n')[0]!.replace(/\n=>$/, '');
    texts.push(await goldenOf(setup, sql));
    golden.push(`${sql}\n=>\n${texts.at(-1)!}`);
  }
  const whole = `${golden.join(between)}\n`;
  if (update) writeFileSync(path, whole);
  expect(readFileSync(path, 'utf8').split(between)).toEqual(whole.split(between));
  return texts;
}

const files = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((f) => f.endsWith('.txt'))
    .sort()
    .map((f) => join(folder, f));

describe('plans', () => {
  test.each(files('.'))('%s', async (file) => {
    await check(file, planOf);
  });
});
describe('errors', () => {
  test.each(files('errors'))('%s', async (file) => {
    expect(await check(file, errorOf)).not.toContain('(no error)');
  });
});
