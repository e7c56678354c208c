/* What sending needs of the world. */

export interface SendOptions {
  /** Puts secrets in for their references. */
  readonly resolve: (text: string) => string;
  readonly sleep: (ms: number) => Promise<void>;
  readonly print: (text: string) => void;
}
