/* JDBC addresses of PostgreSQL: `jdbc:postgresql://host:port/database?user=…&password=…&sslmode=…`. Messages
 * never show the address itself, for it may hold a password. */

import { UserError, type Span } from '#base';

export interface JdbcUrl {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Whether to encrypt, and whether to check the server's certificate. */
  readonly tls: 'none' | 'encrypt' | 'verify';
  readonly schema: string | undefined;
  /** Parameters that have no effect here. */
  readonly ignored: readonly string[];
}

const form = 'jdbc:postgresql://host:port/database?parameter=value, or jdbc:postgresql:embedded';

/** Throws JDBC1001. */
export function parseUrl(text: string, at?: Span): JdbcUrl | 'embedded' {
  const refuse = (problem: string, hint?: string): UserError =>
    new UserError('JDBC1001', { at, message: `option 'url': ${problem}`, hint: hint ?? `Write ${form}.` });
  const scheme = /^jdbc:([a-z0-9]+):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) throw refuse('expected an address that starts with jdbc:postgresql:');
  if (scheme !== 'postgresql')
    throw refuse(`there is no jdbc connector for '${scheme}', only for postgresql`);
  const rest = text.slice('jdbc:postgresql:'.length);
  if (rest === 'embedded') return 'embedded';
  const match = /^(?:\/\/([^/?]*)\/)?([^/?]*)(?:\?(.*))?$/.exec(rest);
  if (match === null) throw refuse('its form is not known');
  const { host, port } = address(match[1] ?? '', refuse);
  const database = decodeURIComponent(match[2] ?? '');
  if (database === '') throw refuse('it names no database');
  const parameters = new Map([...new URLSearchParams(match[3] ?? '')]);
  const take = (key: string): string | undefined => {
    const value = parameters.get(key);
    parameters.delete(key);
    return value;
  };
  return {
    host,
    port,
    database,
    user: take('user'),
    password: take('password'),
    schema: take('currentSchema'),
    tls: tlsOf(take('sslmode'), take('ssl'), refuse),
    ignored: [...parameters.keys()],
  };
}

function address(text: string, refuse: (problem: string) => UserError): { host: string; port: number } {
  if (text.includes(',')) throw refuse('several hosts are not supported');
  const match = /^(\[[^\]]+\]|[^:]*)(?::(\d+))?$/.exec(text);
  if (match === null) throw refuse('its host and port are not readable');
  const port = Number(match[2] ?? 5432);
  if (port < 1 || port > 65535) throw refuse(`${port} is no port`);
  const host = match[1] === undefined || match[1] === '' ? 'localhost' : match[1].replace(/^\[|\]$/g, '');
  return { host, port };
}

function tlsOf(
  mode: string | undefined,
  ssl: string | undefined,
  refuse: (problem: string) => UserError,
): JdbcUrl['tls'] {
  switch (mode) {
    // The JDBC driver tries encryption first with `prefer`; a server that asks for it says so.
    case undefined:
      return ssl === 'true' ? 'verify' : 'none';
    case 'disable':
    case 'allow':
    case 'prefer':
      return 'none';
    case 'require':
      return 'encrypt';
    case 'verify-ca':
    case 'verify-full':
      return 'verify';
    default:
      throw refuse(`sslmode '${mode}' is none of disable, allow, prefer, require, verify-ca, verify-full`);
  }
}
