/* The schema that a sink writes with: registered, or found, before its first row. */

import type { World } from '#base';
import type { EncoderSchema, RegistrySettings } from '#formats';
import { retrying } from '../kafka/client/backoff.ts';
import { openSchemaSource } from './schema-source.ts';

export interface SchemaToObtain {
  readonly world: World;
  readonly signal: AbortSignal;
  /** How long the registry may be away. */
  readonly startTimeoutMs: number;
  readonly settings: RegistrySettings;
  readonly subject: string;
  readonly schema: EncoderSchema;
}

/** Resolves when the encoder has its schema, to the GUID of it where the registry gives one. Rejects with UserError where the
 *  registry refuses it, with ExternalError where it stays away. */
export async function obtainSchema(wanted: SchemaToObtain): Promise<string | undefined> {
  const { world, signal, startTimeoutMs, settings, subject, schema } = wanted;
  const source = await openSchemaSource(world, settings);
  try {
    const found = await retrying(world, signal, startTimeoutMs, () => source.toWrite(subject, schema));
    schema.use(found.id, found.schema);
    return found.guid;
  } finally {
    source.close();
  }
}
