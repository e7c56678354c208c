/* What one connection is to the broker: who the client is, and how its requests are answered. The same for a socket and
 * for a client in the same process. */

import type { ApiName } from '#kafka';
import type { RequestContext } from '../requests/handler.ts';
import { brokerNumber, type Cluster } from '../cluster/cluster.ts';
import { Authentication, type Mechanism } from '../security/authentication.ts';
import { dispatch } from './dispatch.ts';
import { DropConnection, ProtocolError } from './endings.ts';
import type { AnswerRoom } from './request-memory.ts';
import { faultAnswer, type Faults } from './faults.ts';

export interface SessionPlace {
  readonly cluster: Cluster;
  readonly faults: Faults;
  /** Address, as `/127.0.0.1`. */
  readonly host: string;
  readonly listener: string;
  readonly nodeId: number;
  /** What the listener asks a client to log in by; none: nothing. */
  readonly mechanisms: readonly Mechanism[];
  /** The name in the client's certificate, if it showed one. */
  readonly certified: string | undefined;
}

const frameBytesMax = 104_857_600;
/** Of a client that is not known yet. */
const loginBytesMax = 524_288;
/** What a client may ask before it is known. */
const beforeLogin: ReadonlySet<ApiName> = new Set(['ApiVersions', 'SaslHandshake', 'SaslAuthenticate']);

export class Session {
  readonly #place: SessionPlace;
  readonly #authentication: Authentication;

  constructor(place: SessionPlace) {
    this.#place = place;
    const { cluster, mechanisms, certified } = place;
    this.#authentication = new Authentication(cluster.users, cluster.world, mechanisms, certified);
  }
  /** How long a frame may be now. */
  get frameBytesMax(): number {
    const { cluster } = this.#place;
    return this.#authentication.principal === undefined
      ? brokerNumber(cluster, 'sasl.server.max.receive.size', loginBytesMax)
      : brokerNumber(cluster, 'socket.request.max.bytes', frameBytesMax);
  }
  /** Answers one frame; undefined when nothing is sent back. Throws where the connection has to end. */
  async answer(frame: Buffer, room: AnswerRoom, signal: AbortSignal): Promise<readonly Buffer[] | undefined> {
    const { faults } = this.#place;
    const context = (version: number, id: string): RequestContext => this.#context(version, id, room, signal);
    const answered = await dispatch(frame, context, async (name, request, { client }, carryOut) => {
      if (this.#authentication.principal === undefined && !beforeLogin.has(name))
        throw new ProtocolError(`${name} came before the client was authenticated`);
      const fault = await faults.meet(name, client.id, signal);
      const instead = fault && faultAnswer(fault, name, request);
      if (instead !== undefined) return instead;
      const answer = await carryOut();
      if (fault?.drop === 'after') throw new DropConnection('dropped on purpose');
      return answer;
    });
    return answered.response;
  }
  #context(version: number, id: string, room: AnswerRoom, signal: AbortSignal): RequestContext {
    const { cluster, host, listener, nodeId } = this.#place;
    const principal = this.#authentication.principal ?? 'User:ANONYMOUS';
    const address = host.slice(1);
    return {
      cluster,
      client: { id, host, listener, nodeId, principal },
      version,
      authentication: this.#authentication,
      may: (operation, kind, name) => cluster.acls.may(principal, address, operation, kind, name),
      room,
      signal,
    };
  }
}
