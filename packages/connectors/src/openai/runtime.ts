/* Asks a model behind OpenAI's protocol.
 *
 *   text ─▶ POST ── 2xx ─▶ rows
 *             ├── 408, 409, 429, 5xx, no connection ─▶ wait, ask again, so many times
 *             └── else, and then ─▶ the job fails, or the row is left out */

import { ExternalError, type MillraceError, UserError, type Timer } from '#base';
import type { Row } from '#data';
import type { ModelContext, ModelRuntime, Predictor, Trouble } from '#dataflow';
import { apiKey, openaiOptions, type OpenAiOptions, type Strategy } from './options.ts';
import { errorText, question, rowsOf } from './tasks.ts';

export const openaiRuntime: ModelRuntime = {
  createPredictor: (context) => new OpenAiPredictor(context),
};

/** From one try to the next: this, and twice as long each time, at most so long. As OpenAI's own clients. */
const [retryDelayMs, retryDelayMsMax] = [500, 8000];
/** A service that asks for more patience than this gets none. */
const retryAfterMsMax = 60_000;

class OpenAiPredictor implements Predictor {
  readonly #context: ModelContext;
  readonly #options: OpenAiOptions;
  readonly #tries: number;
  readonly #inVain: Strategy;
  readonly #service: string;
  /** Since a question was answered last: what keeps the others from it. */
  #trouble: Trouble | undefined;
  /** Of questions that are asked again soon. */
  readonly #pauses = new Set<Timer>();
  #headers: Readonly<Record<string, string>> = {};

  constructor(context: ModelContext) {
    this.#context = context;
    this.#options = openaiOptions(context.model);
    const { parsed, url } = this.#options;
    const strategy = parsed.enum('error-handling-strategy') as Strategy;
    this.#tries = strategy === 'retry' ? 1 + Math.max(0, parsed.number('retry-num')!) : 1;
    this.#inVain = strategy === 'retry' ? (parsed.enum('retry-fallback-strategy') as Strategy) : strategy;
    this.#service = `model "${context.model.path.object}": ${new URL(url).host}`;
  }
  async open(): Promise<void> {
    this.#headers = {
      authorization: `Bearer ${apiKey(this.#options)}`,
      'content-type': 'application/json',
      accept: 'application/json',
    };
  }
  async predictAsync([text]: Row): Promise<readonly Row[]> {
    const { model, warn } = this.#context;
    const name = model.path.object;
    if (typeof text !== 'string') {
      warn(`model "${name}": rows whose input is NULL are left out`);
      return [];
    }
    try {
      return rowsOf(this.#options, await this.#answer(question(this.#options, text)), this.#service);
    } catch (thrown) {
      if (this.#inVain !== 'ignore' || this.#context.signal.aborted) throw thrown;
      warn(`a row is left out: ${(thrown as Error).message}`);
      return [];
    }
  }
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }
  async close(): Promise<void> {
    for (const timer of this.#pauses) timer.cancel();
    this.#pauses.clear();
  }

  async #answer(body: string): Promise<string> {
    for (let tries = 1; ; tries++) {
      const failure = await this.#ask(body);
      if (typeof failure === 'string') {
        this.#trouble = undefined;
        return failure;
      }
      if (!failure.passing || tries >= this.#tries) throw failure.error;
      this.#trouble = {
        message: failure.error.message,
        since: this.#trouble?.since ?? this.#context.world.now(),
      };
      await this.#pause(failure.afterMs ?? Math.min(retryDelayMs * 2 ** (tries - 1), retryDelayMsMax));
    }
  }
  /** The body of the answer, or what went wrong. */
  async #ask(body: string): Promise<string | Failure> {
    const { signal } = this.#context;
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.#options.url, { method: 'POST', headers: this.#headers, body, signal });
      text = await response.text();
    } catch (cause) {
      const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause : (cause as Error);
      const message = `${this.#service} cannot be asked: ${why.message}`;
      return {
        passing: !signal.aborted,
        afterMs: undefined,
        error: new ExternalError('MDL2001', { message, cause }),
      };
    }
    if (response.ok) return text;
    const { status, headers } = response;
    const message = `${this.#service} answered ${status}: ${errorText(text)}`;
    const passing = [408, 409, 429].includes(status) || status >= 500;
    return {
      passing,
      afterMs: retryAfter(headers.get('retry-after')),
      error: passing
        ? new ExternalError('MDL2001', { message })
        : new UserError('MDL1003', { message, hint: hints[status] }),
    };
  }
  /** A quarter of the time is left to chance, so that many do not come back at once. */
  async #pause(ms: number): Promise<void> {
    const { world } = this.#context;
    await new Promise<void>((done) => {
      const timer = world.after(ms * (1 - world.rng.double() / 4), () => {
        this.#pauses.delete(timer);
        done();
      });
      this.#pauses.add(timer);
    });
  }
}

interface Failure {
  /** The same question may be answered later. */
  readonly passing: boolean;
  readonly afterMs: number | undefined;
  readonly error: MillraceError;
}

const hints: Readonly<Record<number, string>> = {
  401: "Check 'api-key'.",
  403: "Check 'api-key', and what it may ask.",
  404: "Check 'endpoint' and 'model'.",
};

/** Seconds as a number; a date is not waited for. */
function retryAfter(text: string | null): number | undefined {
  if (text === null || !/^\d+(\.\d+)?$/.test(text)) return undefined;
  const ms = Number(text) * 1000;
  return ms > 0 && ms <= retryAfterMsMax ? ms : undefined;
}
