/* `properties.*`: settings of Kafka's Java client, mapped to what we do. One that has no meaning here is
 * named in a warning, so that nobody relies on it. */

import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { nearest, UserError } from '#base';
import type { Options } from '#catalog';
import { parseAddresses, type Address } from './client/cluster.ts';
import type { SaslLogin } from './client/sasl/mechanism.ts';

/** How a connection is kept safe; undefined where it is not. */
export interface Security {
  readonly tls: ConnectionOptions | undefined;
  readonly sasl: SaslLogin | undefined;
}

export interface KafkaProperties {
  readonly bootstrap: readonly Address[];
  readonly clientId: string;
  readonly group: string | undefined;
  readonly security: Security;
  readonly connectTimeoutMs: number;
  readonly committedOnly: boolean;
  /** Undefined: not set. */
  readonly autoOffsetReset: 'earliest' | 'latest' | 'none' | undefined;
  readonly fetchBytesMax: number;
  readonly partitionFetchBytesMax: number;
  readonly fetchBytesMin: number;
  readonly fetchWaitMsMax: number;
  readonly acks: -1 | 0 | 1;
  /** Brokers leave out batches that come to them twice: where they can, or else not at all. */
  readonly idempotence: 'required' | 'preferred' | 'off';
  readonly compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  readonly batchBytes: number;
  readonly lingerMs: number;
  readonly requestBytesMax: number;
  readonly requestTimeoutMs: number;
  /** How long a start may wait for brokers. */
  readonly startTimeoutMs: number;
  /** How long a write may fail before the job does. */
  readonly deliveryTimeoutMs: number;
  /** How long a transaction may be open before the broker aborts it. */
  readonly transactionTimeoutMs: number;
}

/** Accepted without effect and without a word: what they ask for is how it is here. */
const silent = new Set([
  'key.deserializer',
  'value.deserializer',
  'key.serializer',
  'value.serializer',
  'enable.auto.commit',
  'auto.commit.interval.ms',
  'partition.discovery.interval.ms',
  'retries',
  'check.crcs',
  'max.in.flight.requests.per.connection',
  'client.id.prefix',
  'commit.offsets.on.checkpoint',
  'max.poll.records',
  'allow.auto.create.topics',
  'register.consumer.metrics',
  'buffer.memory',
]);

const used = new Set([
  'bootstrap.servers',
  'client.id',
  'group.id',
  'isolation.level',
  'auto.offset.reset',
  'fetch.max.bytes',
  'max.partition.fetch.bytes',
  'fetch.min.bytes',
  'fetch.max.wait.ms',
  'acks',
  'enable.idempotence',
  'compression.type',
  'batch.size',
  'linger.ms',
  'max.request.size',
  'request.timeout.ms',
  'delivery.timeout.ms',
  'socket.connection.setup.timeout.ms',
  'security.protocol',
  'sasl.mechanism',
  'sasl.jaas.config',
  'ssl.truststore.type',
  'ssl.truststore.location',
  'ssl.truststore.certificates',
  'ssl.truststore.password',
  'ssl.keystore.type',
  'ssl.keystore.location',
  'ssl.keystore.key',
  'ssl.keystore.password',
  'ssl.keystore.certificate.chain',
  'ssl.key.password',
  'ssl.endpoint.identification.algorithm',
  'ssl.protocol',
  'default.api.timeout.ms',
  'transaction.timeout.ms',
]);

const codecNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

function invalid(key: string, found: string, expected: string): UserError {
  return new UserError('KAF1001', { message: `'properties.${key}': found '${found}', expected ${expected}` });
}

/** Reads the values of one table's `properties.*`. */
class Reader {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }
  text(key: string): string | undefined {
    return this.#values.get(key);
  }
  count(key: string, otherwise: number): number {
    const text = this.#values.get(key);
    if (text === undefined) return otherwise;
    if (!/^\d+$/.test(text.trim())) throw invalid(key, text, 'a whole number');
    return Number(text);
  }
  oneOf<T extends string>(key: string, values: readonly T[]): T | undefined {
    const text = this.#values.get(key);
    if (text === undefined) return undefined;
    const found = values.find((v) => v === text.toLowerCase());
    if (found === undefined) throw invalid(key, text, `one of ${values.join(', ')}`);
    return found;
  }
}

