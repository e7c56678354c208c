/* npm run bench: the benchmarks, each a file of its own in bench/. */

const [first = 'nexmark'] = process.argv.slice(2);
const which = first.startsWith('-') ? 'nexmark' : first;
if (which !== 'nexmark' && which !== 'broker') {
  console.error(`there is no benchmark ${which}: nexmark or broker`);
  process.exit(2);
}
await import(`../bench/${which}.ts`);
