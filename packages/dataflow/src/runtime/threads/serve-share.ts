/* Runs a share in this thread, as the job in another thread asks for it. */

import { BugError, errorMessage, type ThreadPort, type World } from '#base';
import type { ConnectorRegistry } from '#catalog';
import { LocalShare } from '../share.ts';
import { alignmentGroups } from '../source-turns.ts';
import { Bells } from './bells.ts';
import type { FromShare, Question, ShareOpening, ShareReport, ToShare } from './messages.ts';
import { ProgressBoard } from './progress-board.ts';
import { SentBlocks } from './sent-blocks.ts';

/** Milliseconds between two reports of metrics. */
const reportMs = 100;

export function serveShare(port: ThreadPort, world: World, connectors: ConnectorRegistry): void {
  new ShareServer(port, world, connectors).start();
}

class ShareServer {
  readonly #port: ThreadPort;
  readonly #world: World;
  readonly #connectors: ConnectorRegistry;
  #share: LocalShare | undefined;
  readonly #blocks = new SentBlocks((message, transfer) => {
    this.#post(message, transfer);
  });
  #closed = false;

  constructor(port: ThreadPort, world: World, connectors: ConnectorRegistry) {
    this.#port = port;
    this.#world = world;
    this.#connectors = connectors;
  }
  start(): void {
    this.#port.onMessage((message) => {
      this.#take(message as ToShare);
    });
  }
  #post(message: FromShare, transfer?: readonly ArrayBuffer[]): void {
    this.#port.post(message, transfer);
  }
  #take(message: ToShare): void {
    switch (message.kind) {
      case 'ask':
        this.#answer(message.question, message.with).then(
          (answer) => {
            this.#post({ kind: 'answer', id: message.id, answer });
          },
          (error: unknown) => {
            this.#post({ kind: 'refusal', id: message.id, error: errorMessage(error) });
          },
        );
        return;
      case 'run':
        this.#share!.run();
        return this.#reportSoon();
      case 'barrier':
        return this.#share!.barrier(message);
      case 'commit-sources':
        return this.#share!.commitSources(message.upTo);
      case 'stop':
        return this.#share!.stop(message.drain);
      case 'written':
        return this.#blocks.written(message.block, message.memory);
    }
  }
  async #answer(question: Question, asked: unknown): Promise<unknown> {
    switch (question) {
      case 'open':
        this.#share = this.#create(asked as ShareOpening);
        return await this.#share.open();
      case 'final':
        return await this.#share!.final();
      case 'commitSinks':
        return await this.#share!.commitSinks();
      case 'settled':
        return await this.#share!.settled();
      case 'close':
        this.#closed = true;
        await this.#share?.close();
        return this.#report();
      default:
        throw new BugError(`a share has no answer to ${String(question satisfies never)}`);
    }
  }
  #create(opening: ShareOpening): LocalShare {
    const { plan, thread, placement, rings, bells, progress, streams, ...settings } = opening;
    return new LocalShare(
      plan,
      {
        ...settings,
        blocks: streams ? (epoch) => this.#blocks.target(epoch) : undefined,
        world: this.#world,
        connectors: this.#connectors,
        lateRows: undefined,
        place: { thread, placement, rings, bells: new Bells(bells, thread) },
        progress: new ProgressBoard(progress, thread, alignmentGroups(plan).length),
        warn: (message) => {
          this.#post({ kind: 'warn', message });
        },
        print: () => {
          throw new BugError('a sink that prints runs in the first thread');
        },
      },
      {
        snapshotted: (epoch, states, timing) => {
          const buffers = [...states.values()].flatMap((part) => part.chunks.map((c) => c.buffer));
          this.#post({ kind: 'snapshotted', epoch, states, timing }, [...new Set(buffers)] as ArrayBuffer[]);
        },
        finished: () => {
          this.#post({ kind: 'report', report: this.#report() });
          this.#post({ kind: 'finished' });
        },
        failed: (error) => {
          this.#post({ kind: 'failed', error: errorMessage(error) });
        },
        asked: (wanted) => {
          this.#post({ kind: 'asked', wanted });
        },
      },
    );
  }
  #report(): ShareReport {
    return { metrics: this.#share?.metrics() ?? [], blockedMs: this.#share?.blockedMs ?? 0 };
  }
  #reportSoon(): void {
    this.#world.after(reportMs, () => {
      if (this.#closed) return;
      this.#post({ kind: 'report', report: this.#report() });
      this.#reportSoon();
    });
  }
}
