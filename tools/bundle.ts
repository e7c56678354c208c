/* The compiled command and library: few files that load at once, in place of a thousand whose places Node must look up.
 * Modules that the program imports on use stay files of their own. */

import { rolldown } from 'rolldown';

/** By the names that package.json, the launcher and the threads know: all of one build, so that a function of the user that
 *  imports `millrace` meets the classes that the command runs. */
const entries = [
  'apps/cli/src/main',
  'apps/library/src/index',
  'apps/library/src/broker',
  'apps/library/src/registry',
  'apps/library/src/quality',
  'apps/library/src/testkit',
  'apps/thread/src/thread',
];

/** Writes JavaScript into `folder`, below the paths of the sources. What is shared lies as deep as they do, so that a path from
 *  a module to a thread's holds there too (`apps/cli/src/threads.ts`). Throws when a module is missing. */
export async function bundle(folder: string): Promise<void> {
  const build = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry, `${entry}.ts`])),
    platform: 'node',
    external: (id) => !/^[./#]/.test(id),
    resolve: { conditionNames: ['millrace-source'] },
  });
  await build.write({
    dir: folder,
    cleanDir: true,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'apps/shared/src/[name]-[hash].js',
  });
  await build.close();
}
