/* The schemas that records of a source wait for: asked for in the background, each once, as often as it takes.
 *
 *   wants(id) ──▶ registry ── is away ──▶ a pause, longer each time, and `trouble` ──▶ registry ──▶ learned(id, schema) */

import { ExternalError, pause, toMillraceError, type MillraceError, type World } from '#base';
import type { Trouble } from '#dataflow';
import type { ParsedSchema } from '#schemas';
import { Backoff } from '../kafka/client/backoff.ts';
import type { SchemaSource } from './schema-source.ts';

/** How long a registry that has answered before may be away before the job fails: as long as brokers. */
const giveUpMs = 600_000;

export interface AwaitedSchemasContext {
  readonly world: World;
  readonly signal: AbortSignal;
  /** How long a registry that never answered may be away. */
  readonly startTimeoutMs: number;
  open(): Promise<SchemaSource>;
  /** `name`: what records call it. */
  learned(id: number, schema: ParsedSchema | undefined, name: string): void;
  failed(error: MillraceError): void;
}

export class AwaitedSchemas {
  readonly #context: AwaitedSchemasContext;
  readonly #asked = new Set<number>();
  #source: Promise<SchemaSource> | undefined;
  #answered = false;
  /** While the registry does not answer. */
  trouble: Trouble | undefined;

  constructor(context: AwaitedSchemasContext) {
    this.#context = context;
  }
  /** Answered by `learned` or `failed`, never at once. */
  want(id: number, guid?: string): void {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    const { signal, learned, failed } = this.#context;
    this.#get((source) => (guid === undefined ? source.byId(id) : source.byGuid(guid)))
      .then((schema) => {
        this.#asked.delete(id);
        if (!signal.aborted) learned(id, schema, guid ?? String(id));
      })
      .catch((error: unknown) => {
        if (!signal.aborted) failed(toMillraceError(error));
      });
  }
  async #get(
    ask: (source: SchemaSource) => Promise<ParsedSchema | undefined>,
  ): Promise<ParsedSchema | undefined> {
    const { world, signal, startTimeoutMs } = this.#context;
    this.#source ??= this.#context.open();
    const source = await this.#source;
    const backoff = new Backoff(world, this.#answered ? giveUpMs : startTimeoutMs);
    for (;;) {
      try {
        const schema = await ask(source);
        this.#answered = true;
        this.trouble = undefined;
        return schema;
      } catch (error) {
        if (!(error instanceof ExternalError) || !error.retryable || signal.aborted) throw error;
        const delay = backoff.failed();
        if (delay === undefined) throw error;
        this.trouble = { message: error.message, since: this.trouble?.since ?? world.now() };
        await pause(world, delay, signal);
      }
    }
  }
  close(): void {
    this.#source?.then(
      (source) => source.close(),
      () => {},
    );
  }
}
