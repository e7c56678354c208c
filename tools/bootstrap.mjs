// The first step of `npm run demo` and `npm test`: installs what is missing, says what it does, and goes on under the
// pinned Node. Plain JavaScript, for it runs on whatever Node the machine has (20 or later), before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => `${root}${path}`;
const say = (text) => console.error(`[setup] ${text}`);
const fail = (text) => {
  console.error(`[setup] ${text}`);
  process.exit(3);
};

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) fail(`Node 20 or later is needed to begin; this is ${process.version}.`);

const lock = createHash('sha256').update(readFileSync(at('package-lock.json'))).digest('hex');
const stamp = at('node_modules/.millrace-setup');
const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;
if (!installed) install();
const node = at('node_modules/node/bin/node');
if (!existsSync(node) || spawnSync(node, ['--version']).status !== 0) repairNode();
linkCommand();
if (!installed) writeFileSync(stamp, lock);

const [task, ...rest] = process.argv.slice(2);
if (task === undefined) {
  say('ready');
  process.exit(0);
}
const env = { ...process.env, PATH: `${at('node_modules/.bin')}:${process.env.PATH}` };
const run = spawnSync(node, ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning', at(`tools/${task}.ts`), ...rest], { stdio: 'inherit', cwd: root, env });
process.exit(run.status ?? 130);

function install() {
  say('installing packages (about 20 s the first time) …');
  const started = Date.now();
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const args = [...npm.slice(1), 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(npm[0], args, { stdio: ['ignore', 'inherit', 'inherit'], cwd: root });
  if (result.status !== 0) fail('npm could not install the packages; its message stands above.');
  say(`installed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

/** The pinned Node comes by an install script of its package; where scripts are blocked it is missing. */
function repairNode() {
  say('the pinned Node is not there: install scripts seem to be blocked; trying its own …');
  const result = spawnSync('npm', ['rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts'], { stdio: 'inherit', cwd: root });
  if (result.status !== 0 || !existsSync(node)) fail('the pinned Node could not be installed. Run: npm rebuild node --ignore-scripts=false');
}

/** npm does not link a package's own command; `npx millrace` and node_modules/.bin/millrace shall work here too. */
function linkCommand() {
  const link = at('node_modules/.bin/millrace');
  if (existsSync(link)) return;
  mkdirSync(at('node_modules/.bin'), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync('../../apps/cli/bin/millrace.js', link);
}
