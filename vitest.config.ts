import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { kafkaTests } from './tools/chosen-tests.ts';
import { TestOrder } from './tools/test-order.ts';

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
/** Files share the modules of their worker: without, a fifth of the time goes into loading them anew for each. */
const shared = { exclude: ofThreadMemory, isolate: false } as const;

/** Those over Kafka once more on a real one, as `npm test` asks for in CI. */
const onRealKafka: TestProjectInlineConfiguration[] =
  process.env['MILLRACE_KAFKA'] === 'both'
    ? [false, true].map((alone) => {
        const include = kafkaTests().filter((file) => alone === isOfThreadMemory(file));
        const name = `real Kafka, ${alone ? 'alone' : 'shared'}`;
        return { extends: true, test: { name, include, isolate: alone, env: { MILLRACE_KAFKA: 'real' } } };
      })
    : [];
function isOfThreadMemory(file: string): boolean {
  return ofThreadMemory.some((pattern) => file.startsWith(pattern.slice(0, pattern.indexOf('*'))));
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    globalSetup: ['tools/test-kafka-setup.ts'],
    setupFiles: ['tools/property-seed.ts'],
    testTimeout: 60_000,
    // A hook may wait for what others made to be brought.
    hookTimeout: 300_000,
    // Two a core of a small machine: half of the time tests wait for other processes, and for time.
    maxWorkers: 4,
    sequence: { sequencer: TestOrder },
    projects: [
      { extends: true, test: { name: 'shared', include: all, ...shared } },
      { extends: true, test: { name: 'alone', include: ofThreadMemory, isolate: true } },
      ...onRealKafka,
    ],
  },
});
