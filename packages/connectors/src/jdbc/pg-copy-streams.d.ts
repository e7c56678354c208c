/* The part of pg-copy-streams that is used here; it ships no types. */

declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream';
  import type { Submittable } from 'pg';

  /** A COPY … FROM STDIN: write the rows, end, wait for `finish`. */
  export function from(sql: string): Writable & Submittable & { readonly rowCount: number };
  /** A COPY … TO STDOUT. */
  export function to(sql: string): Readable & Submittable;
}
