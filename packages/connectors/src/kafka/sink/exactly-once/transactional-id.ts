/* Names of transactions: prefix-incarnation-sink-instance-number. What lies under a prefix is told apart by the rest. */

import { createHash } from 'node:crypto';

/** Which writer of a job. */
export interface IdOwner {
  readonly prefix: string;
  readonly incarnation: string;
  /** `shortName` of the sink's id. */
  readonly sink: string;
}

const shortLength = 16;
/** Text of any length and content as a name that stands for it everywhere. */
export const shortName = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, shortLength);

export const transactionalId = (
  { prefix, incarnation, sink }: IdOwner,
  instance: number,
  number: number,
): string => `${prefix}-${incarnation}-${sink}-${instance}-${number}`;

const rest = /^([0-9a-z]+)-([0-9a-f]{16})-\d+-\d+$/;

/** Whose an id is; undefined where it is none under this prefix. */
export function ownerOf(prefix: string, id: string): IdOwner | undefined {
  if (!id.startsWith(`${prefix}-`)) return undefined;
  const match = rest.exec(id.slice(prefix.length + 1));
  return match === null ? undefined : { prefix, incarnation: match[1]!, sink: match[2]! };
}
