/* Requests and answers as bytes, and who can be asked: over a socket, or in the same process. */

import { readResponse, writeRequest, type ApiName, type Messages, type Sparse } from '#kafka';

/** A whole request as it goes over the wire, without its length. */
export const requestFrame = <N extends ApiName>(
  name: N,
  version: number,
  request: Sparse<Messages[N]['request']>,
  correlation: number,
): Buffer => Buffer.concat(writeRequest(name, request, { version, correlation, clientId: 'test' }));

/** The answer in a frame without its length. */
export const readAnswer: <N extends ApiName>(
  name: N,
  version: number,
  frame: Buffer,
) => Messages[N]['response'] = readResponse;

export interface Asking {
  /** In `version`, the latest served unless told otherwise. Rejects when the connection ends. */
  send<N extends ApiName>(
    name: N,
    request: Sparse<Messages[N]['request']>,
    version?: number,
  ): Promise<Messages[N]['response']>;
  close(): void;
}
