/* What a fuzzer sends: frames that are right but odd, frames that are broken in one place, and what is no frame at all. */

import type { Rng } from '#base';
import { apis, WireWriter, writeRequestHead, type ApiName } from '#kafka';
import { attributesOffset, batchHeaderBytes, crcOffset } from '#records';
import { crc32c } from '#wasm';
import type { Samples } from './requests.ts';

interface AnyApi {
  readonly min: number;
  readonly max: number;
  readonly flexibleFrom: number;
  writeRequest(w: WireWriter, m: object, version: number): void;
}
const names = Object.keys(apis) as ApiName[];
const oddNumbers = [
  -1,
  0,
  1,
  127,
  128,
  255,
  32_767,
  65_535,
  0x7fff_ffff,
  -0x8000_0000,
  2 ** 53,
  -(2 ** 63),
  2 ** 62,
];
const oddTexts = [
  '',
  '\0',
  'é'.repeat(200),
  'x'.repeat(40_000),
  '../../etc',
  '__proto__',
  'constructor',
  '\ud800',
];

function withLength(body: Buffer, announced = body.length): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(announced | 0);
  return Buffer.concat([length, body]);
}
function encoded(name: ApiName, request: object, version: number): Buffer {
  const api = apis[name] as unknown as AnyApi;
  const writer = new WireWriter(version >= api.flexibleFrom);
  writeRequestHead(writer, name, { version, correlation: 7, clientId: 'fuzz' });
  api.writeRequest(writer, request, version);
  return Buffer.concat(writer.finish());
}

/** The message with one of its values, picked at random, made odd. */
function twisted(value: unknown, rng: Rng): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0) return value;
    const repeated = rng.below(4) === 0 ? rng.pick([0, 2, 300]) : 1;
    const at = rng.below(value.length);
    const items = value.map((item, i) => (i === at ? twisted(item, rng) : item));
    return Array.from({ length: repeated }, () => items).flat();
  }
  if (value instanceof Uint8Array) return value[16] === 2 ? twistedBatch(value, rng) : oddBytes(rng);
  if (typeof value === 'number') return rng.pick(oddNumbers);
  if (typeof value === 'string') return value.length === 22 ? value : rng.pick(oddTexts);
  if (typeof value === 'boolean') return !value;
  if (value === null) return null;
  const entries = Object.entries(value as object);
  const at = rng.below(entries.length);
  return Object.fromEntries(entries.map(([key, v], i) => [key, i === at ? twisted(v, rng) : v]));
}
/** About the bytes that the message takes. */
function weight(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 4;
  return Object.values(value).reduce<number>((n, v) => n + weight(v), 1);
}
const weightMax = 1 << 20;
const oddBytes = (rng: Rng): Buffer =>
  Buffer.from(Array.from({ length: rng.pick([0, 1, 7, 61, 300]) }, () => rng.below(256)));

/** A few bytes that make the least and the largest numbers of every width. */
function fillOdd(bytes: Buffer, at: number, rng: Rng): void {
  bytes.fill(rng.pick([0, 0x7f, 0x80, 0xff]), at, Math.min(bytes.length, at + rng.pick([1, 2, 4, 5, 8])));
}

/** A record batch that is wrong inside but whose checksum, mostly, is right. */
function twistedBatch(batch: Uint8Array, rng: Rng): Buffer {
  const made = Buffer.from(batch);
  for (let n = rng.between(1, 3); n > 0; n--) {
    const at = rng.below(2) === 0 ? rng.below(batchHeaderBytes) : rng.below(made.length);
    if (rng.below(2) === 0) made[at] = rng.below(256);
    else fillOdd(made, at, rng);
  }
  if (rng.below(8) === 0) return made;
  if (rng.below(4) > 0) {
    made.writeInt32BE(made.length - 12, 8);
    made[16] = 2;
  }
  made.writeUInt32BE(crc32c(made, attributesOffset), crcOffset);
  return made;
}

/** The bytes of a request with a few of them altered, taken out, doubled or cut off. */
function broken(body: Buffer, rng: Rng): Buffer {
  const made = Buffer.from(body);
  // Mostly behind the head, so that the request is known.
  const from = rng.below(4) === 0 ? 0 : Math.min(14, made.length - 1);
  const at = from + rng.below(made.length - from);
  switch (rng.below(5)) {
    case 0:
      made[at] = rng.below(256);
      return made;
    case 1:
      fillOdd(made, at, rng);
      return made;
    case 2:
      return made.subarray(0, at);
    case 3:
      return Buffer.concat([made.subarray(0, at), made.subarray(Math.min(made.length, at + rng.below(9)))]);
    default:
      return Buffer.concat([made.subarray(0, at), made.subarray(Math.max(0, at - rng.below(20)))]);
  }
}

const foreign: readonly Buffer[] = [
  Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: fuzz\r\n\r\n'),
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  // The head of a TLS 1.2 client hello.
  Buffer.from('16030100c8010000c40303', 'hex'),
  Buffer.from('SSH-2.0-OpenSSH_9.6\r\n'),
  Buffer.from('*1\r\n$4\r\nPING\r\n'),
];

/** Something to send, with the name of what it began as. */
export interface Shot {
  readonly name: string;
  readonly bytes: Buffer;
}

interface Begun {
  readonly name: ApiName;
  readonly api: AnyApi;
  readonly version: number;
}
function begin(rng: Rng): Begun {
  const name = rng.pick(names);
  const api = apis[name] as unknown as AnyApi;
  return { name, api, version: rng.below(3) === 0 ? api.max : rng.between(api.min, api.max) };
}

/** A frame that can be read: what it asks for is odd. */
export function oddShot(rng: Rng, samples: Samples): Shot {
  const { name, version } = begin(rng);
  let message: object = samples[name];
  for (let n = rng.below(3); n > 0; n--) {
    const next = twisted(message, rng) as object;
    if (weight(next) < weightMax) message = next;
  }
  try {
    return { name: `${name} ${version} odd`, bytes: withLength(encoded(name, message, version)) };
  } catch {
    // A value does not fit its field.
    return { name: `${name} ${version}`, bytes: withLength(encoded(name, samples[name], version)) };
  }
}
/** A frame that, mostly, cannot be read: its connection ends. */
export function brokenShot(rng: Rng, samples: Samples): Shot {
  const { name, api, version } = begin(rng);
  const right = encoded(name, samples[name], version);
  const as = (what: string, bytes: Buffer): Shot => ({ name: `${name} ${version} ${what}`, bytes });
  switch (rng.below(12)) {
    case 0: {
      const other = Buffer.from(right);
      other.writeInt16BE(rng.pick([-1, api.min - 1, api.max + 1, 0x7fff]), 2);
      return as('in another version', withLength(other));
    }
    case 1: {
      const off = rng.pick([-8, -1, 1, 1000, 90_000_000, 0x7fff_ffff, 0x8000_0000, -right.length]);
      return as('with a wrong length', withLength(right, right.length + off));
    }
    case 2:
      return { name: 'random bytes', bytes: withLength(oddBytes(rng)) };
    case 3:
      return { name: 'another protocol', bytes: rng.pick(foreign) };
    default:
      return as('broken', withLength(broken(right, rng)));
  }
}
