/* A small service that speaks OpenAI's protocol on 127.0.0.1. Its answers follow from the question alone, so that two engines
 * that ask it can be compared: the text backwards, shaped by the options of the question.
 *
 *   model 'echo'     answers
 *   model 'refused'  400      model 'down'  503, always      model 'busy'  503 twice for each text, then answers
 *   model 'silent'   answers nothing, ever                   model 'odd'   answers with what is no JSON
 *   model 'none'     no choices                              model 'null'  a choice without content
 *   model 'patient'  429 once for each text, with the wish to be asked again in 50 ms, then answers */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

interface Question {
  readonly model: string;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly input?: string;
  readonly n?: number;
  readonly max_tokens?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly presence_penalty?: number;
  readonly response_format?: { readonly type: string };
  readonly dimensions?: number;
}

export class ModelServer {
  /** What it takes for the right one. */
  static readonly key = 'the-right-key';
  readonly #server: Server;
  /** Every question, in the order in which they came. */
  readonly asked: Question[] = [];
  /** Questions that are open now, and the most that ever were. */
  open = 0;
  openMax = 0;
  readonly #tries = new Map<string, number>();

  private constructor(server: Server) {
    this.#server = server;
  }
  static async start(): Promise<ModelServer> {
    const server = createServer();
    const models = new ModelServer(server);
    server.on('request', (request, response) => void models.#take(request, response));
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    return models;
  }
  /** Without the task at its end. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => {
      this.#server.close(done);
    });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.openMax = Math.max(this.openMax, ++this.open);
    response.on('close', () => {
      this.open--;
    });
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += String(part);
    const question = JSON.parse(body) as Question;
    this.asked.push(question);
    // Long enough for questions that are under way together to be seen together.
    await sleep(5);
    if (question.model === 'silent') return;
    const say = (status: number, answer: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    };
    const error = (status: number, message: string): void => {
      say(status, { error: { message, type: 'error', param: null, code: null } });
    };
    if (request.headers.authorization !== `Bearer ${ModelServer.key}`) return error(401, 'a wrong key');
    const text = question.input ?? question.messages?.at(-1)?.content ?? '';
    const tries = (this.#tries.get(text) ?? 0) + 1;
    if (question.model === 'busy' || question.model === 'patient') this.#tries.set(text, tries);
    if (question.model === 'refused') return error(400, `no answer to ${text}`);
    if (question.model === 'down' || (question.model === 'busy' && tries < 3))
      return error(503, 'come back later');
    if (question.model === 'patient' && tries < 2) {
      response.setHeader('retry-after', '0.05');
      return error(429, 'in a moment');
    }
    if (question.model === 'odd') return say(200, 'no JSON');
    if (request.url === '/v1/embeddings') return say(200, embeddings(question, text));
    if (request.url === '/v1/chat/completions') return say(200, completions(question, text));
    error(404, `nothing is at ${request.url}`);
  }
}

const backwards = (text: string): string => [...text].reverse().join('');

function completions(question: Question, text: string): object {
  const { model, n = 1, max_tokens, stop = [], response_format, messages } = question;
  const settings = [question.seed, question.temperature, question.top_p, question.presence_penalty]
    .filter((s) => s !== undefined)
    .join('/');
  const system = messages?.[0]?.content ?? '';
  const one = (i: number): string | null => {
    if (model === 'null') return null;
    let answer = `${settings === '' ? '' : `${settings} `}${system.endsWith('.') ? '' : `${system} `}${backwards(text)}`;
    for (const end of stop) answer = answer.split(end)[0]!;
    if (max_tokens !== undefined) answer = answer.slice(0, max_tokens);
    if (i > 0) answer += `#${i}`;
    return response_format?.type === 'json_object' ? JSON.stringify({ answer }) : answer;
  };
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model,
    choices: Array.from({ length: model === 'none' ? 0 : n }, (_, index) => ({
      index,
      finish_reason: 'stop',
      logprobs: null,
      message: { role: 'assistant', refusal: null, content: one(index) },
    })),
  };
}

/** The codes of the first characters, halved: so many as are asked for. */
function embeddings({ model, dimensions = 2 }: Question, text: string): object {
  const embedding = Array.from({ length: dimensions }, (_, i) => (text.codePointAt(i) ?? 0) / 2 + 0.1);
  return {
    object: 'list',
    model,
    data: model === 'none' ? [] : [{ object: 'embedding', index: 0, embedding }],
    usage: { prompt_tokens: 1, total_tokens: 1 },
  };
}
