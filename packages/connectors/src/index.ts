/* Every connector that ships. The application hands them to the engine, which names none. */

import type { ConnectorDescriptor } from '#catalog';
import { kafkaConnector } from './kafka/descriptor.ts';

export const connectors: readonly ConnectorDescriptor[] = [kafkaConnector];
