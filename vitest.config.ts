import { defineConfig } from 'vitest/config';

const conditions = ['millrace-source', 'node', 'default'];
const all = [
  'packages/**/test/**/*.test.ts',
  'apps/**/test/**/*.test.ts',
  'tests/**/*.test.ts',
  'tools/test/**/*.test.ts',
];
/** They take regions of their thread's memory and may leave them behind, as a process does that ends. */
const ofThreadMemory = ['wasm', 'records', 'formats', 'connectors'].map(
  (name) => `packages/${name}/test/**/*.test.ts`,
);

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    globalSetup: ['tools/test-kafka-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      // Files share the modules of their worker: without, a fifth of the time goes into loading them anew for each.
      { extends: true, test: { name: 'shared', include: all, exclude: ofThreadMemory, isolate: false } },
      { extends: true, test: { name: 'alone', include: ofThreadMemory, isolate: true } },
    ],
  },
});
