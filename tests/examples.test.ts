/* Each folder of examples/ as whoever copies it runs it: alone in an empty place, by the `test` script of its package.json.
 * There `millrace` is this source; that the packed package behaves the same is what package.test.ts shows. */

import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const examples = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const folder = mkdtempSync(join(tmpdir(), 'millrace-examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm install` would bring: millrace as this source, its command, and the tools that the examples name. */
function install(): void {
  const modules = join(folder, 'node_modules');
  const bin = join(modules, '.bin');
  mkdirSync(join(modules, 'millrace'), { recursive: true });
  mkdirSync(bin);
  const exports: Record<string, string> = {};
  for (const path of ['.', './broker', './testkit']) {
    const file = path === '.' ? 'index' : path.slice(2);
    exports[path] = `./${file}.js`;
    const url = pathToFileURL(join(root, 'apps', 'library', 'src', `${file}.ts`));
    writeFileSync(join(modules, 'millrace', exports[path]), `export * from '${url.href}';\n`);
  }
  const about = { name: 'millrace', type: 'module', exports };
  writeFileSync(join(modules, 'millrace', 'package.json'), JSON.stringify(about));
  symlinkSync(join(root, 'node_modules', 'vitest'), join(modules, 'vitest'));
  symlinkSync(join(root, 'apps', 'cli', 'bin', 'millrace.js'), join(bin, 'millrace'));
}
install();

/** The environment of this process without what a test runner told it. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([key]) => !/^(VITEST|NODE_|FORCE_COLOR|TEST$|DEV$|PROD$)/.test(key),
  );
  const path = [
    join(folder, 'node_modules', '.bin'),
    join(root, 'node_modules', '.bin'),
    process.env['PATH'],
  ];
  return {
    ...Object.fromEntries(kept),
    NO_COLOR: '1',
    PATH: path.join(delimiter),
    NODE_OPTIONS: '--conditions=millrace-source --disable-warning=ExperimentalWarning',
  };
}

test.each(examples)('%s', async (name) => {
  const place = join(folder, name);
  cpSync(join(root, 'examples', name), place, { recursive: true });
  const { scripts } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as {
    scripts: { test: string };
  };
  const ran = await new Promise<{ code: unknown; text: string }>((done) => {
    execFile('sh', ['-c', scripts.test], { cwd: place, env: environment() }, (error, out, err) => {
      done({ code: error === null ? 0 : error.code, text: out + err });
    });
  });
  expect(ran.code, ran.text).toBe(0);
  // A runner that finds no test may be content.
  expect(ran.text).toMatch(/\b[1-9]\d* passed|pass [1-9]/);
});
