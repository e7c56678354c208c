/* A session of Flink's SQL gateway over its REST interface (docs: "SQL Gateway / REST Endpoint", version v3).
 *
 *   statement ──▶ POST statements ──▶ operation ──▶ GET result/0, result/1, … until EOS ──▶ close
 *
 * One statement at a time; what its result is comes with the first page. */

import { ExternalError, pause, UserError, type Span, type World } from '#base';
import type { Field, Row } from '#data';
import { parseJson, JsonNumber, type Change, type Json } from '#engine';
import { flinkError } from './errors.ts';
import { logicalType, type GatewayType } from './types.ts';
import { fromGateway } from './values.ts';

const requestMs = 60_000;
const pollMs = { first: 10, most: 250, growth: 1.5 } as const;

export interface GatewayColumn {
  readonly name: string;
  readonly logicalType: GatewayType;
}
/** One page of a result. */
interface Page {
  readonly resultType: 'NOT_READY' | 'PAYLOAD' | 'EOS';
  readonly isQueryResult?: boolean;
  readonly jobID?: string;
  readonly resultKind?: string;
  readonly results?: {
    readonly columns?: readonly GatewayColumn[];
    readonly data?: readonly { readonly kind: string; readonly fields: readonly Json[] }[];
  };
  readonly nextResultUri?: string;
}

/** What a statement answered. */
export interface Answer {
  /** A SELECT, whose rows come as long as its job runs. */
  readonly isQuery: boolean;
  /** Its result is rows, not only OK. */
  readonly hasRows: boolean;
  readonly job: string | undefined;
  readonly fields: readonly Field[];
  /** Changes in order; ends with the result, or when `signal` aborts. To be read once. */
  changes(signal: AbortSignal): AsyncGenerator<Change[]>;
}

const kinds: Readonly<Record<string, Change['kind']>> = {
  INSERT: '+I',
  UPDATE_BEFORE: '-U',
  UPDATE_AFTER: '+U',
  DELETE: '-D',
};

export class Gateway {
  readonly #base: string;
  readonly #world: World;

  constructor(base: string, world: World) {
    this.#base = base;
    this.#world = world;
  }

  /** Opens a session. Throws FLK3001 when no gateway answers. */
  async open(properties: Readonly<Record<string, string>>): Promise<FlinkSession> {
    const answer = await this.request('POST', '/v3/sessions', { properties });
    return new FlinkSession(this, `/v3/sessions/${text(answer['sessionHandle'])}`, this.#world);
  }

  /** Throws FLK3001 when nothing answers there, FLK2001 or FLK3002 for what Flink reports. */
  async request(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    at?: Span,
  ): Promise<{ readonly [key: string]: Json }> {
    let status: number;
    let content: string;
    try {
      const response = await fetch(this.#base + path, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(requestMs),
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      status = response.status;
      content = await response.text();
    } catch (cause) {
      const code = (cause as { readonly cause?: { readonly code?: string } }).cause?.code;
      throw new ExternalError('FLK3001', {
        message: `no SQL gateway answers at ${this.#base} (${code ?? (cause as Error).name})`,
        hint: 'bin/sql-gateway.sh of a Flink starts one; its REST endpoint is what flink.gateway names.',
        cause,
      });
    }
    let answer: Json;
    try {
      answer = parseJson(content);
    } catch (cause) {
      throw this.#notAGateway(status, cause);
    }
    if (
      typeof answer !== 'object' ||
      answer === null ||
      Array.isArray(answer) ||
      answer instanceof JsonNumber
    )
      throw this.#notAGateway(status);
    const fields = answer as { readonly [key: string]: Json };
    if (status === 404) throw this.#notAGateway(status);
    if (Array.isArray(fields['errors'])) throw reported((fields['errors'] as readonly Json[]).map(text), at);
    if (status >= 400) throw this.#notAGateway(status);
    return fields;
  }
  #notAGateway(status: number, cause?: unknown): ExternalError {
    return new ExternalError('FLK3001', {
      message: `${this.#base} answered with status ${status} and not as a SQL gateway does`,
      hint: "flink.gateway is the gateway's REST endpoint (port 8083 by default), not the JobManager's.",
      retryable: false,
      cause,
    });
  }
}

const text = (json: Json | undefined): string => (typeof json === 'string' ? json : '');

function reported(errors: readonly string[], at: Span | undefined): Error {
  if (errors.some((e) => e.includes('Could not map response to JSON')))
    return new UserError('FLK2002', {
      at,
      message:
        'the SQL gateway cannot write this result as JSON, as of a VARIANT, a structured type, or a MAP or MULTISET whose keys are not strings',
      hint: 'CAST the column to STRING; of a VARIANT take JSON_STRING.',
    });
  return flinkError(errors.at(-1) ?? '', at);
}

/** Waits longer each time, up to a bound. */
class Waiting {
  readonly #world: World;
  readonly #signal: AbortSignal;
  #ms: number = pollMs.first;

