#!/usr/bin/env node
// The launcher. In the repository it runs the command from source on the pinned Node, or the bundle of it that MILLRACE_BUNDLE
// names, as tests do; in the published package it loads the compiled command. Everything else is loaded on use.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const root = new URL('../../../', import.meta.url);
const fromSource = existsSync(new URL('packages/engine/src/index.ts', root));
const bundle = fromSource ? process.env.MILLRACE_BUNDLE : fileURLToPath(new URL('dist/', root));
const [major, minor] = process.versions.node.split('.').map(Number);
const tooOld = major < 22 || (major === 22 && minor < 22);

if (tooOld && fromSource) {
  const pinned = fileURLToPath(new URL('node_modules/node/bin/node', root));
  if (!existsSync(pinned)) {
    console.error(`Millrace needs Node 22.22 or later; this is ${process.version}, and the pinned Node is not installed. Run: npm run setup`);
    process.exit(2);
  }
  const child = spawn(pinned, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
} else if (tooOld) {
  console.error(`Millrace needs Node 22.22 or later; this is ${process.version}.`);
  process.exit(2);
} else {
  // A thread that compiles in the background may wait for a collection while the exiting process waits for the thread.
  setFlagsFromString('--no-concurrent-sparkplug');
  // State lies outside of the collector's heap, and what it grows by starts the collector all the same: threads that mark beside
  // this one then take up to a quarter of a job's CPU time (docs/adr/0041).
  setFlagsFromString('--no-concurrent-marking');
  module.enableCompileCache?.();
  if (bundle === undefined) {
    process.removeAllListeners('warning');
    process.on('warning', (w) => { if (w.name !== 'ExperimentalWarning') console.error(`${w.name}: ${w.message}`); });
    module.registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier, specifier.startsWith('#') ? { ...context, conditions: [...context.conditions, 'millrace-source'] } : context),
    });
    await import('../src/main.ts');
  } else await import(pathToFileURL(`${bundle}/apps/cli/src/main.js`).href);
}
