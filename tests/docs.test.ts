/* The documentation is run: what README.md and docs/ show as SQL is planned, as a test file is run, as a
 * program is type-checked and run; what is taken from a file (```ts path) stands there. A block that must not run says so: ```sql ignore. */

import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { DraftDisk, MemoryDisk, worldOn } from '#base';
import type { ConnectorRegistry } from '#catalog';
import { connectors, embeddedConnector, modelProviders } from '#connectors';
import { Executor } from '#engine';
import { streamChecksFrom } from '#contracts';
import { modulesFrom, realWorld } from '#host';
import { parseScript, type Statement } from '#sql';
import { runTestFile, TestBoard, testConnector } from '#testkit';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);

/** A fenced block: the words behind its fence, the line its text begins at, the text. */
interface Block {
  readonly page: string;
  readonly info: string;
  readonly line: number;
  readonly text: string;
}

function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { info: string; line: number; lines: string[] } | undefined;
  for (const [i, line] of readFileSync(join(root, page), 'utf8').split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { info: fence[1]!.trim(), line: i + 2, lines: [] };
    else {
      blocks.push({ page, info: open.info, line: open.line, text: open.lines.join('\n') });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${page}: the block at line ${open.line} has no end`);
  return blocks;
}

const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
const pages = ['README.md', ...docs.filter((f) => f.endsWith('.md')).map((f) => `docs/${f}`)].sort();
const blocks = pages.flatMap(blocksOf);
const sqlPages = pages.filter((page) => blocks.some((b) => b.page === page && b.info === 'sql'));
const testFiles = blocks.filter((b) => b.info === '' && /^CREATE\b/.test(b.text) && /^push /m.test(b.text));
const programs = blocks.filter((b) => b.info === 'ts' && /from 'millrace(\/\w+)?'/.test(b.text));
const commands = blocks.flatMap((b) =>
  [...b.text.matchAll(/^npx millrace sql -e "([^"]*)"/gm)].map((match) => ({ ...b, text: match[1]! })),
);

function newExecutor(): Executor {
  const embedded = embeddedConnector({ folder: () => 'tables', disk: new MemoryDisk() });
  const registry: ConnectorRegistry = new Map(
    [...connectors, embedded, testConnector(new TestBoard())].map((connector) => [connector.name, connector]),
  );
  const loadModule = modulesFrom(join(root, 'examples/functions'));
  // Catalogs in folders are made in memory.
  const real = realWorld();
  const world = worldOn(real, new DraftDisk(real.disk));
  return new Executor({ world, connectors: registry, modelProviders, loadModule, loadChecks });
}
/** A suite that stands on a page: ```json suites/orders.json. */
const loadChecks = streamChecksFrom(async (path) => {
  const found = blocks.find((b) => b.info === `json ${path}`);
  if (found === undefined) throw new Error(`no page has the suite ${path}`);
  return found.text;
});

/** Statements that would run a job are planned only; the others change the session. */
async function plan(executor: Executor, statement: Statement): Promise<void> {
  switch (statement.kind) {
    case 'select-statement':
    case 'insert':
    case 'statement-set':
      await executor.completed(statement);
      executor.plan(statement);
      return;
    case 'create-table-as':
      executor.tableAs(statement);
      return;
    default:
      await executor.execute(statement);
  }
}

const excerpts = blocks.flatMap((b) => {
  const file = /^ts (\S+\.ts)$/.exec(b.info)?.[1];
  return file === undefined ? [] : [{ ...b, file }];
});

test.each(excerpts)('$page:$line stands in $file', ({ file, text }) => {
  expect(readFileSync(join(root, file), 'utf8')).toContain(text);
});
test('blocks of every sort are found', () => {
  const counts = {
    sql: sqlPages.length,
    tests: testFiles.length,
    programs: programs.length,
    excerpts: excerpts.length,
  };
  expect(Math.min(...Object.values(counts), commands.length), JSON.stringify(counts)).toBeGreaterThan(0);
});

describe.each(sqlPages)('the SQL of %s', (page) => {
  const executor = newExecutor();
  test.each(blocks.filter((b) => b.page === page && b.info === 'sql'))('line $line', async ({ text }) => {
    const statements = parseScript(text);
    expect(statements.length).toBeGreaterThan(0);
    for (const { statement } of statements) await plan(executor, statement);
  });
});

test.each(testFiles)('the test file in $page, line $line', async ({ text }) => {
  const outcomes = await runTestFile(text, { mode: 'plain', connectors: new Map(), loadChecks });
  expect(outcomes).toEqual([{ mode: 'plain', status: 'pass', failure: undefined }]);
});

test.each(commands)('the command in $page, line $line, gives rows', async ({ text }) => {
  expect(text, 'nothing that a shell would change').not.toMatch(/[$`\\]/);
  const executor = newExecutor();
  let changes = 0;
  for (const { statement } of parseScript(text)) {
    const execution = await executor.execute(statement);
    if (execution.kind === 'job') await execution.job.done;
    if (execution.kind !== 'query') continue;
    for (
      let part = await execution.changes.next();
      part !== undefined;
      part = await execution.changes.next()
    ) {
      changes += part.length;
    }
  }
  expect(changes).toBeGreaterThan(0);
});

/** What the programs of README.md take for granted. */
const given = `const clicks = [
  { page: 'home', ts: '2024-01-01 12:00:10' },
  { page: 'cart', ts: '2024-01-01 12:00:20' },
  { page: 'home', ts: '2024-01-01 12:01:20' },
];
`;
const sources: Readonly<Record<string, string>> = {
  millrace: 'apps/library/src/index.ts',
  'millrace/broker': 'apps/library/src/broker.ts',
  'millrace/registry': 'apps/library/src/registry.ts',
  'millrace/quality': 'apps/library/src/quality.ts',
  'millrace/testkit': 'apps/library/src/testkit.ts',
};
const fromSource = (text: string): string =>
  text.replaceAll(/from '(millrace(?:\/\w+)?)'/g, (_, name: string) => `from '../../${sources[name]!}'`);
/** What a program says that it prints, in lines `// → text`. */
const promised = (text: string): string[] =>
  [...text.matchAll(/^ *\/\/ → (.*)$/gm)].map((match) => match[1]!);

describe('programs', () => {
  const folder = join(root, '.cache', 'docs-test');
  const files = programs.map((program, i) => ({ ...program, file: join(folder, `program-${i}.ts`) }));
  mkdirSync(folder, { recursive: true });
  for (const { file, text } of files)
    writeFileSync(file, (text.includes('from: clicks') ? given : '') + fromSource(text));
  const project = {
    extends: '../../tsconfig.json',
    include: ['../../packages/**/*.d.ts'],
    files: files.map(({ file }) => file),
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project));

  test('have the types that they use', async () => {
    const tsc = join(root, 'node_modules/.bin/tsc');
    const checked = await run(tsc, ['-p', folder]).catch((failed: unknown) => failed);
    expect(checked).toMatchObject({ stdout: '' });
  });
  // A test for vitest is no program of its own; those of examples/ are run.
  const alone = files.filter(({ text }) => !text.includes(`from 'vitest'`));
  test.each(alone)('$page, line $line, runs', async ({ file, text }) => {
    const { stdout } = await run(process.execPath, ['--conditions=millrace-source', file], { cwd: root });
    const lines = stdout.trim().split('\n');
    if (text.includes('from: clicks')) expect(stdout).toContain(`page: 'home'`);
    else if (text.includes(`from 'node:test'`)) expect(stdout).toContain('pass 1');
    else expect(lines).toEqual(promised(text));
  });
});
