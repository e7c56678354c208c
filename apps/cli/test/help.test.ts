/* What the command says about itself: every command has examples, and they run; the version; completion of shells. */

import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examples } from '../src/examples.ts';
import { Workspace } from './process.ts';

const work = new Workspace();
const savepoint = join(import.meta.dirname, '../../../packages/engine/test/fixtures/savepoint-v1');
beforeAll(async () => {
  work.file(
    'tables.sql',
    "CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '3');\n",
  );
  work.file(
    'pipeline.sql',
    "CREATE TABLE src (n BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '3');\nCREATE TABLE dst (n BIGINT) WITH ('connector' = 'print');\nINSERT INTO dst SELECT n FROM src;\n",
  );
  work.file('data/a.csv', 'id,name\n1,a\n');
  const letter = { job: 'j', table_name: 'orders', stage: 'decode', code: 'FMT1001', message: 'no JSON' };
  work.file(
    '.millrace/dlq/orders/part-1',
    `${JSON.stringify({ ...letter, content: 'record', replayed: 0 })}\n`,
  );
  cpSync(savepoint, work.path('sp/savepoint-1'), { recursive: true });
  work.file('tests/hits.slt', 'CREATE VIEW v AS SELECT 1 AS n;\nrows v\n  1\n');
  const user = (...fields: string[]): string =>
    `{"type":"record","name":"User","fields":[${fields.join(',')}]}`;
  const id = '{"name":"id","type":"long"}';
  work.file('user-v1.avsc', user(id));
  work.file('user.avsc', user(id, '{"name":"email","type":["null","string"],"default":null}'));
  expect((await work.run(['services', 'up', 'kafka', 'registry'])).code).toBe(0);
});
afterAll(async () => {
  await work.run(['services', 'down', 'kafka', 'registry']);
  work.close();
});

describe.each(Object.keys(examples))('%s', (command) => {
  test('has at least two examples in its help', async () => {
    const { out, code } = await work.run([command, '--help']);
    expect(code).toBe(0);
    expect(examples[command]!.length).toBeGreaterThanOrEqual(2);
    for (const line of examples[command]!) expect(out).toContain(line);
  });
  test.each(examples[command]!)('%s', async (line) => {
    const { code, err } = await work.shell(line);
    expect(err).not.toContain('error');
    expect(code, err).toBe(0);
  });
});

test('every command of the program has examples', async () => {
  const { out } = await work.run(['--help']);
  const commands = [...out.slice(out.indexOf('Commands:')).matchAll(/^ {2}(\w+) /gm)].map((m) => m[1]!);
  expect(commands.filter((c) => c !== 'help').sort()).toEqual(Object.keys(examples).sort());
});
test('every flag of the program stands in its page', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/command.md'), 'utf8');
  const pages = await Promise.all(Object.keys(examples).map((name) => work.run([name, '--help'])));
  const lines = pages.flatMap(({ out }) => out.split('\n')).filter((line) => line.startsWith('  -'));
  const flags = new Set(lines.flatMap((line) => /--[a-z-]+/.exec(line.slice(0, 30)) ?? []));
  expect(flags.size).toBeGreaterThan(20);
  expect([...flags].filter((flag) => flag !== '--help' && !page.includes(flag))).toEqual([]);
});
test('--version is that of the package', async () => {
  const { version } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'),
  ) as { version: string };
  expect((await work.run(['--version'])).out).toBe(`${version}\n`);
});
test('bash completes commands, actions and options', async () => {
  const complete = async (...words: readonly string[]): Promise<string[]> => {
    const set = `COMP_WORDS=(${words.map((w) => `'${w}'`).join(' ')}); COMP_CWORD=${words.length - 1}`;
    const { out } = await work.shell(
      `source <(millrace completion bash); ${set}; _millrace; printf '%s\\n' "\${COMPREPLY[@]}"`,
    );
    return out.trim().split('\n');
  };
  expect(await complete('millrace', 'ex')).toEqual(['explain']);
  expect(await complete('millrace', 'dlq', 're')).toEqual(['replay']);
  expect(await complete('millrace', 'topic', 'reset')).toEqual(['reset-offsets']);
  expect(await complete('millrace', 'sql', '--form')).toEqual(['--format']);
  expect(await complete('millrace', 'sql', '--format', 'c')).toEqual(['csv']);
  expect(await complete('millrace', 'services', 'up', 'ka')).toEqual(['kafka']);
});
const missing = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status !== 0;
test.skipIf(missing('fish'))('fish completes them too (apt-get install fish)', async () => {
  const { out } = await work.shell(
    `millrace completion fish > m.fish; for l in 'ex' 'services ' 'services up ' 'sql --format ' 'topic reset'; do fish -c "source m.fish; complete -C 'millrace $l'" | cut -f 1; echo -; done`,
  );
  const sets = out.split('-\n').map((text) => text.trim().split('\n'));
  expect(sets.slice(0, 3)).toEqual([['explain'], ['down', 'list', 'up'], ['kafka', 'postgres', 'registry']]);
  expect(sets[3]).toContain('csv');
  expect(out).toContain('reset-offsets');
});
test.skipIf(missing('zsh'))('zsh takes the completion (apt-get install zsh)', async () => {
  expect(await work.shell('millrace completion zsh > _millrace && zsh -n _millrace')).toMatchObject({
    code: 0,
    err: '',
  });
});
test('completion of a shell that is not known', async () => {
  expect(await work.run(['completion', 'tcsh'])).toMatchObject({ code: 2 });
});
