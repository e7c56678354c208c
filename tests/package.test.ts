/* The package as a user gets it: compiled, packed, installed from the tarball into an empty folder, and used there: the
 * command, the library, the test kit, and the types, by the workshop's own compiler or by MILLRACE_COMPILERS of them, as
 * `npm run proof -- package` has it. Needs the registry, or npm's cache of the dependencies. */

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'millrace-package-'));
const user = join(folder, 'user');
const tsc = join('lib', 'tsc.js');
/** By version: the workshop's own, and those that are installed beside the package. */
const compilers = [
  { version: '7', path: join(root, 'node_modules', 'typescript', tsc) },
  {
    version: '6',
    path: join(user, 'node_modules', 'typescript-6', tsc),
    install: 'typescript-6@npm:typescript@6',
  },
  {
    version: '5.9',
    path: join(user, 'node_modules', 'typescript-5', tsc),
    install: 'typescript-5@npm:typescript@5.9',
  },
].slice(0, Number(process.env['MILLRACE_COMPILERS'] ?? 1));

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}
function run(command: string, args: readonly string[], cwd: string, timeout = 60_000): Ran {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout });
  return { status, out: stdout ?? '', err: stderr ?? '' };
}
function must(command: string, args: readonly string[], cwd: string, timeout?: number): string {
  const { status, out, err } = run(command, args, cwd, timeout);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${out}${err}`);
  return out;
}
const node = (...args: readonly string[]): Ran => run(process.execPath, args, user);

/** Why the package could not be installed, where that is no fault of it. */
let offline: string | undefined;

beforeAll(() => {
  // From the sources: packing builds first, whatever lies in dist/.
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  must('npm', ['pack', '--pack-destination', folder], root, 120_000);
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
      ...compilers.flatMap(({ install }) => install ?? []),
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

  test('checks of files name the peer that they need', (context) => {
    if (offline !== undefined) return context.skip(offline);
    writeFileSync(join(user, 'a.csv'), 'n\n1\n');
    const ran = node('node_modules/.bin/millrace', 'validate', '--input', 'a.csv', '--checks', 'all');
    const { peerDependencies: peers } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      peerDependencies: Record<string, string>;
    };
    expect(ran.err).toContain(`npm install @duckdb/node-api@${peers['@duckdb/node-api']}`);
    expect(ran.status).toBe(2);
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
import { Registry } from 'millrace/registry';
const broker = await Broker.start();
const registry = await Registry.start({ kafka: { 'bootstrap.servers': broker.bootstrapServers } });
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
console.log(await (await fetch(registry.url + '/subjects')).text());
await registry.stop();
await broker.stop();
`,
    );
    const ran = node('broker.mjs');
    expect(ran.err).toBe('');
    expect(ran.out.trim()).toBe('{"n":10},{"n":20}\n[]');
    const up = node('node_modules/.bin/millrace', 'services', 'up', 'kafka', '--data', 'kafka-data');
    try {
      expect(up.out).toMatch(/^kafka: running at 127\.0\.0\.1:\d+/);
      expect(node('node_modules/.bin/millrace', 'topic', 'create', 't').out).toBe('created t\n');
    } finally {
      expect(node('node_modules/.bin/millrace', 'services', 'down', 'kafka').out).toBe('kafka: stopped\n');
    }
  });

  test.for(compilers)(
    'the types under TypeScript $version, libraries checked, no types asked for',
    ({ path }, context) => {
      if (offline !== undefined) return context.skip(offline);
      writeFileSync(
        join(user, 'use.ts'),
        `import { ExternalError, Millrace, UserError, type Job } from 'millrace';
import { Broker, type BrokerOptions } from 'millrace/broker';
import { Registry, type RegistryOptions } from 'millrace/registry';
import { runTestFile, type TestOutcome } from 'millrace/testkit';
import { expect, openFile, type ValidationResult } from 'millrace/quality';
export const checked = async (): Promise<ValidationResult> => await expect(await openFile('a.csv')).column('n').toBeBetween(0, 1);
interface Click { page: string; n: number }
const clicks: Click[] = [];
const m: Millrace = new Millrace();
m.createTable('clicks', { schema: { page: 'STRING', n: 'INT' }, from: clicks });
m.createTable('shown', { schema: { page: 'STRING' }, into: ({ kind, row }: { kind: string; row: Click }) => [kind, row.page] });
export const rows: Promise<Click[]> = m.collect<Click>('SELECT * FROM clicks', { signal: AbortSignal.timeout(1000) });
export const job: Promise<Job | undefined> = m.execute('INSERT INTO shown SELECT page FROM clicks');
export const errors = [UserError, ExternalError];
const options: BrokerOptions = { config: { 'num.partitions': '3' } };
const broker: Promise<Broker> = Broker.start(options);
const places: RegistryOptions = { port: 0, compatibilityLevel: 'FULL' };
export const registry: Promise<string> = Registry.start(places).then((r: Registry) => r.url);
export const lags: Promise<number[]> = broker.then((b) => b.lag('group').map((p) => p.lag));
export const outcomes: Promise<readonly TestOutcome[]> = runTestFile('', { mode: 'plain', connectors: new Map() });
// @ts-expect-error a number is no SQL
m.query(5);
`,
      );
      // A program for browsers too has `dom`; one for servers alone lacks what only that declares.
      for (const lib of [['es2023', 'dom'], ['es2023']]) {
        const compilerOptions = {
          noEmit: true,
          strict: true,
          module: 'nodenext',
          target: 'es2022',
          lib,
          types: [],
          skipLibCheck: false,
        };
        writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ files: ['use.ts'], compilerOptions }));
        expect(run(process.execPath, [path, '-p', '.'], user).out, String(lib)).toBe('');
      }
    },
  );

  test('an older Node is told so in one line, by the command and by the library', (context) => {
    if (offline !== undefined) return context.skip(offline);
    const old = olderNode();
    if (old === undefined) return context.skip('there is no older Node here');
    writeFileSync(join(user, 'old.mjs'), "import 'millrace';\n");
    for (const args of [['node_modules/.bin/millrace', 'sql', '-e', 'SELECT 1'], ['old.mjs']]) {
      const { status, out, err } = run(old, args, user);
      expect({ status, out }).toEqual({ status: 2, out: '' });
      expect(err).toMatch(/^Millrace needs Node 22\.22 or later; this is v\d+\.\d+\.\d+\.\n$/);
    }
  });
});

/** A Node on the PATH that is too old. */
function olderNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':').filter((f) => !f.includes('node_modules'));
  return folders
    .map((f) => join(f, 'node'))
    .find((file) => existsSync(file) && Number(/^v(\d+)/.exec(run(file, ['--version'], user).out)?.[1]) < 22);
}
