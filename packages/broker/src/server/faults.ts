/* Faults on purpose, for tests: an error in place of an answer, a delay before it, a connection dropped instead of it.
 * The first fault that fits a request takes it; one that is used up goes. */

import { didYouMean, pause, UserError, type World } from '#base';
import { apis, errorCodes, type ApiName, type ErrorName, type ProduceRequest } from '#kafka';
import { DropConnection } from './endings.ts';
import { errorAnswer } from './error-answer.ts';

export interface Fault {
  /** The request kind, e.g. 'Produce'. */
  readonly request: ApiName;
  /** Answered everywhere in the response. */
  readonly error?: ErrorName;
  /** Waits before it answers, ms of World's clock. Alone: the request is answered as ever, but late. */
  readonly delayMs?: number;
  /** 'before': the request is not carried out; 'after': it is, and the answer is lost. The connection ends either way. */
  readonly drop?: 'before' | 'after';
  /** How often; 1 by default. */
  readonly times?: number;
  /** Only requests of this client.id. */
  readonly clientId?: string;
}
interface ActiveFault extends Fault {
  left: number;
}

export class Faults {
  readonly #world: World;
  #active: ActiveFault[] = [];

  constructor(world: World) {
    this.#world = world;
  }
  /** Gives a function that takes the fault away again. Throws UserError where nothing is called so. */
  inject(fault: Fault): () => void {
    known('request', fault.request, apis);
    if (fault.error !== undefined) known('error', fault.error, errorCodes);
    const active: ActiveFault = { ...fault, left: fault.times ?? 1 };
    this.#active.push(active);
    return () => {
      this.#active = this.#active.filter((f) => f !== active);
    };
  }
  /** Takes the fault that a request meets, if any, and waits its delay, but no longer than the client. */
  async meet(name: ApiName, clientId: string, signal: AbortSignal): Promise<Fault | undefined> {
    const fault = this.#active.find(
      (f) => f.request === name && (f.clientId === undefined || f.clientId === clientId),
    );
    if (fault === undefined) return undefined;
    fault.left--;
    if (fault.left <= 0) this.#active = this.#active.filter((f) => f !== fault);
    if (fault.delayMs !== undefined) await pause(this.#world, fault.delayMs, signal);
    return fault;
  }
}

function known(what: 'request' | 'error', name: string, among: object): void {
  if (Object.hasOwn(among, name)) return;
  const hint = didYouMean(name, Object.keys(among));
  const message = `no ${what} of Kafka's is called "${name}"`;
  throw new UserError('BRK1009', hint === undefined ? { message } : { message, hint });
}

/** What a fault does before the request is carried out: gives the answer in its place, or none. A producer that waits for
 *  no answer learns of an error as from Kafka: its connection ends. */
export function faultAnswer(fault: Fault, name: ApiName, request: unknown): object | undefined {
  const unanswered = name === 'Produce' && (request as ProduceRequest).acks === 0;
  if (fault.drop === 'before' || (unanswered && fault.error !== undefined))
    throw new DropConnection('dropped on purpose');
  return fault.error === undefined ? undefined : errorAnswer(name, request, errorCodes[fault.error]);
}