/** A line for every property that has no effect. */
export function propertyWarnings(options: Options): string[] {
  return [...options.under('properties.').keys()]
    .filter((key) => !used.has(key) && !silent.has(key))
    .map((key) => {
      const meant = nearest(key, used);
      const hint = meant === undefined ? '' : `. Did you mean 'properties.${meant}'?`;
      return `'properties.${key}' has no effect${hint}`;
    });
}

/** What a table is checked for without use: the warnings. Throws KAF1001; a secret is not looked at, nor what stands beside
 *  it. */
export function checkProperties(options: Options): string[] {
  const values = [...options.under('properties.').values(), options.require('properties.bootstrap.servers')];
  const hidden = values.some((value) => value.includes('${'));
  if (!hidden) kafkaProperties(options, () => {});
  return propertyWarnings(options);
}

/** Throws KAF1001, with its place, for values that make no sense. `warn` hears of every property that has no effect. */
export function kafkaProperties(options: Options, warn: (message: string) => void): KafkaProperties {
  try {
    return readProperties(options, warn);
  } catch (thrown) {
    const key = thrown instanceof UserError ? /'(properties\.[^']+)'/.exec(thrown.message)?.[1] : undefined;
    if (key === undefined) throw thrown;
    const { code, message, hint, at, cause } = thrown as UserError;
    throw new UserError(code, { message, hint, cause, at: at ?? options.at(key) });
  }
}
function readProperties(options: Options, warn: (message: string) => void): KafkaProperties {
  const values = new Map(options.under('properties.'));
  values.set('bootstrap.servers', options.require('properties.bootstrap.servers'));
  for (const warning of propertyWarnings(options)) warn(warning);
  const r = new Reader(values);
  const acks = r.oneOf('acks', ['all', '-1', '0', '1']) ?? 'all';
  const requestTimeoutMs = r.count('request.timeout.ms', 30_000);
  const connectTimeoutMs = r.count('socket.connection.setup.timeout.ms', 10_000);
  return {
    bootstrap: parseAddresses(r.text('bootstrap.servers')!),
    clientId: r.text('client.id') ?? 'millrace',
    group: r.text('group.id'),
    security: securityOf(r),
    connectTimeoutMs,
    committedOnly: r.oneOf('isolation.level', ['read_committed', 'read_uncommitted']) === 'read_committed',
    autoOffsetReset: r.oneOf('auto.offset.reset', ['earliest', 'latest', 'none']),
    fetchBytesMax: r.count('fetch.max.bytes', 8 << 20),
    partitionFetchBytesMax: r.count('max.partition.fetch.bytes', 4 << 20),
    fetchBytesMin: r.count('fetch.min.bytes', 1),
    fetchWaitMsMax: r.count('fetch.max.wait.ms', 500),
    acks: acks === '0' ? 0 : acks === '1' ? 1 : -1,
    idempotence: idempotenceOf(r, acks),
    compression: r.oneOf('compression.type', codecNames) ?? 'none',
    batchBytes: r.count('batch.size', 256 << 10),
    lingerMs: r.count('linger.ms', 5),
    requestBytesMax: r.count('max.request.size', 1 << 20),
    requestTimeoutMs,
    startTimeoutMs: r.count('default.api.timeout.ms', 10_000),
    deliveryTimeoutMs: r.count('delivery.timeout.ms', 120_000),
    transactionTimeoutMs: r.count('transaction.timeout.ms', 3_600_000),
  };
}

