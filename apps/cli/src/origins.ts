/* The texts that the statements of a session came from, so that an error of a running job points into the right one. */

import type { MillraceError } from '#base';
import { holdsSpan, type Statement } from '#sql';

export interface Source {
  readonly text: string;
  /** Of the file. */
  readonly name?: string;
}

export class Origins {
  readonly #made: { readonly statement: Statement; readonly source: Source }[] = [];

  /** Statements that leave something behind, which later ones are made of, and those that run. */
  add(statement: Statement, source: Source): void {
    this.#made.push({ statement, source });
  }
  /** Where `error` points into; undefined when nothing is known of it. */
  of({ at }: MillraceError): Source | undefined {
    if (at === undefined) return undefined;
    return this.#made.findLast(({ statement }) => holdsSpan(statement, at))?.source;
  }
}
