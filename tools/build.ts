/* npm run build [FOLDER]: the published package in dist/: JavaScript as a bundle, types module by module. With a folder the
 * JavaScript alone, into that: the command that tests run. */

import { rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { bundle } from './bundle.ts';

const [folder] = process.argv.slice(2);
if (folder !== undefined) await bundle(folder);
else {
  rmSync('dist', { recursive: true, force: true });
  await bundle('dist');
  const compiler = ['node_modules/typescript/lib/tsc.js', '-p', 'tsconfig.build.json'];
  process.exitCode = spawnSync(process.execPath, compiler, { stdio: 'inherit' }).status ?? 1;
}
