/* What Kafka's client throws, as errors of ours. */

import { ExternalError, UserError, type MillraceError } from '#base';

export const unknown = (what: string): UserError =>
  new UserError('KAF3001', { message: `there is no ${what}` });

/** What the client throws, as an error of ours: what the broker refuses is the user's, the rest is outside. */
export async function told<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw asMillraceError(what, error);
  }
}
export interface ClientError extends Error {
  readonly apiId?: string;
  readonly serverErrorMessage?: string;
  readonly errors?: readonly ClientError[];
}
export function asMillraceError(what: string, thrown: unknown): MillraceError {
  const all = flattened(thrown as ClientError);
  const refused = all.find((e) => e.apiId !== undefined);
  if (refused?.apiId === 'UNKNOWN_TOPIC_OR_PARTITION') return unknown(what);
  if (refused !== undefined)
    return new UserError('KAF3002', {
      message: `Kafka refused, ${what}: ${refused.serverErrorMessage ?? refused.message} (${refused.apiId})`,
      cause: thrown,
    });
  return new ExternalError('KAF2001', {
    message: `Kafka did not answer, ${what}: ${all.at(-1)!.message}`,
    cause: thrown,
  });
}
export const flattened = (error: ClientError): ClientError[] => [
  error,
  ...(error.errors ?? []).flatMap(flattened),
  ...(error.cause instanceof Error ? flattened(error.cause as ClientError) : []),
];
