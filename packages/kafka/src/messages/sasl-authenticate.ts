/* SaslAuthenticate, versions 0 to 2. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface SaslAuthenticateRequest {
  readonly authBytes: Uint8Array;
}

export function readSaslAuthenticateRequest(r: WireReader, _version: number): SaslAuthenticateRequest {
  const authBytes = r.bytes();
  r.tags();
  return { authBytes };
}

export function writeSaslAuthenticateRequest(
  w: WireWriter,
  m: Sparse<SaslAuthenticateRequest>,
  _version: number,
): void {
  w.bytes(m.authBytes ?? new Uint8Array(0));
  w.tags();
}

export interface SaslAuthenticateResponse {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly authBytes: Uint8Array;
  readonly sessionLifetimeMs: number;
}

export function readSaslAuthenticateResponse(r: WireReader, version: number): SaslAuthenticateResponse {
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const authBytes = r.bytes();
  const sessionLifetimeMs = version >= 1 ? r.int64() : 0;
  r.tags();
  return { errorCode, errorMessage, authBytes, sessionLifetimeMs };
}

export function writeSaslAuthenticateResponse(
  w: WireWriter,
  m: Sparse<SaslAuthenticateResponse>,
  version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  w.bytes(m.authBytes ?? new Uint8Array(0));
  if (version >= 1) w.int64(m.sessionLifetimeMs ?? 0);
  w.tags();
}

export const saslAuthenticateApi = {
  key: 36,
  min: 0,
  max: 2,
  flexibleFrom: 2,
  readRequest: readSaslAuthenticateRequest,
  writeRequest: writeSaslAuthenticateRequest,
  readResponse: readSaslAuthenticateResponse,
  writeResponse: writeSaslAuthenticateResponse,
} as const;
