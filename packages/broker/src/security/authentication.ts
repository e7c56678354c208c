/* Who is at the other end of a connection. On a SASL listener nobody, until the exchange that it opened is through, and
 * again when its session is over (KIP-368).
 *
 *   fresh ── ApiVersions ─▶ told ── SaslHandshake ─▶ exchanging ── SaslAuthenticate … ─▶ known ── time ─▶ over
 *                                                       ▲  └ a failure ends it: failed          │
 *                                                       └────── SaslHandshake: once more ───────┘
 *
 * A session ends with `connections.max.reauth.ms` or with the token that the client showed; without either it lasts as long
 * as the connection, and nobody logs in twice. Kafka: SaslServerAuthenticator. */

import { assert, type World } from '#base';
import { randomId } from '../cluster/ids.ts';
import { BearerExchange } from './bearer-exchange.ts';
import type { Exchange, ExchangeStep } from './exchange.ts';
import { PlainExchange } from './plain-exchange.ts';
import { ScramExchange, type ScramCredential } from './scram.ts';
import type { Users } from './users.ts';

export const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;
export type Mechanism = (typeof mechanisms)[number];

/** A client logs in again after this time at the earliest. */
const againAfterMs = 1000;

type Stage = 'fresh' | 'told' | 'exchanging' | 'known' | 'over' | 'failed';
type Step = 'ApiVersions' | 'SaslHandshake' | 'SaslAuthenticate' | 'other';
/** What becomes of a request: it is served; it is answered with ILLEGAL_SASL_STATE, which ends the connection; or that ends
 *  without a word. */
export type Admission = 'served' | 'illegal' | 'ended';

const admissions = {
  fresh: { ApiVersions: 'served', SaslHandshake: 'served', SaslAuthenticate: 'ended', other: 'ended' },
  told: { ApiVersions: 'ended', SaslHandshake: 'served', SaslAuthenticate: 'ended', other: 'ended' },
  exchanging: {
    ApiVersions: 'illegal',
    SaslHandshake: 'illegal',
    SaslAuthenticate: 'served',
    other: 'illegal',
  },
  known: { ApiVersions: 'served', SaslHandshake: 'served', SaslAuthenticate: 'served', other: 'served' },
  over: { ApiVersions: 'ended', SaslHandshake: 'served', SaslAuthenticate: 'ended', other: 'ended' },
  failed: { ApiVersions: 'ended', SaslHandshake: 'ended', SaslAuthenticate: 'ended', other: 'ended' },
} as const satisfies Record<Stage, Record<Step, Admission>>;
const isStep = (name: string): name is Step => name in admissions.fresh;

/** `refused`: not now; the connection goes on. `ended`: it does not, and nothing is said. */
export type Beginning = 'begun' | 'refused' | 'unsupported' | 'ended';
export type AuthenticationStep =
  | { readonly kind: 'more'; readonly bytes: Buffer }
  | { readonly kind: 'done'; readonly bytes: Buffer; readonly lifetimeMs: number }
  | { readonly kind: 'failed'; readonly reason: string };

export interface AuthenticationParts {
  readonly users: Users;
  readonly world: World;
  /** What this listener offers; none: no SASL. */
  readonly offered: readonly Mechanism[];
  /** The name in the client's certificate, where TLS asked for one. */
  readonly certified: string | undefined;
  /** `connections.max.reauth.ms`; 0: no bound. */
  readonly lifetimeMsMax: (mechanism: Mechanism) => number;
}
/** Who logged in, and until when. */
interface Login {
  readonly mechanism: Mechanism;
  readonly principal: string;
  readonly endsAt: number;
}

interface Begun {
  readonly mechanism: Mechanism;
  readonly exchange: Exchange;
  /** Its messages come and go bare, without the head of a request (SaslHandshake 0). */
  readonly bare: boolean;
}

export class Authentication {
  readonly #parts: AuthenticationParts;
  #stage: Stage = 'fresh';
  #login: Login | undefined;
  #begun: Begun | undefined;
  #againAt = -Infinity;
  /** Why the last one failed: the connection ends. */
  failure: string | undefined;

