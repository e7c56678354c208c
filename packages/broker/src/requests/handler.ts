/* The contract of a request kind: one file each, entered in the table of requests/index.ts. */

import type { ApiName, Messages, Sparse } from '#kafka';
import type { Client } from '../cluster/client.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Operation, ResourceKind } from '../security/acls.ts';
import type { AnswerRoom } from '../server/request-memory.ts';
import type { Authentication } from '../security/authentication.ts';

export interface RequestContext {
  readonly cluster: Cluster;
  readonly client: Client;
  readonly version: number;
  /** The connection's: two requests move it on. */
  readonly authentication: Authentication;
  /** Whether this client may do this to the resource of that name. */
  readonly may: (operation: Operation, kind: ResourceKind, name: string) => boolean;
  /** For the records of the answer. */
  readonly room: AnswerRoom;
  /** Aborted when the connection or the broker closes: what waits gives up then. */
  readonly signal: AbortSignal;
}

/** Answers one request. Undefined: no response is sent (Produce with acks=0, a login that is not gone on with). Throws
 *  ProtocolError where the connection has to end, else only for a defect. */
export type Handler<N extends ApiName> = (
  request: Messages[N]['request'],
  context: RequestContext,
) => Sparse<Messages[N]['response']> | undefined | Promise<Sparse<Messages[N]['response']> | undefined>;

export type Handlers = { readonly [N in ApiName]?: Handler<N> };
