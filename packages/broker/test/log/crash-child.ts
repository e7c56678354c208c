/* A broker in a process of its own, to be killed: flushes every record, prints its address. */

import { flushCompileCache } from 'node:module';
import { realWorld } from '#host';
import { Broker } from '../../src/broker.ts';

const broker = await Broker.start({
  dir: process.argv[2]!,
  world: realWorld(),
  config: {
    'log.flush.interval.messages': '1',
    'log.cleaner.backoff.ms': '20',
  },
  log: (line) => console.error(line),
});
console.log(broker.bootstrapServers);
// Who is killed writes no cache at its end.
flushCompileCache();
