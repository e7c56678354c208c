/* AlterUserScramCredentials, versions 0 to 0. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface ScramCredentialUpsertion {
  readonly name: string;
  readonly mechanism: number;
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly saltedPassword: Uint8Array;
}

export function readScramCredentialUpsertion(r: WireReader, _version: number): ScramCredentialUpsertion {
  const name = r.string();
  const mechanism = r.int8();
  const iterations = r.int32();
  const salt = r.bytes();
  const saltedPassword = r.bytes();
  r.tags();
  return { name, mechanism, iterations, salt, saltedPassword };
}

export function writeScramCredentialUpsertion(
  w: WireWriter,
  m: Sparse<ScramCredentialUpsertion>,
  _version: number,
): void {
  w.string(m.name ?? '');
  w.int8(m.mechanism ?? 0);
  w.int32(m.iterations ?? 0);
  w.bytes(m.salt ?? new Uint8Array(0));
  w.bytes(m.saltedPassword ?? new Uint8Array(0));
  w.tags();
}

export interface ScramCredentialDeletion {
  readonly name: string;
  readonly mechanism: number;
}

export function readScramCredentialDeletion(r: WireReader, _version: number): ScramCredentialDeletion {
  const name = r.string();
  const mechanism = r.int8();
  r.tags();
  return { name, mechanism };
}

export function writeScramCredentialDeletion(
  w: WireWriter,
  m: Sparse<ScramCredentialDeletion>,
  _version: number,
): void {
  w.string(m.name ?? '');
  w.int8(m.mechanism ?? 0);
  w.tags();
}

export interface AlterUserScramCredentialsRequest {
  readonly deletions: readonly ScramCredentialDeletion[];
  readonly upsertions: readonly ScramCredentialUpsertion[];
}

export function readAlterUserScramCredentialsRequest(
  r: WireReader,
  version: number,
): AlterUserScramCredentialsRequest {
  const deletions = r.array(() => readScramCredentialDeletion(r, version));
  const upsertions = r.array(() => readScramCredentialUpsertion(r, version));
  r.tags();
  return { deletions, upsertions };
}

export function writeAlterUserScramCredentialsRequest(
  w: WireWriter,
  m: Sparse<AlterUserScramCredentialsRequest>,
  version: number,
): void {
  w.array(m.deletions ?? [], (item) => writeScramCredentialDeletion(w, item, version));
  w.array(m.upsertions ?? [], (item) => writeScramCredentialUpsertion(w, item, version));
  w.tags();
}

export interface AlterUserScramCredentialsResult {
  readonly user: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export function readAlterUserScramCredentialsResult(
  r: WireReader,
  _version: number,
): AlterUserScramCredentialsResult {
  const user = r.string();
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  r.tags();
  return { user, errorCode, errorMessage };
}

export function writeAlterUserScramCredentialsResult(
  w: WireWriter,
  m: Sparse<AlterUserScramCredentialsResult>,
  _version: number,
): void {
  w.string(m.user ?? '');
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  w.tags();
}

export interface AlterUserScramCredentialsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly AlterUserScramCredentialsResult[];
}

export function readAlterUserScramCredentialsResponse(
  r: WireReader,
  version: number,
): AlterUserScramCredentialsResponse {
  const throttleTimeMs = r.int32();
  const results = r.array(() => readAlterUserScramCredentialsResult(r, version));
  r.tags();
  return { throttleTimeMs, results };
}

export function writeAlterUserScramCredentialsResponse(
  w: WireWriter,
  m: Sparse<AlterUserScramCredentialsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.results ?? [], (item) => writeAlterUserScramCredentialsResult(w, item, version));
  w.tags();
}

export const alterUserScramCredentialsApi = {
  key: 51,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  readRequest: readAlterUserScramCredentialsRequest,
  writeRequest: writeAlterUserScramCredentialsRequest,
  readResponse: readAlterUserScramCredentialsResponse,
  writeResponse: writeAlterUserScramCredentialsResponse,
} as const;
