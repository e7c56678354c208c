/* What one broker is: its identity, its parts, and the clock that they share. Handlers of requests get this and nothing
 * else; none of them keeps anything of its own. */

import type { World } from '#base';
import type { GroupConfigs } from './group-configs.ts';
import type { Groups } from './groups/groups.ts';
import type { Acls } from '../security/acls.ts';
import type { Users } from '../security/users.ts';
import type { FetchSessions } from './fetch-sessions.ts';
import type { OffsetStore } from './offset-store.ts';
import type { Store } from './store.ts';
import type { Topics } from './topics.ts';
import type { Transactions } from './transactions/transactions.ts';

/** Where clients reach the broker: one a listener. */
export interface Endpoint {
  readonly listener: string;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface Cluster {
  readonly id: string;
  readonly nodeId: number;
  readonly world: World;
  readonly store: Store;
  /** Kafka's server.properties as the broker was started with, and with what was changed since. */
  readonly staticConfigs: ReadonlyMap<string, string>;
  readonly configs: Map<string, string>;
  readonly endpoints: Endpoint[];
  readonly topics: Topics;
  readonly offsets: OffsetStore;
  readonly transactions: Transactions;
  readonly groups: Groups;
  /** Of single groups. */
  readonly groupConfigs: GroupConfigs;
  readonly fetchSessions: FetchSessions;
  readonly users: Users;
  readonly acls: Acls;
  /** Lines for the operator: closed connections and why. */
  readonly log: (line: string) => void;
}
