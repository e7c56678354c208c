/* What a connector's module exports once loaded: `ConnectorDescriptor.load()` resolves to this. */

import type { World } from '#base';
import type { ConnectorTable } from '#catalog';
import type { Field } from '#data';
import type { Lookup, LookupContext } from './lookup.ts';
import type { Sink, SinkContext } from './sink.ts';
import type { Source, SourceContext } from './source.ts';

/** A table that is written, and columns that it is to get. */
export interface AddedColumns {
  readonly world: World;
  readonly table: ConnectorTable;
  readonly columns: readonly Field[];
  readonly signal: AbortSignal;
  warn(message: string): void;
}

export interface ConnectorRuntime {
  createSource?(context: SourceContext): Source;
  createSink?(context: SinkContext): Sink;
  createLookup?(context: LookupContext): Lookup;
  /** Gives the target further columns, while nobody writes into it; as often as it is called. Absent: it need not be told. */
  addColumns?(added: AddedColumns): Promise<void>;
}
