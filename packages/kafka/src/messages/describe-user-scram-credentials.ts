/* DescribeUserScramCredentials, versions 0 to 0. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface UserName {
  readonly name: string;
}

export function readUserName(r: WireReader, _version: number): UserName {
  const name = r.string();
  r.tags();
  return { name };
}

export function writeUserName(w: WireWriter, m: Sparse<UserName>, _version: number): void {
  w.string(m.name ?? '');
  w.tags();
}

export interface DescribeUserScramCredentialsRequest {
  readonly users: readonly UserName[] | null;
}

export function readDescribeUserScramCredentialsRequest(
  r: WireReader,
  version: number,
): DescribeUserScramCredentialsRequest {
  const users = r.nullableArray(() => readUserName(r, version));
  r.tags();
  return { users };
}

export function writeDescribeUserScramCredentialsRequest(
  w: WireWriter,
  m: Sparse<DescribeUserScramCredentialsRequest>,
  version: number,
): void {
  w.array(m.users === undefined ? [] : m.users, (item) => writeUserName(w, item, version));
  w.tags();
}

export interface CredentialInfo {
  readonly mechanism: number;
  readonly iterations: number;
}

export function readCredentialInfo(r: WireReader, _version: number): CredentialInfo {
  const mechanism = r.int8();
  const iterations = r.int32();
  r.tags();
  return { mechanism, iterations };
}

export function writeCredentialInfo(w: WireWriter, m: Sparse<CredentialInfo>, _version: number): void {
  w.int8(m.mechanism ?? 0);
  w.int32(m.iterations ?? 0);
  w.tags();
}

export interface DescribeUserScramCredentialsResult {
  readonly user: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly credentialInfos: readonly CredentialInfo[];
}

export function readDescribeUserScramCredentialsResult(
  r: WireReader,
  version: number,
): DescribeUserScramCredentialsResult {
  const user = r.string();
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const credentialInfos = r.array(() => readCredentialInfo(r, version));
  r.tags();
  return { user, errorCode, errorMessage, credentialInfos };
}

export function writeDescribeUserScramCredentialsResult(
  w: WireWriter,
  m: Sparse<DescribeUserScramCredentialsResult>,
  version: number,
): void {
  w.string(m.user ?? '');
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  w.array(m.credentialInfos ?? [], (item) => writeCredentialInfo(w, item, version));
  w.tags();
}

export interface DescribeUserScramCredentialsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly results: readonly DescribeUserScramCredentialsResult[];
}

export function readDescribeUserScramCredentialsResponse(
  r: WireReader,
  version: number,
): DescribeUserScramCredentialsResponse {
  const throttleTimeMs = r.int32();
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const results = r.array(() => readDescribeUserScramCredentialsResult(r, version));
  r.tags();
  return { throttleTimeMs, errorCode, errorMessage, results };
}

export function writeDescribeUserScramCredentialsResponse(
  w: WireWriter,
  m: Sparse<DescribeUserScramCredentialsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  w.array(m.results ?? [], (item) => writeDescribeUserScramCredentialsResult(w, item, version));
  w.tags();
}

export const describeUserScramCredentialsApi = {
  key: 50,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  readRequest: readDescribeUserScramCredentialsRequest,
  writeRequest: writeDescribeUserScramCredentialsRequest,
  readResponse: readDescribeUserScramCredentialsResponse,
  writeResponse: writeDescribeUserScramCredentialsResponse,
} as const;
