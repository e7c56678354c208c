/* One request frame in, one response out: reads the head, finds the handler, writes what it gives.
 *
 * What is no request of ours throws WireError or ProtocolError: the connection that it came over is then closed, as Kafka
 * does. A defect in a handler is told to the operator and answered by closing too. */

import {
  apiOf,
  apis,
  errorCodes,
  readRequestHead,
  writeResponse,
  type ApiName,
  type Sparse,
  type WireReader,
  type WireWriter,
} from '#kafka';
import { handlers } from '../requests/index.ts';
import type { Handler, RequestContext } from '../requests/handler.ts';
import { ProtocolError } from './endings.ts';

export interface Answered {
  readonly name: ApiName;
  /** In parts, without the length in front; undefined when none is sent. */
  readonly response: readonly Buffer[] | undefined;
}

/** What the codec of one message looks like when the message is not known to the compiler. */
interface AnyApi {
  readonly min: number;
  readonly max: number;
  readRequest(r: WireReader, version: number): unknown;
  writeResponse(w: WireWriter, m: Sparse<object>, version: number): void;
}
type AnyHandler = (
  request: unknown,
  context: RequestContext,
) => Promise<object | undefined> | object | undefined;

/** Around every request: authentication and faults on purpose. Throws ProtocolError where this client may not ask this
 *  now, and DropConnection; `answer` carries the request out. */
export type Gate = (
  name: ApiName,
  request: unknown,
  context: RequestContext,
  answer: () => Promise<object | undefined>,
) => Promise<object | undefined>;

export async function dispatch(
  frame: Buffer,
  context: (version: number, clientId: string) => RequestContext,
  gate: Gate,
): Promise<Answered> {
  const { head, body } = readRequestHead(frame);
  const name = apiOf(head.key);
  const handler = name === undefined ? undefined : (handlers[name] as Handler<ApiName> | undefined);
  if (name === undefined || handler === undefined)
    throw new ProtocolError(`request ${head.key} is not served`);
  const api = apis[name] as unknown as AnyApi;
  if (head.version < api.min || head.version > api.max) {
    if (name !== 'ApiVersions') throw new ProtocolError(`${name} is not served in version ${head.version}`);
    return { name, response: unsupportedVersion(head.correlation) };
  }
  const request = api.readRequest(body, head.version);
  const asked = context(head.version, head.clientId ?? '');
  const carryOut = async (): Promise<object | undefined> =>
    (handler as unknown as AnyHandler)(request, asked);
  const answer = await gate(name, request, asked, carryOut);
  if (answer === undefined) return { name, response: undefined };
  return {
    name,
    response: writeResponse(name, head.version, head.correlation, (w) => {
      api.writeResponse(w, answer, head.version);
    }),
  };
}

/** KIP-511: a client that is newer than we are learns by a version 0 answer what there is. */
function unsupportedVersion(correlation: number): Buffer[] {
  const { key, min, max } = apis.ApiVersions;
  return writeResponse('ApiVersions', 0, correlation, (w) => {
    apis.ApiVersions.writeResponse(
      w,
      {
        errorCode: errorCodes.UNSUPPORTED_VERSION,
        apiKeys: [{ apiKey: key, minVersion: min, maxVersion: max }],
      },
      0,
    );
  });
}
