/* Who may log in: passwords for PLAIN, and SCRAM credentials, of which only hashes are kept. */

import { journalKey, journalOf, type Journal } from '../cluster/journal.ts';
import { scramMechanisms, type ScramCredential, type ScramMechanism } from './scram.ts';

interface StoredCredential {
  readonly iterations: number;
  readonly salt: string;
  readonly storedKey: string;
  readonly serverKey: string;
}
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytes = (base64: string): Uint8Array => Buffer.from(base64, 'base64');

export class Users {
  readonly #journal: Journal;
  readonly #plain: ReadonlyMap<string, string>;
  readonly #scram = new Map<string, Map<ScramMechanism, ScramCredential>>();

  /** `plain`: name and password, for PLAIN. */
  constructor(journal: Journal, plain: ReadonlyMap<string, string>) {
    this.#journal = journal;
    this.#plain = plain;
    for (const [[user, mechanism], value] of journalOf(journal, 'scram')) {
      const { iterations, salt, storedKey, serverKey } = value as unknown as StoredCredential;
      this.#of(user!).set(mechanism as ScramMechanism, {
        iterations,
        salt: bytes(salt),
        storedKey: bytes(storedKey),
        serverKey: bytes(serverKey),
      });
    }
  }
  #of(user: string): Map<ScramMechanism, ScramCredential> {
    let credentials = this.#scram.get(user);
    if (credentials === undefined) this.#scram.set(user, (credentials = new Map()));
    return credentials;
  }
  checkPassword(user: string, password: string): boolean {
    const known = this.#plain.get(user);
    return known !== undefined && known === password;
  }
  credential(user: string, mechanism: ScramMechanism): ScramCredential | undefined {
    return this.#scram.get(user)?.get(mechanism);
  }
  /** Name, then mechanisms with their iterations. */
  *scramUsers(): Iterable<
    readonly [user: string, credentials: ReadonlyMap<ScramMechanism, ScramCredential>]
  > {
    yield* this.#scram;
  }
  set(user: string, mechanism: ScramMechanism, credential: ScramCredential): void {
    this.#of(user).set(mechanism, credential);
    const { iterations, salt, storedKey, serverKey } = credential;
    this.#journal.put(journalKey('scram', user, mechanism), {
      iterations,
      salt: text(salt),
      storedKey: text(storedKey),
      serverKey: text(serverKey),
    });
  }
  /** False when there was none. */
  remove(user: string, mechanism: ScramMechanism): boolean {
    const credentials = this.#scram.get(user);
    if (credentials?.delete(mechanism) !== true) return false;
    if (credentials.size === 0) this.#scram.delete(user);
    this.#journal.put(journalKey('scram', user, mechanism), undefined);
    return true;
  }
}

/** The numbers of the mechanisms in the protocol. */
export const mechanismNumbers: Readonly<Record<ScramMechanism, number>> = {
  'SCRAM-SHA-256': 1,
  'SCRAM-SHA-512': 2,
};
export const mechanismOf = (number: number): ScramMechanism | undefined =>
  (Object.keys(scramMechanisms) as ScramMechanism[]).find((m) => mechanismNumbers[m] === number);
