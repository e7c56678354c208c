/* A client's side of a request: its bytes, and what its response says. Any message, any version that `apis` has. */

import { apis, type ApiName, type Messages } from '../messages/index.ts';
import { writeRequestHead } from './frame.ts';
import { WireReader } from './reader.ts';
import type { Sparse } from './sparse.ts';
import { WireWriter } from './writer.ts';

/** What the codec of one message looks like when the message is not known to the compiler. */
interface AnyApi {
  readonly min: number;
  readonly max: number;
  readonly flexibleFrom: number;
  writeRequest(w: WireWriter, m: object, version: number): void;
  readResponse(r: WireReader, version: number): unknown;
}

/** A request in parts, without its length in front. Bytes of some length in it are handed on as they are. */
export function writeRequest<N extends ApiName>(
  name: N,
  request: Sparse<Messages[N]['request']>,
  head: { readonly version: number; readonly correlation: number; readonly clientId: string | null },
): Buffer[] {
  const api = apis[name] as unknown as AnyApi;
  const w = new WireWriter(head.version >= api.flexibleFrom);
  writeRequestHead(w, name, head);
  api.writeRequest(w, request, head.version);
  return w.finish();
}

/** Which request a response without its length answers. */
export const correlationOf = (frame: Buffer): number => new WireReader(frame, 0, false).int32();

/** What a response without its length says. Its records and other bytes are views of the frame, not copies. Throws
 *  WireError for what the version does not say. */
export function readResponse<N extends ApiName>(
  name: N,
  version: number,
  frame: Buffer,
): Messages[N]['response'] {
  const api = apis[name] as unknown as AnyApi;
  const r = new WireReader(frame, 4, version >= api.flexibleFrom);
  if (name !== 'ApiVersions') r.tags();
  return api.readResponse(r, version) as Messages[N]['response'];
}