/** As the Java client: unless it is asked for, writing that does not wait for all replicas goes without. */
function idempotenceOf(r: Reader, acks: string): KafkaProperties['idempotence'] {
  const asked = r.oneOf('enable.idempotence', ['true', 'false']);
  const waits = acks === 'all' || acks === '-1';
  if (asked === 'true' && !waits)
    throw invalid('acks', acks, `all, for 'properties.enable.idempotence' = 'true'`);
  if (asked === 'true') return 'required';
  return asked === 'false' || !waits ? 'off' : 'preferred';
}

const protocols = ['plaintext', 'ssl', 'sasl_plaintext', 'sasl_ssl'] as const;

function securityOf(r: Reader): Security {
  const protocol = r.oneOf('security.protocol', protocols) ?? 'plaintext';
  return {
    tls: protocol.endsWith('ssl') ? tlsOptions(r) : undefined,
    sasl: protocol.startsWith('sasl') ? saslLogin(r) : undefined,
  };
}

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;

function saslLogin(r: Reader): SaslLogin {
  const name = r.text('sasl.mechanism') ?? 'GSSAPI';
  const mechanism = mechanisms.find((m) => m === name);
  if (mechanism === undefined) throw invalid('sasl.mechanism', name, `one of ${mechanisms.join(', ')}`);
  const jaas = r.text('sasl.jaas.config');
  if (jaas === undefined) {
    throw new UserError('KAF1001', {
      message: `'properties.sasl.mechanism' needs 'properties.sasl.jaas.config'`,
    });
  }
  const field = (key: string): string => {
    const match = new RegExp(
      `\\b${key}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|'((?:[^'\\\\]|\\\\.)*)'|([^\\s;]+))`,
    ).exec(jaas);
    if (match !== null) return (match[1] ?? match[2] ?? match[3]!).replace(/\\(.)/g, '$1');
    // The text itself may hold a secret: it is not shown.
    throw new UserError('KAF1001', { message: `'properties.sasl.jaas.config' has no ${key}="…"` });
  };
  if (mechanism === 'OAUTHBEARER') return { mechanism, token: field('token') };
  return { mechanism, username: field('username'), password: field('password') };
}

function tlsOptions(r: Reader): ConnectionOptions {
  const verifyName = r.text('ssl.endpoint.identification.algorithm') !== '';
  const keyPassword = r.text('ssl.key.password');
  return {
    ...trust(r),
    ...identity(r),
    ...(keyPassword === undefined ? {} : { passphrase: keyPassword }),
    ...(verifyName ? {} : { checkServerIdentity: () => undefined }),
  };
}

function trust(r: Reader): ConnectionOptions {
  const certificates = r.text('ssl.truststore.certificates');
  if (certificates !== undefined) return { ca: certificates };
  const location = r.text('ssl.truststore.location');
  if (location === undefined) return {};
  storeType(r, 'truststore', ['PEM']);
  return { ca: readStore('ssl.truststore.location', location) };
}

function identity(r: Reader): ConnectionOptions {
  const key = r.text('ssl.keystore.key');
  const chain = r.text('ssl.keystore.certificate.chain');
  if (key !== undefined && chain !== undefined) return { key, cert: chain };
  const location = r.text('ssl.keystore.location');
  if (location === undefined) return {};
  const store = readStore('ssl.keystore.location', location);
  if (storeType(r, 'keystore', ['PEM', 'PKCS12']) === 'PEM') return { key: store, cert: store };
  const passphrase = r.text('ssl.keystore.password');
  return { pfx: store, ...(passphrase === undefined ? {} : { passphrase }) };
}

function storeType(r: Reader, store: 'truststore' | 'keystore', allowed: readonly string[]): string {
  const type = (r.text(`ssl.${store}.type`) ?? 'JKS').toUpperCase();
  if (allowed.includes(type)) return type;
  throw new UserError('KAF1001', {
    message: `'properties.ssl.${store}.type': found '${type}', expected ${allowed.join(' or ')}`,
    hint: 'keytool and openssl convert a Java key store.',
  });
}

function readStore(key: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UserError('KAF1001', { message: `'properties.${key}': cannot read '${path}'`, cause });
  }
}
