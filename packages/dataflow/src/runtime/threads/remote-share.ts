/* A share that runs in another thread, as its job sees it. */

import { assert, errorOf, ExternalError, type Thread } from '#base';
import type { BlockTarget } from '#state';
import type { SourceCommit } from '../../contracts/index.ts';
import type { Barrier } from '../channel.ts';
import type { NodeMetrics } from '../metrics.ts';
import type { Commits, Moved, NodeStates, Share, ShareEvents } from '../share.ts';
import type { FromShare, Question, Questions, ShareOpening, ShareReport, ToShare } from './messages.ts';

export interface RemoteParts {
  readonly thread: Thread;
  readonly opening: ShareOpening;
  readonly events: ShareEvents;
  readonly warn: (message: string) => void;
  /** Takes blocks of its state while a snapshot is taken. */
  readonly blocks: ((epoch: number) => BlockTarget) | undefined;
}

export class RemoteShare implements Share {
  readonly #parts: RemoteParts;
  readonly #waiting = new Map<
    number,
    { readonly resolve: (answer: unknown) => void; readonly reject: (error: unknown) => void }
  >();
  #asked = 0;
  #report: ShareReport = { metrics: [], blockedMs: 0 };
  /** Why it takes no more questions. */
  #lost: ExternalError | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: RemoteParts) {
    this.#parts = parts;
    parts.thread.onMessage((message) => {
      this.#take(message as FromShare);
    });
    parts.thread.onLost((reason) => {
      this.#gone(reason);
    });
  }
  async open(): Promise<Commits> {
    return await this.#ask('open', this.#parts.opening);
  }
  run(): void {
    this.#post({ kind: 'run' });
  }
  barrier(barrier: Barrier): void {
    this.#post(barrier);
  }
  async final(): Promise<NodeStates> {
    return await this.#ask('final', undefined);
  }
  async commitSinks(): Promise<void> {
    await this.#ask('commitSinks', undefined);
  }
  commitSources(upTo: SourceCommit): void {
    this.#post({ kind: 'commit-sources', upTo });
  }
  stop(drain: boolean): void {
    this.#post({ kind: 'stop', drain });
  }
  async settled(): Promise<Moved> {
    // Of one that is lost nothing moves.
    return await this.#ask('settled', undefined).catch(() => ({ sent: 0, received: 0 }));
  }
  metrics(): readonly NodeMetrics[] {
    return this.#report.metrics;
  }
  get blockedMs(): number {
    return this.#report.blockedMs;
  }
  /** Who is canceled while it opens is closed by both. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }
  async #close(): Promise<void> {
    try {
      if (this.#lost === undefined) this.#report = await this.#ask('close', undefined);
    } finally {
      await this.#parts.thread.end();
      this.#lost ??= new ExternalError('JOB2001', { message: 'the share is closed', retryable: false });
      this.#refuseAll(this.#lost);
    }
  }

  #post(message: ToShare, transfer?: readonly ArrayBuffer[]): void {
    if (this.#lost === undefined) this.#parts.thread.post(message, transfer);
  }
  #ask<Q extends Question>(question: Q, asked: Questions[Q]['ask']): Promise<Questions[Q]['answer']> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    const id = ++this.#asked;
    return new Promise<Questions[Q]['answer']>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      this.#post({ kind: 'ask', id, question, with: asked });
    });
  }
  #take(message: FromShare): void {
    const { events, warn } = this.#parts;
    switch (message.kind) {
      case 'answer':
        this.#waiting.get(message.id)?.resolve(message.answer);
        this.#waiting.delete(message.id);
        return;
      case 'refusal':
        this.#waiting.get(message.id)?.reject(errorOf(message.error));
        this.#waiting.delete(message.id);
        return;
      case 'snapshotted':
        return events.snapshotted(message.epoch, message.states, message.timing);
      case 'block':
        return this.#takeBlock(message);
      case 'finished':
        return events.finished();
      case 'failed':
        return events.failed(errorOf(message.error));
      case 'warn':
        return warn(message.message);
      case 'asked':
        return events.asked(message.wanted);
      case 'report':
        this.#report = message.report;
    }
  }
  #takeBlock({ epoch, block, memory, length }: FromShare & { readonly kind: 'block' }): void {
    const { blocks } = this.#parts;
    assert(blocks !== undefined, 'a share sends blocks where it was opened so');
    blocks(epoch).put(new Uint8Array(memory, 0, length), (free) => {
      this.#post({ kind: 'written', block, memory: free }, [free]);
    });
  }
  #refuseAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
  /** The thread ended by itself: out of memory, or a crash of its runtime. */
  #gone(reason: Error): void {
    const { opening, events } = this.#parts;
    this.#lost = new ExternalError('JOB2001', {
      message: `thread ${opening.thread} of the job '${opening.name}' ended: ${reason.message}`,
      cause: reason,
    });
    this.#refuseAll(this.#lost);
    events.failed(this.#lost);
  }
}
