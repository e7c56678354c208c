/* The messages of one login, whatever its mechanism: the client's in, ours out. */

export type ExchangeStep =
  | { readonly kind: 'more'; readonly bytes: Buffer }
  | {
      readonly kind: 'done';
      readonly bytes: Buffer;
      readonly user: string;
      /** When what the client showed runs out, by the clock. */
      readonly expiresAt?: number;
    }
  /** No reason: the client is not told any, for it may be somebody who tries. */
  | { readonly kind: 'failed'; readonly reason?: string };

export interface Exchange {
  /** Not called again once it was done or had failed. */
  step(message: Buffer): ExchangeStep;
}
