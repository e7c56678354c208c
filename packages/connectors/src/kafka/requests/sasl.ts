/* SaslHandshake and SaslAuthenticate: a login, one message at a time. */

import { request, type KafkaRequest } from './request.ts';

const versions = { handshake: 1, authenticate: 1 } as const;

export interface Handshake {
  readonly error: number;
  /** What this listener offers. */
  readonly mechanisms: readonly string[];
}
export const saslHandshakeRequest = (mechanism: string): KafkaRequest<Handshake> =>
  request('SaslHandshake', versions.handshake, { mechanism }, ({ errorCode, mechanisms }) => ({
    error: errorCode,
    mechanisms,
  }));

export interface SaslAnswer {
  readonly error: number;
  readonly message: string | null;
  readonly bytes: Buffer;
  /** How long the login lasts; 0: as long as the connection (KIP-368). */
  readonly lifetimeMs: number;
}
export const saslAuthenticateRequest = (authBytes: Buffer): KafkaRequest<SaslAnswer> =>
  request('SaslAuthenticate', versions.authenticate, { authBytes }, (response) => ({
    error: response.errorCode,
    message: response.errorMessage,
    bytes: Buffer.from(response.authBytes),
    lifetimeMs: response.sessionLifetimeMs,
  }));
