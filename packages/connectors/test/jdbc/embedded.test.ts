import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import pg from 'pg';
import { realWorld } from '#host';
import { postgresStatus, startPostgres, stopPostgres } from '../../src/jdbc/embedded/service.ts';
import { isAlive } from '../../src/jdbc/embedded/lock.ts';
import { servicesFolder } from './server.ts';

const world = realWorld();
const folders: string[] = [];
function folder(): string {
  const made = servicesFolder();
  folders.push(made);
  return made;
}
afterEach(async () => {
  for (const made of folders.splice(0)) {
    await stopPostgres(world, made);
    rmSync(made, { recursive: true, force: true });
  }
});

const record = (path: string): { pid?: number; dataFolder: string; port: number } =>
  JSON.parse(readFileSync(join(path, 'postgres.json'), 'utf8'));

async function one(path: string): Promise<string> {
  const address = (await postgresStatus(world, path))!;
  const client = new pg.Client(address);
  await client.connect();
  const { rows } = await client.query<{ v: string }>(
    `SELECT count(*) || ' of ' || current_database() AS v FROM pg_tables WHERE tablename = 'kept'`,
  );
  await client.query('CREATE TABLE IF NOT EXISTS kept (n int)');
  await client.end();
  return rows[0]!.v;
}

/** A process that uses the server of `path` until it is ended; resolves once it has it. */
async function user(path: string): Promise<ChildProcess> {
  const service = new URL('../../src/jdbc/embedded/service.ts', import.meta.url).href;
  const host = new URL('../../../host/src/index.ts', import.meta.url).href;
  const text = `const { usePostgres } = await import(${JSON.stringify(service)}); const { realWorld } = await import(${JSON.stringify(host)});
    await usePostgres(realWorld(), ${JSON.stringify(path)}); console.log('ready'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--conditions=millrace-source', '--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => {
      resolve();
    });
    child.once('exit', () => {
      reject(new Error('the process ended'));
    });
  });
  return child;
}
const ended = (child: ChildProcess): Promise<number | string | null> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code ?? signal);
    });
  });
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
}

test('up, up again, down: the data stays, and no one else can read the password', async () => {
  const path = folder();
  expect(await postgresStatus(world, path)).toBeUndefined();
  const first = await startPostgres(world, path);
  expect(await startPostgres(world, path)).toEqual(first);
  expect(await one(path)).toBe('0 of millrace');
  expect(statSync(join(path, 'postgres.json')).mode & 0o077).toBe(0);
  expect(await stopPostgres(world, path)).toBe(true);
  expect(await stopPostgres(world, path)).toBe(false);
  expect(await startPostgres(world, path)).toEqual(first);
  expect(await one(path)).toBe('1 of millrace');
});

test('two processes share a server, and the last one stops it, also by a signal', async () => {
  const path = folder();
  const [a, b] = await Promise.all([user(path), user(path)]);
  const { pid } = record(path);
  a.kill('SIGINT');
  expect(await ended(a)).toBe(130);
  expect(isAlive(pid!)).toBe(true);
  expect(await one(path)).toBe('0 of millrace');
  b.kill('SIGTERM');
  expect(await ended(b)).toBe(143);
  await until(() => !isAlive(pid!));
  expect(isAlive(pid!)).toBe(false);
});

test('a process that was killed leaves a server that the next one takes over', async () => {
  const path = folder();
  const killed = await user(path);
  const { pid } = record(path);
  killed.kill('SIGKILL');
  await ended(killed);
  const next = await user(path);
  expect(record(path).pid).toBe(pid);
  next.kill('SIGTERM');
  await ended(next);
  await until(() => !isAlive(pid!));
  expect(isAlive(pid!)).toBe(false);
});

test('a stale pid file and a stale lock do not stand in the way', async () => {
  const path = folder();
  await startPostgres(world, path);
  const { dataFolder, pid } = record(path);
  process.kill(pid!, 'SIGKILL');
  await until(() => !isAlive(pid!));
  // The number now belongs to a process that is no PostgreSQL: this one.
  const file = join(dataFolder, 'postmaster.pid');
  expect(existsSync(file)).toBe(true);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)));
  writeFileSync(join(path, 'postgres.lock'), String(pid));
  await startPostgres(world, path);
  expect(await one(path)).toBe('0 of millrace');
});

test('a project that is closed to others has its data under the temporary folder', async () => {
  if (process.getuid?.() !== 0) return;
  const closed = mkdtempSync(join(tmpdir(), 'millrace-closed-'));
  chmodSync(closed, 0o700);
  const path = join(closed, '.millrace', 'services');
  mkdirSync(path, { recursive: true });
  folders.push(path);
  await startPostgres(world, path);
  const { dataFolder } = record(path);
  expect(dataFolder.startsWith(join(tmpdir(), 'millrace-'))).toBe(true);
  expect(dataFolder.startsWith(closed)).toBe(false);
  await stopPostgres(world, path);
  rmSync(join(dataFolder, '..', '..'), { recursive: true });
  rmSync(closed, { recursive: true });
});

test('jdbc:postgresql:embedded: a table that is made, filled, read back, and still there in the next run', async () => {
  const path = folder();
  const runner = new URL('../run-sql.ts', import.meta.url).href;
  const sql = `
    CREATE TABLE counts (k INT, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql:embedded', 'table-name' = 'counts');
    INSERT INTO counts SELECT k, COUNT(*) FROM (VALUES (1), (2), (1)) AS v(k) GROUP BY k;
    SELECT k, n FROM counts;`;
  const text = `const { runSql } = await import(${JSON.stringify(runner)}); console.log((await runSql(${JSON.stringify(sql)})).changes.sort().join(' '));`;
  const run = async (): Promise<string> => {
    const child = spawn(
      process.execPath,
      ['--conditions=millrace-source', '--input-type=module', '-e', text],
      {
        cwd: path,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    expect(await ended(child)).toBe(0);
    return out.trim();
  };
  expect(await run()).toBe('+I[1, 2] +I[2, 1]');
  const { pid, dataFolder } = record(join(path, '.millrace', 'services'));
  expect(pid).toBeUndefined();
  await until(() => !existsSync(join(dataFolder, 'postmaster.pid')));
  expect(existsSync(join(dataFolder, 'postmaster.pid'))).toBe(false);
  expect(await run()).toBe('+I[1, 2] +I[2, 1]');
  await until(() => !existsSync(join(dataFolder, 'postmaster.pid')));
});

test('a job goes on when its embedded server was killed', async () => {
  const path = folder();
  const runner = new URL('../run-sql.ts', import.meta.url).href;
  const sql = `
    CREATE TABLE ticks (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '500', 'fields.n.kind' = 'sequence',
      'fields.n.start' = '1', 'fields.n.end' = '2500');
    CREATE TABLE kept (n BIGINT, PRIMARY KEY (n) NOT ENFORCED) WITH ('connector' = 'jdbc',
      'url' = 'jdbc:postgresql:embedded', 'table-name' = 'kept_rows', 'sink.max-retries' = '10');
    INSERT INTO kept SELECT n FROM ticks;
    SELECT COUNT(*) FROM kept;`;
  const text = `const { runSql } = await import(${JSON.stringify(runner)});
    console.log((await runSql(${JSON.stringify(sql)})).changes.at(-1));`;
  const child = spawn(process.execPath, ['--conditions=millrace-source', '--input-type=module', '-e', text], {
    cwd: path,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const services = join(path, '.millrace', 'services');
  const pid = (): number | undefined =>
    existsSync(join(services, 'postgres.json')) ? record(services).pid : undefined;
  await until(() => pid() !== undefined);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const killed = pid()!;
  process.kill(killed, 'SIGKILL');
  expect(await ended(child)).toBe(0);
  expect(out.trim()).toBe('+U[2500]');
  await until(() => !existsSync(join(record(services).dataFolder, 'postmaster.pid')));
}, 180_000);
