/* Parsing Canonical Form and fingerprints (Avro 1.12, "Parsing Canonical Form for Schemas"): equal for schemas that read
 * data in the same way. */

import { createHash } from 'node:crypto';
import { printString } from '../json/print.ts';
import { isNamed, type AvroType } from './model.ts';

/** Only what reading needs: names in full, no docs, defaults, aliases or attributes. */
export function parsingForm(type: AvroType): string {
  const written = new Set<string>();
  const form = (t: AvroType): string => {
    if (isNamed(t)) {
      const name = printString(t.fullName);
      if (written.has(t.fullName)) return name;
      written.add(t.fullName);
      const head = `{"name":${name},"type":"${t.kind === 'record' && t.isError ? 'error' : t.kind}"`;
      if (t.kind === 'fixed') return `${head},"size":${t.size}}`;
      if (t.kind === 'enum') return `${head},"symbols":[${t.symbols.map(printString).join(',')}]}`;
      const fields = t.fields.map((f) => `{"name":${printString(f.name)},"type":${form(f.type)}}`);
      return `${head},"fields":[${fields.join(',')}]}`;
    }
    switch (t.kind) {
      case 'union':
        return `[${t.branches.map(form).join(',')}]`;
      case 'array':
        return `{"type":"array","items":${form(t.items)}}`;
      case 'map':
        return `{"type":"map","values":${form(t.values)}}`;
      default:
        return `"${t.kind}"`;
    }
  };
  return form(type);
}

const empty = 0xc15d213aa4d7a795n;
const mask = 0xffff_ffff_ffff_ffffn;
const table = Array.from({ length: 256 }, (_, i) => {
  let value = BigInt(i);
  for (let bit = 0; bit < 8; bit++) value = (value >> 1n) ^ (value & 1n ? empty : 0n);
  return value & mask;
});

/** CRC-64-AVRO of the parsing form, as 16 hexadecimal digits. */
export function rabinFingerprint(type: AvroType): string {
  let value = empty;
  for (const byte of Buffer.from(parsingForm(type)))
    value = (value >> 8n) ^ table[Number((value ^ BigInt(byte)) & 0xffn)]!;
  return value.toString(16).padStart(16, '0');
}
/** MD5 or SHA-256 of the parsing form, in hexadecimal digits. */
export const fingerprint = (type: AvroType, algorithm: 'md5' | 'sha256'): string =>
  createHash(algorithm).update(parsingForm(type)).digest('hex');
