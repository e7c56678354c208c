/* npm run bench: the benchmarks, each a file of its own in bench/. */

await import('../bench/nexmark.ts');
