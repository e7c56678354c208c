/* What one connection is to the broker: who the client is, and how its requests are answered. The same for a socket and
 * for a client in the same process. */

import type { RequestContext } from '../requests/handler.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { dispatch, DropConnection } from './dispatch.ts';
import { faultAnswer, type Faults } from './faults.ts';

export interface SessionPlace {
  readonly cluster: Cluster;
  readonly faults: Faults;
  /** Address, as `/127.0.0.1`. */
  readonly host: string;
  readonly listener: string;
  readonly nodeId: number;
}

export class Session {
  readonly #place: SessionPlace;

  constructor(place: SessionPlace) {
    this.#place = place;
  }
  /** Answers one frame; undefined when nothing is sent back. Throws where the connection has to end. */
  async answer(frame: Buffer, signal: AbortSignal): Promise<readonly Buffer[] | undefined> {
    const { cluster, faults, host, listener, nodeId } = this.#place;
    const context = (version: number, id: string): RequestContext => ({
      cluster,
      client: { id, host, listener, nodeId, principal: 'User:ANONYMOUS' },
      version,
      signal,
    });
    const answered = await dispatch(frame, context, async (name, request, { client }, carryOut) => {
      const fault = await faults.meet(name, client.id);
      const instead = fault && faultAnswer(fault, name, request);
      if (instead !== undefined) return instead;
      const answer = await carryOut();
      if (fault?.drop === 'after') throw new DropConnection('dropped on purpose');
      return answer;
    });
    return answered.response;
  }
}
