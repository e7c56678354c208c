/* The Kafka that tests import. The engine's tests take the embedded one, or the real one where MILLRACE_KAFKA=real says so,
 * as it does for those that CI runs on both (vitest.config.ts); tests that compare the two ask for the real one by name. Where
 * the real one cannot be had, they are skipped with the reason; with CI=true they fail instead, so that a green build has
 * talked to Kafka. */

import { connect } from 'node:net';
import { EmbeddedKafka } from './embedded-kafka.ts';
import { installKafka, kafkaMissing, quickJvm, RealKafka } from './kafka.ts';
import type { KafkaServer } from './kafka/server.ts';
import { kafkaPortVariable, type KafkaAnswer, type KafkaKind } from './test-kafka-setup.ts';

const chosen: KafkaKind = process.env['MILLRACE_KAFKA'] === 'real' ? 'real' : 'embedded';
const inCi = process.env['CI'] === 'true';

async function shared(kind: KafkaKind): Promise<KafkaAnswer> {
  const port = Number(process.env[kafkaPortVariable]);
  const text = await new Promise<string>((done, fail) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`${kind}\n`));
    socket.on('data', (chunk) => {
      received += String(chunk);
    });
    socket.on('end', () => done(received));
    socket.on('error', fail);
  });
  const answer = JSON.parse(text) as KafkaAnswer;
  if ('missing' in answer && (inCi || kind === 'embedded')) throw new Error(answer.missing);
  return answer;
}

/** The Kafka that all tests of this run share. Started on the first call; ended by the run. */
export const testKafka = (): Promise<KafkaAnswer> => shared(chosen);
/** Kafka itself, shared by this run. */
export const realKafka = (): Promise<KafkaAnswer> => shared('real');

/** A Kafka for one test alone, to be stopped and started again; undefined where there can be none. The test closes it. */
export async function ownKafka(): Promise<KafkaServer | undefined> {
  if (chosen === 'embedded') return EmbeddedKafka.start();
  const missing = await kafkaMissing();
  if (missing === undefined) return RealKafka.start([], quickJvm);
  if (inCi) throw new Error(missing);
  console.warn(`skipped: ${missing}`);
  return undefined;
}

/** Why Kafka's own command-line tools cannot run here, or undefined when they are installed. */
export async function kafkaToolsMissing(): Promise<string | undefined> {
  const missing = await kafkaMissing();
  if (missing === undefined) await installKafka();
  else if (inCi) throw new Error(missing);
  return missing;
}
