import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['millrace-source', 'node', 'default'] },
  ssr: { resolve: { conditions: ['millrace-source', 'node', 'default'] } },
  test: {
    include: ['packages/**/test/**/*.test.ts', 'apps/**/test/**/*.test.ts', 'tests/**/*.test.ts', 'tools/test/**/*.test.ts'],
    globalSetup: ['tools/test-kafka-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Files share the modules of their worker: without, a fifth of the time goes into loading them anew for each.
    isolate: false,
  },
});
