/* DescribeUserScramCredentials (50) and AlterUserScramCredentials (51). Passwords come hashed; salts and hashes never go
 * out again. */

import { errorCodes, type ErrorName } from '#kafka';
import { clusterName } from '../security/acls.ts';
import { credentialOf } from '../security/scram.ts';
import { mechanismNumbers, mechanismOf, type Users } from '../security/users.ts';
import type { Handler } from './handler.ts';

const unauthorized = {
  errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED,
  errorMessage: 'Cluster authorization failed.',
} as const;

export const describeUserScramCredentials: Handler<'DescribeUserScramCredentials'> = (
  request,
  { cluster: { users }, may },
) => {
  if (!may('describe', 'cluster', clusterName)) return unauthorized;
  const all = new Map(users.scramUsers());
  const wanted =
    request.users === null || request.users.length === 0 ? [...all.keys()] : request.users.map((u) => u.name);
  return {
    errorCode: 0,
    errorMessage: '',
    results: [...new Set(wanted)].map((user) => {
      if (wanted.indexOf(user) !== wanted.lastIndexOf(user))
        return {
          user,
          errorCode: errorCodes.DUPLICATE_RESOURCE,
          errorMessage: `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`,
        };
      const credentials = all.get(user);
      if (credentials === undefined)
        return {
          user,
          errorCode: errorCodes.RESOURCE_NOT_FOUND,
          errorMessage: `Attempt to describe a user credential that does not exist: ${user}`,
        };
      return {
        user,
        errorCode: 0,
        errorMessage: null,
        credentialInfos: [...credentials].map(([mechanism, { iterations }]) => ({
          mechanism: mechanismNumbers[mechanism],
          iterations,
        })),
      };
    }),
  };
};

const iterationsMin = 4096;
const iterationsMax = 16384;

export const alterUserScramCredentials: Handler<'AlterUserScramCredentials'> = (
  { deletions, upsertions },
  { cluster: { users }, may },
) => {
  const allowed = may('alter', 'cluster', clusterName);
  const names = [...new Set([...deletions, ...upsertions].map((c) => c.name))];
  return {
    results: names.map((user) => {
      if (!allowed) return { user, ...unauthorized };
      const failure = alterUser(
        user,
        deletions.filter((d) => d.name === user),
        upsertions.filter((u) => u.name === user),
        users,
      );
      return {
        user,
        errorCode: failure === undefined ? 0 : errorCodes[failure.error],
        errorMessage: failure?.message ?? null,
      };
    }),
  };
};

interface Deletion {
  readonly mechanism: number;
}
interface Upsertion extends Deletion {
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly saltedPassword: Uint8Array;
}
interface Failure {
  readonly error: ErrorName;
  readonly message: string;
}

/** One change of a user's, which is all that a request may have. */
function alterUser(
  user: string,
  deletions: readonly Deletion[],
  upsertions: readonly Upsertion[],
  users: Users,
): Failure | undefined {
  const changes = [...deletions, ...upsertions];
  if (user === '') return { error: 'UNACCEPTABLE_CREDENTIAL', message: 'Username must not be empty' };
  if (changes.some((c) => mechanismOf(c.mechanism) === undefined))
    return { error: 'UNSUPPORTED_SASL_MECHANISM', message: 'Unknown SCRAM mechanism' };
  // Kafka counts users here, not their mechanisms.
  if (changes.length > 1)
    return {
      error: 'DUPLICATE_RESOURCE',
      message: 'A user credential cannot be altered twice in the same request',
    };
  if (deletions.some((d) => users.credential(user, mechanismOf(d.mechanism)!) === undefined))
    return {
      error: 'RESOURCE_NOT_FOUND',
      message: 'Attempt to delete a user credential that does not exist',
    };
  if (upsertions.some((u) => u.iterations < iterationsMin))
    return { error: 'UNACCEPTABLE_CREDENTIAL', message: 'Too few iterations' };
  if (upsertions.some((u) => u.iterations > iterationsMax))
    return { error: 'UNACCEPTABLE_CREDENTIAL', message: 'Too many iterations' };
  for (const { mechanism } of deletions) users.remove(user, mechanismOf(mechanism)!);
  for (const { mechanism, iterations, salt, saltedPassword } of upsertions) {
    const known = mechanismOf(mechanism)!;
    users.set(user, known, credentialOf(known, saltedPassword, salt, iterations));
  }
  return undefined;
}
