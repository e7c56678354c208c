/* npm run bench: the benchmarks, each a file of its own in bench/. */

const benchmarks = [
  'nexmark',
  'nexmark-growth',
  'profile',
  'scan',
  'formats',
  'encode',
  'produce',
  'broker',
  'operators',
  'guard',
  'checkpoints',
  'checkpoint-size',
  'checkpoint-nexmark',
  'disk-state',
  'threads',
  'functions',
  'quality',
  'quality-stream',
];
const [first = 'nexmark'] = process.argv.slice(2);
const which = first.startsWith('-') ? 'nexmark' : first;
if (!benchmarks.includes(which)) {
  console.error(`there is no benchmark ${which}: ${benchmarks.join(', ')}`);
  process.exit(2);
}
await import(`../bench/${which}.ts`);