  constructor(parts: AuthenticationParts) {
    this.#parts = parts;
    if (parts.offered.length === 0) this.#stage = 'known';
  }
  get offered(): readonly Mechanism[] {
    return this.#parts.offered;
  }
  /** `User:name`; `User:ANONYMOUS` while nobody is known. */
  get principal(): string {
    const { offered, certified } = this.#parts;
    const open = offered.length === 0 ? certified : undefined;
    return this.#login?.principal ?? `User:${open ?? 'ANONYMOUS'}`;
  }
  /** Nobody is known yet, or somebody proves once more who it is. */
  get pending(): boolean {
    return this.#stage !== 'known';
  }
  get #over(): boolean {
    return this.#login !== undefined && this.#parts.world.now() > this.#login.endsAt;
  }
  admits(name: string): Admission {
    const stage = this.#stage === 'known' && this.#over ? 'over' : this.#stage;
    return admissions[stage][isStep(name) ? name : 'other'];
  }
  /** The client was told what is served; before a login that is done once. */
  told(): void {
    if (this.#stage === 'fresh') this.#stage = 'told';
  }
  /** The next frame is a bare message of the exchange. */
  get bare(): boolean {
    return this.#begun?.bare === true;
  }
  begin(wanted: string, bare: boolean): Beginning {
    const { offered, world } = this.#parts;
    if (this.#stage === 'known') {
      const now = world.now();
      if (this.#login === undefined || this.#login.endsAt === Infinity) return 'refused';
      if (now < this.#againAt && !this.#over) return 'refused';
      if (now < this.#againAt) {
        this.#fail('its session is over, and it began to log in again a moment ago');
        return 'ended';
      }
      this.#againAt = now + againAfterMs;
    }
    const mechanism = offered.find((m) => m === wanted);
    if (mechanism === undefined) {
      this.#fail(`it asked for the mechanism ${JSON.stringify(wanted)}`);
      return this.#login === undefined ? 'unsupported' : 'ended';
    }
    this.#stage = 'exchanging';
    this.#begun = { mechanism, exchange: this.#exchange(mechanism), bare };
    return 'begun';
  }
  #exchange(mechanism: Mechanism): Exchange {
    const { users, world } = this.#parts;
    switch (mechanism) {
      case 'PLAIN':
        return new PlainExchange(users);
      case 'OAUTHBEARER':
        return new BearerExchange(world);
      default: {
        const find = (user: string): ScramCredential | undefined => users.credential(user, mechanism);
        return new ScramExchange(mechanism, find, randomId(world.rng));
      }
    }
  }
  /** One message of the exchange that was begun; undefined where the connection ends without a word. */
  step(message: Buffer): AuthenticationStep | undefined {
    assert(this.#begun !== undefined, 'a message belongs to a login that was begun');
    const { mechanism, exchange } = this.#begun;
    if (this.#login !== undefined && this.#login.mechanism !== mechanism) {
      this.#fail(`it logged in by ${this.#login.mechanism}, and then by ${mechanism}`);
      return undefined;
    }
    const step = exchange.step(message);
    switch (step.kind) {
      case 'more':
        return step;
      case 'failed':
        return this.#fail(step.reason ?? this.#unsaid(mechanism));
      case 'done':
        return this.#done(mechanism, step);
    }
  }
  /** Kafka tells nobody what was wrong. */
  #unsaid(mechanism: Mechanism): string {
    const what = this.#login === undefined ? 'authentication' : 're-authentication';
    return `Authentication failed during ${what} due to invalid credentials with SASL mechanism ${mechanism}`;
  }
  #fail(reason: string): AuthenticationStep {
    this.#stage = 'failed';
    this.#begun = undefined;
    this.failure = reason;
    return { kind: 'failed', reason };
  }
  #done(
    mechanism: Mechanism,
    { bytes, user, expiresAt = Infinity }: Extract<ExchangeStep, { kind: 'done' }>,
  ): AuthenticationStep {
    const { world, lifetimeMsMax } = this.#parts;
    const principal = `User:${user}`;
    if (this.#login !== undefined && this.#login.principal !== principal) {
      const [before, after] = [this.#login.principal, principal].map((p) => p.slice('User:'.length));
      return this.#fail(
        `Cannot change principals during re-authentication from User.${before}: User.${after}`,
      );
    }
    const bound = lifetimeMsMax(mechanism);
    const now = world.now();
    const lifetimeMs = Math.max(0, Math.min(bound > 0 ? bound : Infinity, expiresAt - now));
    this.#stage = 'known';
    this.#begun = undefined;
    this.#login = { mechanism, principal, endsAt: now + lifetimeMs };
    return { kind: 'done', bytes, lifetimeMs: lifetimeMs === Infinity ? 0 : Math.floor(lifetimeMs) };
  }
}
