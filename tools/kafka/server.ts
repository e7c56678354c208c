/* What tests know of a Kafka, be it the real one (tools/kafka.ts) or the embedded one (tools/embedded-kafka.ts): where it
 * listens, how a client shows who it is, and that it can go and come back. */

import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface KafkaAddresses {
  readonly bootstrapServers: string;
  /** With a login, and with a login over TLS. */
  readonly saslServers: string;
  readonly tlsServers: string;
  /** The certificate that TLS clients trust. */
  readonly certificateFile: string;
}
/** A broker in a process of its own. `stop` and `restart` keep data and ports; `close` ends it for good. */
export interface KafkaServer extends KafkaAddresses {
  /** Starts the broker again after `stop`. Resolves when it takes connections. */
  restart(): Promise<void>;
  /** Ends the broker's process and waits until it is gone. `abruptly`: as a crash would. */
  stop(abruptly?: boolean): Promise<void>;
  close(): Promise<void>;
}

/** The one user of the SASL listeners. */
export const saslUser = { name: 'tester', password: 'secret "quoted"' } as const;

/** Lines of server.properties that the tests count on. */
export const testConfig = {
  'num.partitions': '1',
  'transaction.max.timeout.ms': '3600000',
  'group.initial.rebalance.delay.ms': '0',
  'log.retention.ms': '-1',
  'log.cleaner.backoff.ms': '500',
  'message.max.bytes': '33554432',
  'auto.create.topics.enable': 'true',
} as const;

export const certificateFiles = { key: 'key.pem', certificate: 'ca.pem', both: 'broker.pem' } as const;

/** A self-signed certificate for 127.0.0.1: `both` for a broker, `certificate` for its clients. Needs openssl. */
export async function writeCertificate(folder: string): Promise<void> {
  const key = join(folder, certificateFiles.key);
  const certificate = join(folder, certificateFiles.certificate);
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  const name = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  await run('openssl', [...request, ...name, '-keyout', key, '-out', certificate]);
  const text = readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8');
  writeFileSync(join(folder, certificateFiles.both), text);
}