  constructor(world: World, signal: AbortSignal) {
    this.#world = world;
    this.#signal = signal;
  }
  async more(): Promise<void> {
    await pause(this.#world, this.#ms, this.#signal);
    this.#ms = Math.min(this.#ms * pollMs.growth, pollMs.most);
  }
}

export class FlinkSession {
  readonly #gateway: Gateway;
  readonly #path: string;
  readonly #world: World;

  constructor(gateway: Gateway, path: string, world: World) {
    this.#gateway = gateway;
    this.#path = path;
    this.#world = world;
  }

  /** What the session is set to: Flink's configuration and what SET changed. */
  async properties(): Promise<ReadonlyMap<string, string>> {
    const { properties } = await this.#gateway.request('GET', this.#path);
    return new Map(Object.entries(properties ?? {}).map(([k, v]) => [k, text(v as Json)]));
  }

  /** Submits a statement and waits for the first page of its answer. When `signal` aborts before, it is canceled and
   *  undefined comes back. */
  async execute(statement: string, signal: AbortSignal, at?: Span): Promise<Answer | undefined> {
    const { operationHandle } = await this.#gateway.request(
      'POST',
      `${this.#path}/statements`,
      { statement },
      at,
    );
    const operation = `${this.#path}/operations/${text(operationHandle)}`;
    let first: Page | undefined;
    try {
      first = await this.#page(`${operation}/result/0?rowFormat=JSON`, signal, at);
    } finally {
      if (first === undefined) await this.#drop(operation);
    }
    if (first === undefined) return undefined;
    const fields = (first.results?.columns ?? []).map((c) => ({
      name: c.name,
      type: logicalType(c.logicalType),
    }));
    return {
      isQuery: first.isQueryResult === true,
      hasRows: first.resultKind === 'SUCCESS_WITH_CONTENT',
      job: first.jobID,
      fields,
      changes: (stop) => this.#changes(operation, first, fields, stop, at),
    };
  }

  /** Runs a statement to its end. */
  async rows(statement: string, signal: AbortSignal, at?: Span): Promise<Row[]> {
    const answer = await this.execute(statement, signal, at);
    const rows: Row[] = [];
    if (answer !== undefined)
      for await (const part of answer.changes(signal)) rows.push(...part.map((c) => c.row));
    return rows;
  }

  async *#changes(
    operation: string,
    first: Page,
    fields: readonly Field[],
    signal: AbortSignal,
    at: Span | undefined,
  ): AsyncGenerator<Change[]> {
    try {
      let page: Page | undefined = first;
      let wait = new Waiting(this.#world, signal);
      while (page !== undefined) {
        const data = page.results?.data ?? [];
        if (data.length > 0)
          yield data.map(({ kind, fields: row }) => ({
            kind: kinds[kind] ?? '+I',
            row: row.map((json, i) => fromGateway(json, fields[i]!.type)),
          }));
        if (page.resultType === 'EOS' || page.nextResultUri === undefined) return;
        if (data.length === 0) await wait.more();
        else wait = new Waiting(this.#world, signal);
        page = await this.#page(page.nextResultUri, signal, at);
      }
    } finally {
      await this.#drop(operation);
    }
  }

  /** The page when it is there; undefined when `signal` aborts before. */
  async #page(uri: string, signal: AbortSignal, at: Span | undefined): Promise<Page | undefined> {
    const wait = new Waiting(this.#world, signal);
    let next = uri;
    while (!signal.aborted) {
      const page = (await this.#gateway.request('GET', next, undefined, at)) as unknown as Page;
      if (page.resultType !== 'NOT_READY') return page;
      next = page.nextResultUri ?? next;
      await wait.more();
    }
    return undefined;
  }

  /** Cancels what still runs of an operation and frees what the gateway keeps of it. */
  async #drop(operation: string): Promise<void> {
    // One that is over cannot be canceled, and its session may be gone: neither matters any more.
    await this.#gateway.request('DELETE', `${operation}/close`).catch(() => {});
  }

  /** Ends the session. Jobs of INSERT go on. */
  async close(): Promise<void> {
    await this.#gateway.request('DELETE', this.#path).catch(() => {});
  }
}
