/* npm run build: compiles the published package into dist/. */

import { rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  ['node_modules/typescript/lib/tsc.js', '-p', 'tsconfig.build.json'],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
