/* One job at a time writes under a prefix. The lock is a consumer group that reads nothing, whose members have the job's
 * name as their protocol: Kafka itself lets nobody in who speaks another one.
 *
 *   join ── other job there ──▶ refused
 *     └──▶ member ── heartbeats ──▶ a newer run of the job came in our place ──▶ fenced
 *
 * A member is static, so a newer run takes the place of one that crashed, or still lives, at once; for another job the
 * group is empty when the session of the last member is over. */

import { ExternalError, pause, toMillraceError, type MillraceError, type World } from '#base';
import { errorCodes } from '#kafka';
import { Backoff } from '../../client/backoff.ts';
import type { Coordinators, Question } from '../../client/coordinators.ts';
import { brokerError } from '../../requests/broker-errors.ts';
import {
  describeGroupRequest,
  heartbeatRequest,
  joinGroupRequest,
  leaveGroupRequest,
  syncGroupRequest,
  type Membership,
} from '../../requests/membership.ts';
import { shortName } from './transactional-id.ts';

const groupType = 'millrace-sink';
const timing = { sessionMs: 30_000, rebalanceMs: 10_000, heartbeatMs: 3_000, lookMs: 20 } as const;

export interface PrefixLockParts {
  readonly world: World;
  readonly coordinators: Coordinators;
  readonly prefix: string;
  readonly job: string;
  /** The sink's id: a job may have several under one prefix. */
  readonly sink: string;
  /** How long a start may wait. */
  readonly giveUpMs: number;
  readonly signal: AbortSignal;
  /** It was lost. */
  readonly failed: (error: MillraceError) => void;
}

export class PrefixLock {
  readonly #parts: PrefixLockParts;
  readonly #group: string;
  readonly #instance: string;
  readonly #released = new AbortController();
  readonly #signal: AbortSignal;
  #membership: Membership | undefined;
  /** Of the last life. */
  #memberId = '';
  #failure: MillraceError | undefined;

  constructor(parts: PrefixLockParts) {
    this.#parts = parts;
    this.#group = `${parts.prefix}-lock`;
    this.#instance = shortName(`${parts.job}\n${parts.sink}`);
    this.#signal = AbortSignal.any([parts.signal, this.#released.signal]);
  }
  #question(what: string, use = 'lock'): Question {
    return { kind: 'group', key: this.#group, what: `${what} '${this.#group}'`, use };
  }

  /** Resolves when the job may write under the prefix. Who is let in may have to wait until the group has settled: that
   *  goes on in the background. */
  async acquire(): Promise<void> {
    const { world, giveUpMs } = this.#parts;
    void this.#hold();
    const backoff = new Backoff(world, giveUpMs);
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#membership !== undefined || (await this.#isIn())) return;
      if (backoff.failed() === undefined || this.#signal.aborted)
        throw new ExternalError('KAF2002', {
          message: `Kafka's group '${this.#group}', which keeps other jobs from the transactions under this prefix, let nobody in`,
        });
      await pause(world, timing.lookMs, this.#signal);
    }
  }
  async #isIn(): Promise<boolean> {
    const group = await this.#describe();
    return group?.instances.includes(this.#instance) === true;
  }
  async #describe(): Promise<
    { readonly protocol: string; readonly instances: readonly string[] } | undefined
  > {
    const question = this.#question('the members of group', 'group');
    const answer = await this.#parts.coordinators
      .once(question, describeGroupRequest(this.#group))
      .catch((error: unknown) => {
        if (error instanceof ExternalError && error.retryable) return undefined;
        throw error;
      });
    if (answer !== undefined && answer.error !== 0) throw brokerError(answer.error, question.what);
    return answer;
  }

  /** Joins, and then beats. */
  async #hold(): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        if (this.#membership === undefined) await this.#join();
        else await this.#beat(this.#membership);
      } catch (error) {
        const known = toMillraceError(error);
        if (!(known instanceof ExternalError && known.retryable) && !this.#signal.aborted) {
          this.#failure = known;
          this.#parts.failed(known);
          return;
        }
      }
      const wait = this.#membership === undefined ? timing.lookMs : timing.heartbeatMs;
      await pause(this.#parts.world, wait, this.#signal);
    }
  }
  async #join(): Promise<void> {
    const { coordinators, job } = this.#parts;
    const question = this.#question('to join group');
    const joining = {
      group: this.#group,
      instance: this.#instance,
      memberId: this.#memberId,
      type: groupType,
      protocol: job,
      sessionMs: timing.sessionMs,
      rebalanceMs: timing.rebalanceMs,
    };
    const { error, membership } = await coordinators.once(question, joinGroupRequest(joining));
    if (error === errorCodes.UNKNOWN_MEMBER_ID) this.#memberId = '';
    else if (error === errorCodes.INCONSISTENT_GROUP_PROTOCOL) throw await this.#inUse();
    else if (error === errorCodes.FENCED_INSTANCE_ID) throw this.#replaced();
    else if (error !== 0) throw brokerError(error, question.what);
    if (error !== 0) return;
    this.#memberId = membership.memberId;
    const synced = await coordinators.once(this.#question('to settle group'), syncGroupRequest(membership));
    if (this.#isOver(synced.error, 'to settle group')) return;
    this.#membership = membership;
  }
  async #beat(membership: Membership): Promise<void> {
    const what = 'a heartbeat for group';
    const beat = await this.#parts.coordinators.once(this.#question(what), heartbeatRequest(membership));
    if (this.#isOver(beat.error, what)) this.#membership = undefined;
  }
  /** Whether it has to join again. */
  #isOver(error: number, what: string): boolean {
    switch (error) {
      case 0:
        return false;
      case errorCodes.REBALANCE_IN_PROGRESS:
      case errorCodes.ILLEGAL_GENERATION:
        return true;
      case errorCodes.UNKNOWN_MEMBER_ID:
        this.#memberId = '';
        return true;
      case errorCodes.FENCED_INSTANCE_ID:
        throw this.#replaced();
      default:
        throw brokerError(error, `${what} '${this.#group}'`);
    }
  }

  /** Throws when another run of the job has taken the place of this one. */
  async verify(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#membership !== undefined) await this.#beat(this.#membership);
  }

  async #inUse(): Promise<ExternalError> {
    const { prefix } = this.#parts;
    const holder = (await this.#describe())?.protocol ?? '';
    return new ExternalError('KAF2005', {
      message: `another job${holder === '' ? '' : `, '${holder}',`} writes under 'sink.transactional-id-prefix' = '${prefix}'`,
      hint: `Give each job a prefix of its own: jobs under one abort each other's transactions. A job that crashed holds its prefix for ${timing.sessionMs / 1000} s.`,
      retryable: false,
    });
  }
  #replaced(): ExternalError {
    const { job, prefix } = this.#parts;
    return new ExternalError('KAF2005', {
      message: `another run of job '${job}' writes under 'sink.transactional-id-prefix' = '${prefix}' now: this one stops`,
      hint: 'Only one run of a job may go on.',
      retryable: false,
    });
  }

  /** Another job may come in at once. What fails here is over with the session. */
  async release(): Promise<void> {
    this.#released.abort();
    if (this.#failure !== undefined) return;
    const member = { group: this.#group, instance: this.#instance, memberId: this.#memberId };
    const question = this.#question('to leave group', 'group');
    await this.#parts.coordinators.once(question, leaveGroupRequest(member)).catch(() => {});
  }
}
