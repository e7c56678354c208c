/* The composition root's connectors: all that ship, and the test connector, whose tables are empty outside of tests. */

import { connectors } from '#connectors';
import type { ConnectorRegistry } from '#catalog';
import { testConnector, TestBoard } from '#testkit';

export function allConnectors(): ConnectorRegistry {
  return new Map([
    ...connectors.map((c) => [c.name, c] as const),
    ['test', testConnector(new TestBoard())] as const,
  ]);
}
