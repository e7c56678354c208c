/* Requests to the coordinators of groups and transactional ids: tried again while a coordinator moves, loads or is busy. */

import { ExternalError, pause, type World } from '#base';
import type { Trouble } from '#dataflow';
import { brokerError, isRetryable } from '../requests/broker-errors.ts';
import type { CoordinatorKind } from '../requests/find-coordinator.ts';
import type { KafkaRequest } from '../requests/request.ts';
import { Backoff } from './backoff.ts';
import type { KafkaCluster } from './cluster.ts';
import type { BrokerLink } from './transport.ts';

export interface CoordinatorsParts {
  readonly world: World;
  readonly cluster: KafkaCluster;
  readonly signal: AbortSignal;
  /** How long a request may fail before its caller hears of it. */
  readonly giveUpMs: number;
}

/** Whom to ask, and what for in the words of an error: 'to commit …'. */
export interface Question {
  readonly kind: CoordinatorKind;
  readonly key: string;
  readonly what: string;
  /** Keeps apart what must not wait for each other; 'coordinator' unless told otherwise. */
  readonly use?: string;
}

export class Coordinators {
  readonly #parts: CoordinatorsParts;
  readonly #links = new Map<string, BrokerLink>();
  readonly #troubles = new Set<Trouble>();

  constructor(parts: CoordinatorsParts) {
    this.#parts = parts;
  }
  /** While a request is tried again. */
  get trouble(): Trouble | undefined {
    const [first] = this.#troubles;
    return first;
  }

  /** The answer; tried again while it says that later may be better. Its error is none of those. */
  async ask<T extends { readonly error: number }>(question: Question, request: KafkaRequest<T>): Promise<T> {
    const { world, signal, giveUpMs } = this.#parts;
    const backoff = new Backoff(world, giveUpMs);
    let trouble: Trouble | undefined;
    try {
      for (;;) {
        try {
          return await this.once(question, request);
        } catch (error) {
          if (!(error instanceof ExternalError) || !error.retryable || signal.aborted) throw error;
          const delay = backoff.failed();
          if (delay === undefined) throw error;
          if (trouble === undefined) {
            trouble = { message: error.message, since: world.now() };
            this.#troubles.add(trouble);
          }
          await pause(world, delay, signal);
        }
      }
    } finally {
      if (trouble !== undefined) this.#troubles.delete(trouble);
    }
  }
  /** The same, tried once: throws an ExternalError that says so where later may be better. */
  async once<T extends { readonly error: number }>(question: Question, request: KafkaRequest<T>): Promise<T> {
    const { kind, key, what, use = 'coordinator' } = question;
    const name = `${use} ${kind} ${key}`;
    let link = this.#links.get(name);
    if (link?.open !== true) link = await this.#parts.cluster.coordinator(kind, key, use);
    this.#links.set(name, link);
    const answer = await link.request(request);
    if (!isRetryable(answer.error)) return answer;
    // It may be another one by now.
    this.#links.delete(name);
    throw brokerError(answer.error, what);
  }
}
