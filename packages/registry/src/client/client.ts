/* A client of any registry with Confluent's REST API: several URLs, authentication, retries, and what it was told by id.
 *
 *   ask ──▶ the first URL ─ does not answer ──▶ the next ─ … all of them ──▶ a pause, and again
 *
 * Schemas by id never change, so they are asked for once. */

import { ExternalError, pause, UserError, type World } from '#base';
import {
  isLevel,
  parseSchema,
  type CompatibilityLevel,
  type ParsedSchema,
  type ReferencedSchema,
  type SchemaType,
} from '#schemas';
import type { Metadata, RuleSet, SchemaReference } from '../model/schema-record.ts';
import { sendRequest, type HttpAnswer, type TlsOptions } from './http.ts';

export interface RegistryClientOptions {
  readonly world: World;
  /** One or several, with a comma between them. */
  readonly url: string;
  /** `name:password`. */
  readonly basicAuth?: string;
  readonly bearerToken?: string;
  readonly tls?: TlsOptions;
  readonly timeoutMs?: number;
  /** How often all URLs are tried again. */
  readonly retries?: number;
}
export interface SchemaToRegister {
  readonly type: SchemaType;
  readonly text: string;
  readonly references?: readonly SchemaReference[];
  readonly metadata?: Metadata;
  readonly ruleSet?: RuleSet;
}
/** A schema as the registry has it. */
export interface RegisteredSchema {
  readonly id: number;
  /** Undefined where the registry tells none. */
  readonly guid: string | undefined;
  /** Of a version of a subject; undefined for one that was asked for by its id. */
  readonly subject: string | undefined;
  readonly version: number | undefined;
  readonly type: SchemaType;
  readonly text: string;
  readonly references: readonly SchemaReference[];
}
export interface CompatibilityAnswer {
  readonly compatible: boolean;
  readonly messages: readonly string[];
}
type Json = Readonly<Record<string, unknown>>;
const mediaType = 'application/vnd.schemaregistry.v1+json';
const firstDelayMs = 100;
const lastDelayMs = 2_000;
const schemasMax = 10_000;
/** The registry, or who stands in front of it, may answer later. */
const passing = new Set([408, 429, 500, 502, 503, 504]);

/** What the registry refused: `registryCode` is its own code, 40401 and the like. */
export class RegistryRefusal extends UserError {
  readonly registryCode: number;
  constructor(registryCode: number, message: string, hint?: string) {
    super('REG1003', { message: `the registry refused: ${message} (${registryCode})`, hint });
    this.registryCode = registryCode;
  }
}
export const isRefusal = (error: unknown, ...codes: readonly number[]): boolean =>
  error instanceof RegistryRefusal && codes.includes(error.registryCode);

export class RegistryClient {
  readonly #options: RegistryClientOptions;
  readonly #urls: readonly URL[];
  readonly #authorization: string | undefined;
  readonly #stop = new AbortController();
  /** By subject and id: an id counts in a context, which the subject may name. */
  readonly #byId = new Map<string, Promise<RegisteredSchema>>();
  /** Where the last answer came from. */
  #first = 0;

