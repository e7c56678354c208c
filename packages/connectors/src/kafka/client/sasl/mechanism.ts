/* SASL, the client's side: what it says and what it makes of the answers. */

/** Who logs in. */
export type SaslLogin =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
      readonly password: string;
    }
  | { readonly mechanism: 'OAUTHBEARER'; readonly token: string };

/** A conversation: yields what to say, is given what the broker answered, and returns once it is content. Throws LoginRefused
 *  for an answer that is none. */
export type Conversation = Generator<Buffer, void, Buffer>;

/** The login does not go on. The message holds nothing secret. */
export class LoginRefused extends Error {}
