/* SaslHandshake, versions 0 to 1. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface SaslHandshakeRequest {
  readonly mechanism: string;
}

export function readSaslHandshakeRequest(r: WireReader, _version: number): SaslHandshakeRequest {
  const mechanism = r.string();
  r.tags();
  return { mechanism };
}

export function writeSaslHandshakeRequest(
  w: WireWriter,
  m: Sparse<SaslHandshakeRequest>,
  _version: number,
): void {
  w.string(m.mechanism ?? '');
  w.tags();
}

export interface SaslHandshakeResponse {
  readonly errorCode: number;
  readonly mechanisms: readonly string[];
}

export function readSaslHandshakeResponse(r: WireReader, _version: number): SaslHandshakeResponse {
  const errorCode = r.int16();
  const mechanisms = r.array(() => r.string());
  r.tags();
  return { errorCode, mechanisms };
}

export function writeSaslHandshakeResponse(
  w: WireWriter,
  m: Sparse<SaslHandshakeResponse>,
  _version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.array(m.mechanisms ?? [], (item) => w.string(item));
  w.tags();
}

export const saslHandshakeApi = {
  key: 17,
  min: 0,
  max: 1,
  flexibleFrom: Infinity,
  readRequest: readSaslHandshakeRequest,
  writeRequest: writeSaslHandshakeRequest,
  readResponse: readSaslHandshakeResponse,
  writeResponse: writeSaslHandshakeResponse,
} as const;