  /** Throws REG1004 for what is no URL. */
  constructor(options: RegistryClientOptions) {
    this.#options = options;
    this.#urls = options.url.split(',').map((text) => urlOf(text.trim()));
    const { basicAuth, bearerToken } = options;
    const inUrl = this.#urls.find((url) => url.username !== '');
    const basic =
      basicAuth ?? (inUrl && `${decodeURIComponent(inUrl.username)}:${decodeURIComponent(inUrl.password)}`);
    if (bearerToken !== undefined) this.#authorization = `Bearer ${bearerToken}`;
    else if (basic !== undefined) this.#authorization = `Basic ${Buffer.from(basic).toString('base64')}`;
    for (const url of this.#urls) {
      url.username = '';
      url.password = '';
    }
  }
  /** Ends waits for another try. */
  close(): void {
    this.#stop.abort();
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const { world, retries = 3 } = this.#options;
    let failure: unknown;
    for (let round = 0; round <= retries; round++) {
      for (let i = 0; i < this.#urls.length; i++) {
        const at = (this.#first + i) % this.#urls.length;
        try {
          const answer = await this.#send(this.#urls[at]!, method, path, body);
          if (passing.has(answer.status))
            throw new Error(`HTTP ${answer.status}: ${answer.body.slice(0, 200)}`);
          this.#first = at;
          return read(answer);
        } catch (error) {
          if (error instanceof UserError) throw error;
          failure = error;
        }
      }
      if (round < retries)
        await pause(world, Math.min(lastDelayMs, firstDelayMs * 2 ** round), this.#stop.signal);
      if (this.#stop.signal.aborted) break;
    }
    throw new ExternalError('REG2003', {
      message: `the registry ${this.#urls.map((url) => url.href.replace(/\/$/, '')).join(', ')} does not answer: ${failure instanceof Error ? failure.message : String(failure)}`,
      cause: failure,
    });
  }
  #send(base: URL, method: string, path: string, body: object | undefined): Promise<HttpAnswer> {
    const { tls = {}, timeoutMs = 30_000 } = this.#options;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string> = { Accept: `${mediaType}, application/json` };
    if (text !== undefined) {
      headers['Content-Type'] = mediaType;
      headers['Content-Length'] = String(Buffer.byteLength(text));
    }
    if (this.#authorization !== undefined) headers['Authorization'] = this.#authorization;
    const url = new URL(`${base.href.replace(/\/$/, '')}${path}`);
    return sendRequest({ method, url, headers, body: text, timeoutMs, tls });
  }

  /** Subjects by name, those of all contexts. */
  async subjects(options: { readonly prefix?: string; readonly deleted?: boolean } = {}): Promise<string[]> {
    const { prefix, deleted = false } = options;
    const query = [
      `deleted=${deleted}`,
      ...(prefix === undefined ? [] : [`subjectPrefix=${encodeURIComponent(prefix)}`]),
    ];
    return (await this.#ask('GET', `/subjects?${query.join('&')}`)) as string[];
  }
  async versions(subject: string): Promise<number[]> {
    return (await this.#ask('GET', `/subjects/${encodeURIComponent(subject)}/versions`)) as number[];
  }
  /** Throws RegistryRefusal 40401 and 40402. */
  async version(subject: string, version: number | 'latest' = 'latest'): Promise<RegisteredSchema> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`;
    return schemaOf((await this.#ask('GET', path)) as Json);
  }
  /** With a subject, of its context. Throws RegistryRefusal 40403. */
  byId(id: number, subject?: string): Promise<RegisteredSchema> {
    const query = subject === undefined ? '' : `?subject=${encodeURIComponent(subject)}`;
    return this.#once(`${id} ${subject ?? ''}`, async () => ({
      ...schemaOf((await this.#ask('GET', `/schemas/ids/${id}${query}`)) as Json),
      id,
    }));
  }
  /** Throws RegistryRefusal 40403. */
  byGuid(guid: string): Promise<RegisteredSchema> {
    return this.#once(guid, async () => schemaOf((await this.#ask('GET', `/schemas/guids/${guid}`)) as Json));
  }
  #once(key: string, ask: () => Promise<RegisteredSchema>): Promise<RegisteredSchema> {
    const known = this.#byId.get(key);
    if (known !== undefined) return known;
    const asked = ask();
    this.#byId.set(key, asked);
    if (this.#byId.size > schemasMax) this.#byId.delete(this.#byId.keys().next().value!);
    asked.catch(() => this.#byId.delete(key));
    return asked;
  }
  /** Gives id and version, those of before where the subject has the schema already. Throws RegistryRefusal 409 and 42201. */
  async register(subject: string, schema: SchemaToRegister, normalize = false): Promise<RegisteredSchema> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions?normalize=${normalize}`;
    const { id, version, guid } = (await this.#ask('POST', path, bodyOf(schema))) as Json;
    const found = version === undefined ? await this.lookUp(subject, schema, normalize) : undefined;
    return {
      id: Number(id),
      guid: typeof guid === 'string' ? guid : found?.guid,
      subject,
      version: version === undefined ? found?.version : Number(version),
      type: schema.type,
      text: schema.text,
      references: schema.references ?? [],
    };
  }
  /** The version of a subject that is this schema. Throws RegistryRefusal 40401 and 40403. */
  async lookUp(subject: string, schema: SchemaToRegister, normalize = false): Promise<RegisteredSchema> {
    const path = `/subjects/${encodeURIComponent(subject)}?normalize=${normalize}`;
    return schemaOf((await this.#ask('POST', path, bodyOf(schema))) as Json);
  }
  /** Against what registering would be held against: the latest version, or all by a transitive level. */
  async check(subject: string, schema: SchemaToRegister): Promise<CompatibilityAnswer> {
    const path = `/compatibility/subjects/${encodeURIComponent(subject)}/versions?verbose=true`;
    const { is_compatible: compatible, messages = [] } = (await this.#ask(
      'POST',
      path,
      bodyOf(schema),
    )) as Json;
    return { compatible: compatible === true, messages: messages as string[] };
  }
  /** Of the subject, or of what is above it. */
  async level(subject: string): Promise<CompatibilityLevel> {
    const path = `/config/${encodeURIComponent(subject)}?defaultToGlobal=true`;
    const { compatibilityLevel } = (await this.#ask('GET', path)) as Json;
    return isLevel(compatibilityLevel) ? compatibilityLevel : 'BACKWARD';
  }
  /** The schema ready for use, with all that it refers to. */
  async parse(schema: Pick<RegisteredSchema, 'type' | 'text' | 'references'>): Promise<ParsedSchema> {
    return parseSchema(schema.type, schema.text, { references: await this.referenced(schema.references) });
  }
  /** Schemas that references lead to, those first that others refer to. */
  async referenced(references: readonly SchemaReference[]): Promise<ReferencedSchema[]> {
    const found = new Map<string, ReferencedSchema>();
    const visit = async (list: readonly SchemaReference[]): Promise<void> => {
      for (const { name, subject, version } of list) {
        if (found.has(name)) continue;
        const schema = await this.version(subject, version === -1 ? 'latest' : version);
        await visit(schema.references);
        found.set(name, { name, text: schema.text });
      }
    };
    await visit(references);
    return [...found.values()];
  }
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new UserError('REG1004', {
    message: `${JSON.stringify(text)} is no URL of a registry`,
    hint: 'It begins with http:// or https://, as in http://localhost:8081.',
  });
}
function refusalOf({ status, body }: HttpAnswer): Error {
  try {
    const { error_code: code = status, message = '' } = JSON.parse(body) as Json;
    return new RegistryRefusal(Number(code), String(message));
  } catch {
    return new RegistryRefusal(status, `it answered with HTTP ${status}`);
  }
}
function read(answer: HttpAnswer): unknown {
  if (answer.status === 401 || answer.status === 403)
    throw new RegistryRefusal(
      answer.status,
      'who asks is not known, or has no right to it',
      'Give a user and a password, or a token.',
    );
  if (answer.status >= 300) throw refusalOf(answer);
  try {
    return JSON.parse(answer.body);
  } catch (cause) {
    throw new UserError('REG1005', {
      message: 'what answered is no registry: its answer is not JSON',
      hint: 'Does the URL lead to a registry?',
      cause,
    });
  }
}
function bodyOf({ type, text, references = [], metadata, ruleSet }: SchemaToRegister): object {
  return {
    schemaType: type,
    schema: text,
    ...(references.length === 0 ? {} : { references }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(ruleSet === undefined ? {} : { ruleSet }),
  };
}
function schemaOf(json: Json): RegisteredSchema {
  return {
    id: Number(json['id'] ?? -1),
    guid: json['guid'] as string | undefined,
    subject: json['subject'] as string | undefined,
    version: json['version'] === undefined ? undefined : Number(json['version']),
    type: (json['schemaType'] ?? 'AVRO') as SchemaType,
    text: String(json['schema'] ?? ''),
    references: (json['references'] ?? []) as readonly SchemaReference[],
  };
}
