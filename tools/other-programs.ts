/* Brings what other people made and tests compare with, all of it at once, while nothing else waits for the network: npm test
 * starts it beside its first steps. A test that runs alone brings its own. What cannot be had here is passed over: the tests
 * that need it say why.
 *
 *   Maven   Kafka, Flink, Avro          pip   confluent-kafka, fastavro, protoc, pyarrow, Great Expectations, ODCS
 *   the others   clients of npm, kcat, franz-go */

import { join } from 'node:path';
import { compileJava, confluentPython, goProgram, kcat } from './clients.ts';
import { flinkMissing, installFlink } from './flink.ts';
import { installKafka } from './kafka.ts';
import { installJudge } from './quality/judge.ts';
import { odcsSchema } from './quality/odcs.ts';
import {
  avroJava,
  formatsPython,
  parquetPython,
  protocPython,
  registryNode,
  registryPython,
} from './registry-clients.ts';

const packages = join(import.meta.dirname, '../packages');
const clients = join(packages, 'broker/test/clients');

/** A row is brought one by one, as its installer's cache wants it; rows side by side. */
const rows: readonly (readonly (() => Promise<unknown>)[])[] = [
  [
    installKafka,
    async () => {
      if ((await flinkMissing()) === undefined) await installFlink();
    },
    () => avroJava(join(packages, 'schemas/test/java')),
    () => compileJava(join(clients, 'java')),
  ],
  [registryPython, installJudge, protocPython, odcsSchema],
  [confluentPython, formatsPython, parquetPython],
  [() => registryNode(join(packages, 'registry/test/clients')), kcat, () => goProgram(join(clients, 'go'))],
];
await Promise.all(
  rows.map(async (row) => {
    for (const bring of row) await bring().catch(() => undefined);
  }),
);
