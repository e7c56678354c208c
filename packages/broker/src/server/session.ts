/* What one connection is to the broker: who the client is, and how its requests are answered. The same for a socket and
 * for a client in the same process. */

import { pause } from '#base';
import { errorCodes, type ApiName } from '#kafka';
import type { RequestContext } from '../requests/handler.ts';
import { brokerNumber, loginNumber } from '../cluster/broker-configs.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { Authentication, type Mechanism } from '../security/authentication.ts';
import { dispatch } from './dispatch.ts';
import { DropConnection, ProtocolError } from './endings.ts';
import { errorAnswer } from './error-answer.ts';
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

/** What is sent back, and whether the connection goes on. */
export interface Reply {
  /** In parts, without the length in front; undefined when nothing is sent. */
  readonly response: readonly Buffer[] | undefined;
  /** Why the connection ends once that is sent. */
  readonly ends: string | undefined;
}

export class Session {
  readonly #place: SessionPlace;
  readonly #authentication: Authentication;

  constructor(place: SessionPlace) {
    this.#place = place;
    const { cluster, mechanisms, certified, listener } = place;
    this.#authentication = new Authentication({
      users: cluster.users,
      world: cluster.world,
      offered: mechanisms,
      certified,
      lifetimeMsMax: (mechanism) =>
        loginNumber(cluster.configs, listener, mechanism, 'connections.max.reauth.ms'),
    });
  }
  /** How long a frame may be now. */
  get frameBytesMax(): number {
    const { cluster } = this.#place;
    const bound = this.#authentication.pending ? 'sasl.server.max.receive.size' : 'socket.request.max.bytes';
    return brokerNumber(cluster.configs, bound);
  }
  /** Answers one frame. Throws where the connection has to end at once. */
  async answer(frame: Buffer, room: AnswerRoom, signal: AbortSignal): Promise<Reply> {
    if (this.#authentication.bare) return this.#bareStep(frame, signal);
    const context = (version: number, id: string): RequestContext => this.#context(version, id, room, signal);
    let ends: string | undefined;
    const { response } = await dispatch(frame, context, async (name, request, { client }, carryOut) => {
      const admission = this.#authentication.admits(name);
      if (admission === 'ended') throw new ProtocolError(`${name} came ${this.#untimely}`);
      if (admission === 'illegal') {
        ends = `${name} came in the middle of a login`;
        await this.#hold(signal);
        return errorAnswer(name, request, errorCodes.ILLEGAL_SASL_STATE);
      }
      const answer = await this.#faulty(name, request, client.id, signal, carryOut);
      if (name === 'ApiVersions' && (answer as { errorCode?: number } | undefined)?.errorCode === 0)
        this.#authentication.told();
      ends = this.#authentication.failure;
      if (ends !== undefined && answer !== undefined) await this.#hold(signal);
      return answer;
    });
    return { response, ends };
  }
  /** A message of an exchange without the head of a request; a failure is not told. */
  async #bareStep(message: Buffer, signal: AbortSignal): Promise<Reply> {
    const step = this.#authentication.step(message);
    if (step !== undefined && step.kind !== 'failed') return { response: [step.bytes], ends: undefined };
    await this.#hold(signal);
    throw new ProtocolError(this.#authentication.failure ?? 'its login failed');
  }
  get #untimely(): string {
    return this.#authentication.pending
      ? 'before the client was authenticated'
      : 'after the session of the client was over';
  }
  /** Carries a request out, but for faults that were asked for. */
  async #faulty(
    name: ApiName,
    request: unknown,
    clientId: string,
    signal: AbortSignal,
    carryOut: () => Promise<object | undefined>,
  ): Promise<object | undefined> {
    const fault = await this.#place.faults.meet(name, clientId, signal);
    const instead = fault && faultAnswer(fault, name, request);
    if (instead !== undefined) return instead;
    const answer = await carryOut();
    if (fault?.drop === 'after') throw new DropConnection('dropped on purpose');
    return answer;
  }
  /** Who could not log in waits for the answer, so that nobody tries many passwords in a short time. */
  #hold(signal: AbortSignal): Promise<void> {
    const { cluster } = this.#place;
    const delayMs = brokerNumber(cluster.configs, 'connection.failed.authentication.delay.ms');
    return pause(cluster.world, delayMs, signal);
  }
  #context(version: number, id: string, room: AnswerRoom, signal: AbortSignal): RequestContext {
    const { cluster, host, listener, nodeId } = this.#place;
    const { principal } = this.#authentication;
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
