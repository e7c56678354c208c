/* The listeners of a broker: where it can be reached, and how a client has to show who it is. */

import { UserError } from '#base';
import { mechanisms, type Mechanism } from '../security/authentication.ts';

export interface TlsOptions {
  /** PEM. */
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
  /** Who signs clients' certificates. */
  readonly ca?: string | Buffer;
  /** `ssl.client.auth`: 'none' by default. */
  readonly clientAuth?: 'none' | 'requested' | 'required';
}
export interface ListenerOptions {
  /** By default its protocol. */
  readonly name?: string;
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Where `protocol` has SSL. */
  readonly tls?: TlsOptions;
  /** Where `protocol` has SASL; all by default. */
  readonly mechanisms?: readonly Mechanism[];
}
/** A listener with everything decided. */
export interface ListenerSetup {
  readonly name: string;
  readonly port: number;
  readonly tls: TlsOptions | undefined;
  /** None: no SASL. */
  readonly mechanisms: readonly Mechanism[];
}

/** Throws UserError where TLS has no certificate. */
export function listenerSetup({
  name,
  protocol,
  port = 0,
  tls,
  mechanisms: offered,
}: ListenerOptions): ListenerSetup {
  const secure = protocol.endsWith('SSL');
  if (secure && tls === undefined)
    throw new UserError('BRK1006', {
      message: `the listener ${name ?? protocol} has no certificate`,
      hint: 'Give it tls: { key, cert } in PEM.',
    });
  return {
    name: name ?? protocol,
    port,
    tls: secure ? tls : undefined,
    mechanisms: protocol.startsWith('SASL') ? (offered ?? mechanisms) : [],
  };
}
