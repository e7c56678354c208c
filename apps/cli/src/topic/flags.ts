/* What the command `topic` is told, and how its numbers are read. */

import { UserError } from '#base';
import type { ClientFlags } from './address.ts';
import type { RecordFlags } from './table.ts';

export interface TopicFlags extends ClientFlags, RecordFlags {
  readonly json?: boolean;
  readonly output?: string;
  readonly internal?: boolean;
  readonly partitions?: string;
  readonly replicationFactor?: string;
  readonly config: readonly string[];
  readonly deleteConfig: readonly string[];
  readonly from?: string;
  readonly partition: readonly string[];
  readonly follow?: boolean;
  readonly maxMessages?: string;
  readonly file?: string;
  readonly keySeparator?: string;
  readonly header: readonly string[];
  readonly tombstones?: boolean;
  readonly topic?: string;
  readonly execute?: boolean;
}

export const counted = (n: number | bigint, what: string): string =>
  `${n.toLocaleString('en')} ${what}${Number(n) === 1 ? '' : 's'}`;

/** Throws CLI1004 for what is no whole number. */
export function number(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text))
    throw new UserError('CLI1004', { message: `--${flag} ${text}: expected a number` });
  return Number(text);
}

/** Where reading starts. */
export type StartAt =
  | { readonly kind: 'earliest' | 'latest' }
  | { readonly kind: 'offset'; readonly offset: bigint }
  /** So many before the end of each partition. */
  | { readonly kind: 'last'; readonly count: bigint }
  | { readonly kind: 'time'; readonly ms: number };

/** earliest, latest, 42, -10, 2024-01-01, 2024-01-01T12:00:00Z. A time without a zone is UTC. Throws CLI1004. */
export function startAt(text: string): StartAt {
  if (text === 'earliest' || text === 'latest') return { kind: text };
  if (/^\d+$/.test(text)) return { kind: 'offset', offset: BigInt(text) };
  if (/^-\d+$/.test(text)) return { kind: 'last', count: BigInt(text.slice(1)) };
  const plain = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  const ms =
    plain === null ? Number.NaN : Date.parse(`${plain[1]!}T${plain[2] ?? '00:00'}${plain[3] ?? 'Z'}`);
  if (!Number.isNaN(ms)) return { kind: 'time', ms };
  throw new UserError('CLI1004', {
    message: `--from ${text}: expected earliest, latest, an offset, -N for the last N, or a time such as 2024-01-01T12:00:00Z`,
  });
}
