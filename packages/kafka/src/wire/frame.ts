/* Heads of requests and responses (KIP-511, KIP-482): what stands in front of every body.
 *
 *   request    key 2 | version 2 | correlation 4 | client id | tags, in flexible versions
 *   response   correlation 4 | tags, in flexible versions; never for ApiVersions, which a client reads before it knows
 */

import { apis, type ApiName } from '../messages/index.ts';
import { WireReader } from './reader.ts';
import { WireWriter } from './writer.ts';

export interface RequestHead {
  readonly key: number;
  readonly version: number;
  readonly correlation: number;
  readonly clientId: string | null;
}

/** How many topics, partitions, names, … one request may have in all. */
export const requestItemsMax = 1 << 17;

const byKey = new Map<number, ApiName>(Object.entries(apis).map(([name, { key }]) => [key, name as ApiName]));
/** The request with this key, if it is served. */
export const apiOf = (key: number): ApiName | undefined => byKey.get(key);

/** Reads the head; the reader given back stands at the body. The version may be one that is not served. */
export function readRequestHead(frame: Buffer): { readonly head: RequestHead; readonly body: WireReader } {
  const plain = new WireReader(frame, 0, false);
  const key = plain.int16();
  const version = plain.int16();
  const correlation = plain.int32();
  const clientId = plain.nullableString();
  const name = apiOf(key);
  const flexible = name !== undefined && version >= apis[name].flexibleFrom;
  const body = new WireReader(frame, plain.at, flexible, requestItemsMax);
  body.tags();
  return { head: { key, version, correlation, clientId }, body };
}

export function writeRequestHead(w: WireWriter, name: ApiName, head: Omit<RequestHead, 'key'>): void {
  const plain = new WireWriter(false);
  plain.int16(apis[name].key);
  plain.int16(head.version);
  plain.int32(head.correlation);
  plain.string(head.clientId);
  for (const part of plain.finish()) w.raw(part);
  w.tags();
}

/** A response in parts, without its length in front. */
export function writeResponse(
  name: ApiName,
  version: number,
  correlation: number,
  body: (w: WireWriter) => void,
): Buffer[] {
  const w = new WireWriter(version >= apis[name].flexibleFrom);
  w.int32(correlation);
  if (name !== 'ApiVersions') w.tags();
  body(w);
  return w.finish();
}
