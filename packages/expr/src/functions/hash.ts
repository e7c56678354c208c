/* Digests of text or bytes, in hexadecimal. */

import { createHash } from 'node:crypto';
import { isBinary, isOrderable, notNull, types, type LogicalType } from '#data';
import { badArgument } from '../values/data-errors.ts';
import { define } from './define.ts';
import type { FunctionEntry } from './entry.ts';
import { dec, int, str } from './examples.ts';
import { gives, parameters, type Parameter } from './parameters.ts';
import {
  javaDecimalHash,
  javaDoubleHash,
  javaFloatHash,
  javaLongHash,
  textHash,
  timestampHash,
} from '../values/java-hash.ts';

const { text } = parameters;
const simple: Parameter = {
  text: 'number, text, time or BOOLEAN',
  accept: (type) =>
    isBinary(type) || !isOrderable(type) || ['ARRAY', 'MAP', 'MULTISET', 'ROW'].includes(type.kind)
      ? undefined
      : type.kind === 'NULL'
        ? types.INT
        : type,
};

const digest = (algorithm: string, data: string | Uint8Array): string =>
  createHash(algorithm).update(data).digest('hex');

function hash(name: string, algorithm: string, bits: number, ofA: string): FunctionEntry {
  return define('hash', name, {
    takes: [{ takes: [text], gives: notNull(types.char(bits / 4)) }],
    body: () => (data: string | Uint8Array) => digest(algorithm, data),
    doc: `The ${name} digest of the text or bytes, ${bits / 4} hexadecimal digits.`,
    samples: [[`${name}('a')`, [str('a')], ofA]],
  });
}

const bitsToAlgorithm = new Map([
  [224, 'sha224'],
  [256, 'sha256'],
  [384, 'sha384'],
  [512, 'sha512'],
]);
const sha256OfA = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';

/** The hash of a value as Flink keeps it. */
function hashOf(type: LogicalType): (value: never) => number {
  switch (type.kind) {
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return javaLongHash;
    case 'DOUBLE':
      return javaDoubleHash;
    case 'FLOAT':
      return javaFloatHash;
    case 'BOOLEAN':
      return (value: boolean) => (value ? 1231 : 1237);
    case 'DECIMAL':
      return (value: bigint) => javaDecimalHash(value, type.scale);
    case 'CHAR':
    case 'VARCHAR':
      return textHash;
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestampHash;
    default:
      return (value: number) => value;
  }
}

export const hashes: readonly FunctionEntry[] = [
  define('hash', 'HASH_CODE', {
    takes: [{ takes: [simple], gives: gives.int }],
    body: (call) => hashOf(call.args[0]!.type),
    doc: 'A number made of the value, as Java’s hashCode makes it.',
    samples: [
      ["HASH_CODE('a')", [str('a')], 97],
      ['HASH_CODE(1.5)', [dec('1.5')], 466],
    ],
  }),
  hash('MD5', 'md5', 128, '0cc175b9c0f1b6a831c399e269772661'),
  hash('SHA1', 'sha1', 160, '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'),
  hash('SHA224', 'sha224', 224, 'abd37534c7d9a2efb9465de931cd7055ffdb8879563ae98078d6d6d5'),
  hash('SHA256', 'sha256', 256, sha256OfA),
  hash(
    'SHA384',
    'sha384',
    384,
    '54a59b9f22b0b80880d8427e548b7c23abd873486e1f035dce9cd697e85175033caa88e6d57bc35efae0b5afd3145f31',
  ),
  hash(
    'SHA512',
    'sha512',
    512,
    '1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f5302860c652bf08d560252aa5e74210546f369fbbbce8c12cfc7957b2652fe9a75',
  ),
  define('hash', 'SHA2', {
    takes: [{ takes: [text, parameters.asInt], gives: notNull(types.varchar(128)) }],
    body: () => (data: string | Uint8Array, bits: number) => {
      const algorithm = bitsToAlgorithm.get(bits);
      return algorithm === undefined
        ? badArgument('SHA2', `no digest of ${bits} bits; there are 224, 256, 384, 512`)
        : digest(algorithm, data);
    },
    doc: 'The SHA-2 digest of the text or bytes with that many bits: 224, 256, 384 or 512.',
    samples: [["SHA2('a', 256)", [str('a'), int(256)], sha256OfA]],
  }),
];
