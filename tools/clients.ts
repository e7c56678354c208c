/* Kafka clients in other languages than ours, for tests that hold the embedded broker against them. Each is installed
 * once, by its own package manager, into .cache/clients:
 *
 *   java      classes compiled against tools/kafka.ts's jars        python    pip: confluent-kafka, which is librdkafka
 *   kcat      Debian's package, unpacked: nothing is installed      go        a program built with modules of its own cache
 */

import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installKafka } from './kafka.ts';

const run = promisify(execFile);
const home = fileURLToPath(new URL('../.cache/clients', import.meta.url));
const confluentKafka = '2.16.1';
const outputBytesMax = 64 << 20;
const installMsMax = 600_000;

/** Runs a program to its end with this on its standard input. Rejects with what it wrote when it ends with an error. */
export async function runProgram(
  program: string,
  args: readonly string[],
  input = '',
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err = (err + text).slice(-8000);
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const status = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}:\n${out.slice(-4000)}\n${err}`);
  return out;
}

async function runs(program: string, ...args: string[]): Promise<boolean> {
  try {
    await run(program, args);
    return true;
  } catch {
    return false;
  }
}

/** A JDK compiles these files, once for each state that they are in; gives the class path. */
export async function compileJava(folder: string): Promise<string> {
  const lib = await installKafka();
  const sources = readdirSync(folder)
    .filter((file) => file.endsWith('.java'))
    .map((file) => join(folder, file));
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(source));
  const classes = join(home, `java-${hash.digest('hex').slice(0, 16)}`);
  if (!existsSync(classes)) {
    mkdirSync(home, { recursive: true });
    const made = mkdtempSync(join(home, 'javac-'));
    await run('javac', ['-nowarn', '-cp', `${lib}/*`, '-d', made, ...sources], { maxBuffer: outputBytesMax });
    try {
      renameSync(made, classes);
    } catch (error) {
      rmSync(made, { recursive: true });
      // Another process came first, or there is something wrong.
      if (!existsSync(classes)) throw error;
    }
  }
  return `${lib}/*:${classes}`;
}
export async function javaMissing(): Promise<string | undefined> {
  return (await runs('javac', '-version')) ? undefined : "a JDK is needed, and 'javac' does not run here";
}

/** Python with confluent-kafka: its environment, or why there is none. */
export async function confluentPython(): Promise<{ readonly env: Record<string, string> } | Missing> {
  if (!(await runs('python3', '--version'))) return { missing: "'python3' does not run here" };
  const folder = join(home, 'python');
  const mark = join(folder, `confluent-kafka-${confluentKafka}`);
  const env = { PYTHONPATH: folder };
  if (existsSync(mark)) return { env };
  mkdirSync(folder, { recursive: true });
  const args = ['-m', 'pip', 'install', '-q', '--no-compile', '--upgrade', '--target', folder];
  return installed(mark, env, () =>
    run('python3', [...args, `confluent-kafka==${confluentKafka}`], { timeout: installMsMax }),
  );
}

export interface Missing {
  readonly missing: string;
}
/** Runs the installation and marks that it was done; gives why it could not be. */
async function installed(
  mark: string,
  env: Record<string, string>,
  install: () => Promise<unknown>,
): Promise<{ readonly env: Record<string, string> } | Missing> {
  try {
    await install();
  } catch (error) {
    return { missing: String(error) };
  }
  writeFileSync(mark, '');
  return { env };
}

/** kcat: its program and environment, or why there is none. */
export async function kcat(): Promise<Program | Missing> {
  if (await runs('kcat', '-V')) return { program: 'kcat', env: {} };
  const folder = join(home, 'kcat');
  const program = join(folder, 'usr/bin/kcat');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const packages = ['kcat', 'librdkafka1', 'libyajl2'];
    const download = (): Promise<unknown> => run('apt-get', ['download', ...packages], { cwd: folder });
    try {
      // Where nobody has fetched the lists of packages yet, that comes first.
      await download().catch(() => run('apt-get', ['update'], { timeout: installMsMax }).then(download));
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb')))
        await run('dpkg', ['-x', join(folder, file), folder]);
    } catch (error) {
      return { missing: `kcat is not installed, and cannot be: ${String(error)}` };
    }
  }
  const libraries = readdirSync(join(folder, 'usr/lib')).map((name) => join(folder, 'usr/lib', name));
  return { program, env: { LD_LIBRARY_PATH: libraries.join(':') } };
}
export interface Program {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Builds the Go program in this folder. Takes half a minute once, then no time. */
export async function goProgram(folder: string): Promise<Program | Missing> {
  const go = (await runs('go', 'version')) ? 'go' : '/usr/local/go/bin/go';
  if (!(await runs(go, 'version'))) return { missing: "'go' does not run here" };
  const program = join(home, 'go', 'scenario');
  const env = {
    ...process.env,
    GOMODCACHE: join(home, 'go', 'mod'),
    GOCACHE: join(home, 'go', 'build'),
    GOFLAGS: '-modcacherw',
  };
  mkdirSync(join(home, 'go'), { recursive: true });
  try {
    // It runs for seconds: to make it faster would take longer.
    const args = ['build', '-gcflags=all=-N -l', '-o', program, '.'];
    await run(go, args, { cwd: folder, env, timeout: installMsMax });
  } catch (error) {
    return { missing: String(error) };
  }
  return { program, env: {} };
}
