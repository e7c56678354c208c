/* Every connector that ships. The application hands them to the engine, which names none. */

import type { ConnectorDescriptor } from '#catalog';

export const connectors: readonly ConnectorDescriptor[] = [];
