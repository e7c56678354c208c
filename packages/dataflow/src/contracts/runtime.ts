/* What a connector's module exports once loaded: `ConnectorDescriptor.load()` resolves to this. */

import type { Lookup, LookupContext } from './lookup.ts';
import type { Sink, SinkContext } from './sink.ts';
import type { Source, SourceContext } from './source.ts';

export interface ConnectorRuntime {
  createSource?(context: SourceContext): Source;
  createSink?(context: SinkContext): Sink;
  createLookup?(context: LookupContext): Lookup;
}
