/* What tests that need a real Kafka import. Without Java or Maven they are skipped with the reason; with
 * CI=true they fail instead, so that a green build has talked to Kafka. */

import { connect } from 'node:net';
import { kafkaPortVariable, type KafkaAnswer } from './test-kafka-setup.ts';

/** The shared broker of this test run. Started on the first call; ended by the run. */
export async function realKafka(): Promise<KafkaAnswer> {
  const port = Number(process.env[kafkaPortVariable]);
  const text = await new Promise<string>((done, fail) => {
    let received = '';
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk) => {
      received += String(chunk);
    });
    socket.on('end', () => done(received));
    socket.on('error', fail);
  });
  const answer = JSON.parse(text) as KafkaAnswer;
  if ('missing' in answer && process.env['CI'] === 'true') throw new Error(answer.missing);
  return answer;
}
