/* The embedded Kafka in a process of its own, for ../broker.ts: its address is the first line it prints, with how long
 * it took to start; `dir=FOLDER` keeps the logs there. A line on standard input asks for its resident memory. */

import { createInterface } from 'node:readline';
import { Broker } from '../../apps/library/src/broker.ts';

const dir = process.argv.find((a) => a.startsWith('dir='))?.slice(4);
const from = performance.now();
const broker = await Broker.start(dir === undefined ? {} : { dir });
console.log(JSON.stringify({ address: broker.bootstrapServers, startMs: performance.now() - from }));
for await (const _ of createInterface({ input: process.stdin }))
  console.log(JSON.stringify({ rss: process.memoryUsage().rss }));
await broker.stop();
