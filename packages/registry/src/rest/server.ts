/* The HTTP side of a registry: bodies in, answers out, errors as clients expect them. Node's own server, a table of routes
 * and nothing else: see ADR 19. */

import {
  createServer as createPlain,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { ExternalError } from '#base';
import { RegistryError } from '../errors.ts';
import type { RegistryService } from '../service/registry-service.ts';
import { isAuthenticated, type Authentication } from './authentication.ts';
import { inContext } from './in-context.ts';
import { PlainText, RestCall, Router } from './route.ts';
import { routes, type ServerFacts } from './routes.ts';

export interface RestOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
  readonly authentication: Authentication | undefined;
  readonly facts: ServerFacts;
  readonly log: (line: string) => void;
}
const contentTypes = [
  'application/vnd.schemaregistry.v1+json',
  'application/vnd.schemaregistry+json',
  'application/json',
] as const;
const bodyTypes: readonly string[] = [...contentTypes, 'application/octet-stream'];
const bodyBytesMax = 16 << 20;

/** An answer that no route gave: the message is Jersey's, whose clients know it. */
const plain = (status: number, phrase: string): RegistryError =>
  new RegistryError(status, `HTTP ${status} ${phrase}`);

/** The methods that may be asked of a path, of those that have a route. */
function allowedOf(methods: readonly string[]): string[] {
  const all = methods.includes('GET') ? ['HEAD', ...methods] : methods;
  return [...new Set([...all, 'OPTIONS'])].sort();
}
/** What OPTIONS is answered with. */
class Allowed {
  readonly methods: readonly string[];

  constructor(methods: readonly string[]) {
    this.methods = methods;
  }
}
class MethodNotAllowed extends RegistryError {
  readonly allowed: readonly string[];

  constructor(allowed: readonly string[]) {
    super(405, 'HTTP 405 Method Not Allowed');
    this.allowed = allowed;
  }
}

export class RestServer {
  readonly #service: RegistryService;
  readonly #options: RestOptions;
  readonly #router: Router;
  readonly #server: Server;
  /** Requests under way: a stop waits for them. */
  readonly #busy = new Set<Promise<void>>();

  constructor(service: RegistryService, options: RestOptions) {
    this.#service = service;
    this.#options = options;
    this.#router = new Router(routes(options.facts));
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      const done = this.#answer(request, response).finally(() => this.#busy.delete(done));
      this.#busy.add(done);
    };
    this.#server = options.tls === undefined ? createPlain(listener) : createSecure(options.tls, listener);
  }
  /** Throws ExternalError REG2001 when the port cannot be had. */
  async listen(): Promise<void> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => {
        const why = cause.code === 'EADDRINUSE' ? 'another server has it' : cause.message;
        reject(
          new ExternalError('REG2001', {
            message: `the registry cannot listen on ${host}:${port}: ${why}`,
            cause,
            retryable: false,
          }),
        );
      });
      this.#server.listen(port, host, resolve);
    });
  }
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    const host = this.#options.host.includes(':') ? `[${this.#options.host}]` : this.#options.host;
    return `${this.#options.tls === undefined ? 'http' : 'https'}://${host}:${port}`;
  }
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    await Promise.all(this.#busy);
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const type = acceptedType(request.headers.accept);
    try {
      const value = await this.#handle(request);
      if (value instanceof Allowed) response.setHeader('Allow', value.methods.join(','));
      if (value instanceof Allowed) send(response, 204, '', type);
      else if (value instanceof PlainText) send(response, 200, value.text, type);
      else if (value === undefined) send(response, 204, '', type);
      else send(response, 200, JSON.stringify(value), type);
    } catch (thrown) {
      const error = thrown instanceof RegistryError ? thrown : this.#failure(thrown);
      if (error instanceof MethodNotAllowed) response.setHeader('Allow', error.allowed.join(','));
      if (error.status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="SchemaRegistry-Props"');
      send(response, error.status, JSON.stringify({ error_code: error.code, message: error.message }), type);
    }
  }
  /** What failed behind the API, without its insides. */
  #failure(thrown: unknown): RegistryError {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    this.#options.log(`a request failed: ${message}`);
    if (thrown instanceof ExternalError)
      return new RegistryError(50001, `Error in the backend data store: ${message}`, thrown);
    return new RegistryError(50001, 'Error in the registry; its log has more', thrown);
  }
  async #handle(request: IncomingMessage): Promise<unknown> {
    const { authentication } = this.#options;
    if (authentication !== undefined && !isAuthenticated(authentication, request.headers.authorization))
      throw new RegistryError(401, 'Unauthorized');
    const [path = '/', search = ''] = splitOnce(request.url ?? '/', '?');
    const scoped = inContext(path, new URLSearchParams(search));
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    const found = this.#router.find(method, scoped.path);
    if (found.kind === 'no-path') throw plain(404, 'Not Found');
    if (found.kind === 'no-method') {
      const allowed = allowedOf(found.allowed);
      if (method === 'OPTIONS') return new Allowed(allowed);
      throw new MethodNotAllowed(allowed);
    }
    const body = method === 'POST' || method === 'PUT' ? await readJson(request) : undefined;
    return found.route.handle(new RestCall(this.#service, scoped.query, body, found.parameters));
  }
}

function splitOnce(text: string, sign: string): [string, string] {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
/** The first that the client names; the newest where it names none of them. */
function acceptedType(accept: string | undefined): string {
  const asked = (accept ?? '').split(',').map((part) => part.split(';', 1)[0]!.trim().toLowerCase());
  return contentTypes.find((type) => asked.includes(type)) ?? contentTypes[0];
}
async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = (request.headers['content-type'] ?? bodyTypes[0]!).split(';', 1)[0]!.trim().toLowerCase();
  if (!bodyTypes.includes(type)) throw plain(415, 'Unsupported Media Type');
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > bodyBytesMax)
      throw new RegistryError(42209, `The request is larger than ${bodyBytesMax} bytes`);
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString();
  if (text === '') throw new RegistryError(422, 'The request has no body');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RegistryError(
      400,
      `The request is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
}
function send(response: ServerResponse, status: number, body: string, type: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}
