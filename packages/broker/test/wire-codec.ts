/* Requests and answers as bytes, and who can be asked: over a socket, or in the same process. */

import {
  apis,
  WireReader,
  WireWriter,
  writeRequestHead,
  type ApiName,
  type Messages,
  type Sparse,
} from '#kafka';

interface AnyApi {
  readonly flexibleFrom: number;
  writeRequest(w: WireWriter, m: object, version: number): void;
  readResponse(r: WireReader, version: number): unknown;
}

/** A whole request as it goes over the wire, without its length. */
export function requestFrame<N extends ApiName>(
  name: N,
  version: number,
  request: Sparse<Messages[N]['request']>,
  correlation: number,
): Buffer {
  const api = apis[name] as unknown as AnyApi;
  const w = new WireWriter(version >= api.flexibleFrom);
  writeRequestHead(w, name, { version, correlation, clientId: 'test' });
  api.writeRequest(w, request, version);
  return Buffer.concat(w.finish());
}
/** The answer in a frame without its length. */
export function readAnswer<N extends ApiName>(
  name: N,
  version: number,
  frame: Buffer,
): Messages[N]['response'] {
  const api = apis[name] as unknown as AnyApi;
  const r = new WireReader(frame, 4, version >= api.flexibleFrom);
  if (name !== 'ApiVersions') r.tags();
  return api.readResponse(r, version) as Messages[N]['response'];
}

export interface Asking {
  /** In `version`, the latest served unless told otherwise. Rejects when the connection ends. */
  send<N extends ApiName>(
    name: N,
    request: Sparse<Messages[N]['request']>,
    version?: number,
  ): Promise<Messages[N]['response']>;
  close(): void;
}
