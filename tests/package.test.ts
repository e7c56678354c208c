/* The package as a user gets it: compiled, packed, installed from the tarball into an empty folder, and used there: the
 * command, the library, the test kit, and the types. Needs the registry, or npm's cache of the dependencies. */

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'millrace-package-'));
const user = join(folder, 'user');
const tsc = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js');

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}
function run(command: string, args: readonly string[], cwd: string): Ran {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 60_000 });
  return { status, out: stdout ?? '', err: stderr ?? '' };
}
function must(command: string, args: readonly string[], cwd: string): string {
  const { status, out, err } = run(command, args, cwd);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${out}${err}`);
  return out;
}
const node = (...args: readonly string[]): Ran => run(process.execPath, args, user);

/** Why the package could not be installed, where that is no fault of it. */
let offline: string | undefined;

beforeAll(() => {
  const stage = join(folder, 'stage');
  mkdirSync(join(stage, 'apps', 'cli'), { recursive: true });
  must(
    process.execPath,
    [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', join(stage, 'dist')],
    root,
  );
  cpSync(join(root, 'package.json'), join(stage, 'package.json'));
  cpSync(join(root, 'apps', 'cli', 'bin'), join(stage, 'apps', 'cli', 'bin'), { recursive: true });
  for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md'])
    if (existsSync(join(root, file))) cpSync(join(root, file), join(stage, file));
  must('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], stage);
  const tarball = readdirSync(folder).find((f) => f.endsWith('.tgz'))!;
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "name": "user", "private": true, "type": "module" }');
  const { status, err } = run(
    'npm',
    [
      'install',
      '--prefer-offline',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      join(folder, tarball),
    ],
    user,
  );
  if (status === 0) return;
  offline = `npm install failed: ${err.split('\n').find((l) => l.includes('npm error')) ?? `status ${status}`}`;
  const network = /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENOTCACHED|network/.test(err);
  if (!network || process.env['CI'] === 'true') throw new Error(`${offline}\n${err}`);
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the installed package', () => {
  test('brings what it needs and nothing of the workshop', (context) => {
    if (offline !== undefined) return context.skip(offline);
    const own = readdirSync(join(user, 'node_modules', 'millrace'), { recursive: true, encoding: 'utf8' });
    expect(own.filter((f) => /\.test\.|\/test\/|packages\/[a-z]+\/src\/[^/]*(?<!\.d)\.ts$/.test(f))).toEqual(
      [],
    );
    expect(own).toContain(join('dist', 'apps', 'library', 'src', 'index.js'));
    expect(existsSync(join(user, 'node_modules', 'typescript'))).toBe(false);
  });

  test('the command runs SQL', (context) => {
    if (offline !== undefined) return context.skip(offline);
    writeFileSync(
      join(user, 'count.sql'),
      `CREATE TABLE out_t (k STRING, n BIGINT) WITH ('connector' = 'print');
      INSERT INTO out_t SELECT k, COUNT(*) FROM (VALUES ('a', 1), ('a', 2)) AS x (k, v) WHERE v > 1 GROUP BY k;`,
    );
    const ran = node('node_modules/.bin/millrace', 'run', 'count.sql');
    expect(ran.err + ran.out).toContain('a, 1');
    expect(ran.status).toBe(0);
    const wrong = node('node_modules/.bin/millrace', 'sql', '-e', 'SELECT nothing FROM missing');
    expect(wrong.status).toBe(2);
    expect(wrong.err).toContain('CAT2002');
  });

  test('the command runs test files', (context) => {
    if (offline !== undefined) return context.skip(offline);
    writeFileSync(
      join(user, 'one.slt'),
      `CREATE TABLE t (v INT) WITH ('connector' = 'test');
CREATE VIEW s AS SELECT SUM(v) AS s FROM t;
push t
  1
  2
rows s
  3
`,
    );
    const ran = node('node_modules/.bin/millrace', 'test', 'one.slt');
    expect(ran.out).toContain('0 failed');
    expect(ran.status).toBe(0);
  });

  test('the library and the test kit', (context) => {
    if (offline !== undefined) return context.skip(offline);
    writeFileSync(
      join(user, 'use.mjs'),
      `import { Millrace } from 'millrace';
import { modes } from 'millrace/testkit';
const m = new Millrace();
m.createTable('clicks', { schema: { page: 'STRING', n: 'INT' }, from: [{ page: 'a', n: 1 }, { page: 'b', n: 2 }, { page: 'a', n: 3 }] });
let last;
for await (const { kind, row } of m.query('SELECT page, SUM(n) AS s FROM clicks GROUP BY page')) if (row.page === 'a') last = kind + row.s;
console.log(last, modes.length);
`,
    );
    const ran = node('use.mjs');
    expect(ran.err).toBe('');
    expect(ran.out.trim()).toBe('+U4 5');
    // Some workspaces resolve every package to its sources: here they are not ours to find.
    expect(node('--conditions=source', 'use.mjs').out.trim()).toBe('+U4 5');
  });

  test('the embedded Kafka', (context) => {
    if (offline !== undefined) return context.skip(offline);
    writeFileSync(
      join(user, 'broker.mjs'),
      `import { Millrace } from 'millrace';
import { Broker } from 'millrace/broker';
const broker = await Broker.start();
broker.topics.create('in');
broker.topics.create('out');
broker.produce('in', [{ value: '{"n":1}' }, { value: '{"n":2}' }]);
const m = new Millrace();
const table = (name, more) => \`CREATE TABLE t_\${name} (n INT) WITH ('connector' = 'kafka', 'topic' = '\${name}', 'format' = 'json',
  'properties.bootstrap.servers' = '\${broker.bootstrapServers}'\${more});\`;
const bounded = ", 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset'";
const job = await m.execute(table('in', bounded) + table('out', '') + 'INSERT INTO t_out SELECT n * 10 FROM t_in');
await job.done;
console.log(broker.read('out').map((r) => String(r.value)).join());
await broker.stop();
`,
    );
    const ran = node('broker.mjs');
    expect(ran.err).toBe('');
    expect(ran.out.trim()).toBe('{"n":10},{"n":20}');
    const up = node('node_modules/.bin/millrace', 'services', 'up', 'kafka', '--data', 'kafka-data');
    try {
      expect(up.out).toMatch(/^kafka: running at 127\.0\.0\.1:\d+/);
      expect(node('node_modules/.bin/millrace', 'topic', 'create', 't').out).toBe('created t\n');
    } finally {
      expect(node('node_modules/.bin/millrace', 'services', 'down', 'kafka').out).toBe('kafka: stopped\n');
    }
  });

  test('the types', (context) => {
    if (offline !== undefined) return context.skip(offline);
    writeFileSync(
      join(user, 'use.ts'),
      `import { Millrace } from 'millrace';
import { Broker, type BrokerOptions } from 'millrace/broker';
import { runTestFile, type TestOutcome } from 'millrace/testkit';
const m: Millrace = new Millrace();
const options: BrokerOptions = { config: { 'num.partitions': '3' } };
const broker: Promise<Broker> = Broker.start(options);
const lags: Promise<number[]> = broker.then((b) => b.lag('group').map((p) => p.lag));
const outcomes: Promise<readonly TestOutcome[]> = runTestFile('', { mode: 'plain', connectors: new Map() });
// @ts-expect-error a number is no SQL
m.query(5);
void outcomes;
void lags;
`,
    );
    const args = [
      tsc,
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--skipLibCheck',
      '--types',
      'node',
      '--typeRoots',
      join(root, 'node_modules', '@types'),
      'use.ts',
    ];
    const ran = run(process.execPath, args, user);
    expect(ran.out).toBe('');
  });
});
