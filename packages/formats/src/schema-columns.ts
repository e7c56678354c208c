/* What a schema says of a table that declares no columns. */

import type { Field } from '#data';

export interface SchemaColumns {
  readonly fields: readonly Field[];
  /** Keys without prefix. */
  readonly options: Readonly<Record<string, string>>;
}
