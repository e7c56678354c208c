/* The embedded Kafka as the tests of the engine need it: in a process of its own, with the listeners and the settings of
 * the real one (tools/kafka.ts), and ended as a crash would. Its data lie in a folder that goes with it.
 *
 *   parent ── spawns ──▶ this file ── one line of JSON: its addresses ──▶ parent
 *
 * The child ends when its standard input does, so that it never outlives the tests. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  certificateFiles,
  saslUser,
  testConfig,
  writeCertificate,
  type KafkaAddresses,
  type KafkaServer,
} from './kafka/server.ts';

const here = fileURLToPath(import.meta.url);
const listeners = {
  bootstrapServers: 'PLAINTEXT',
  saslServers: 'SASL_PLAINTEXT',
  tlsServers: 'SASL_SSL',
} as const;
type Address = keyof typeof listeners;

export class EmbeddedKafka implements KafkaServer {
  readonly #folder: string;
  #addresses: Record<Address, string> = { bootstrapServers: '', saslServers: '', tlsServers: '' };
  #process: ChildProcess | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }
  /** Starts a broker with empty data. Needs openssl. */
  static async start(): Promise<EmbeddedKafka> {
    const kafka = new EmbeddedKafka(mkdtempSync(join(tmpdir(), 'millrace-kafka-')));
    await writeCertificate(kafka.#folder);
    await kafka.restart();
    return kafka;
  }
  get bootstrapServers(): string {
    return this.#addresses.bootstrapServers;
  }
  get saslServers(): string {
    return this.#addresses.saslServers;
  }
  get tlsServers(): string {
    return this.#addresses.tlsServers;
  }
  get certificateFile(): string {
    return join(this.#folder, certificateFiles.certificate);
  }

  async restart(): Promise<void> {
    const ports = Object.values(this.#addresses).map((address) => address.split(':')[1] ?? '0');
    const flags = ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...flags, here, this.#folder, ...ports], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process = child;
    const lines = createInterface({ input: child.stdout });
    const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
    if (typeof line !== 'string')
      throw new Error('the embedded Kafka did not start; its message stands above');
    this.#addresses = JSON.parse(line) as Record<Address, string>;
  }
  async stop(abruptly = false): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(abruptly ? 'SIGKILL' : 'SIGTERM');
    await gone;
  }
  async close(): Promise<void> {
    await this.stop(true);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What the child does: `folder`, then a port for each listener, 0 for any. */
async function serve(folder: string, ports: readonly string[]): Promise<void> {
  const { Broker } = await import('../apps/library/src/broker.ts');
  const pem = readFileSync(join(folder, certificateFiles.both), 'utf8');
  const broker = await Broker.start({
    dir: join(folder, 'logs'),
    config: testConfig,
    users: { [saslUser.name]: saslUser.password },
    listeners: Object.values(listeners).map((protocol, i) => ({
      protocol,
      port: Number(ports[i] ?? 0),
      mechanisms: ['PLAIN'],
      tls: { key: pem, cert: pem },
    })),
  });
  const stop = (): void => {
    void broker.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.stdin.once('end', stop).resume();
  const addresses: Omit<KafkaAddresses, 'certificateFile'> = {
    bootstrapServers: broker.address(listeners.bootstrapServers),
    saslServers: broker.address(listeners.saslServers),
    tlsServers: broker.address(listeners.tlsServers),
  };
  console.log(JSON.stringify(addresses));
}

if (process.argv[1] === here) await serve(process.argv[2]!, process.argv.slice(3));
