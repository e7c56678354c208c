/* Several real brokers that are one cluster, for tests of leaders that change: each broker and controller, each topic on three of
 * them. */

import { freePorts, installKafka, RealKafka } from './kafka.ts';

export class KafkaCluster {
  readonly brokers: readonly RealKafka[];
  readonly bootstrapServers: string;

  private constructor(brokers: readonly RealKafka[]) {
    this.brokers = brokers;
    this.bootstrapServers = brokers.map((b) => b.bootstrapServers).join(',');
  }
  static async start(size = 3): Promise<KafkaCluster> {
    await installKafka();
    const ports = await Promise.all(Array.from({ length: size }, freePorts));
    const voters = ports.map((p, i) => `${i + 1}@127.0.0.1:${p.controller}`).join(',');
    // Together: one alone has no quorum.
    const brokers = await Promise.all(
      ports.map((own, i) =>
        RealKafka.start(
          [
            `node.id=${i + 1}`,
            `controller.quorum.voters=${voters}`,
            'default.replication.factor=3',
            'min.insync.replicas=2',
            'offsets.topic.replication.factor=3',
            'transaction.state.log.replication.factor=3',
            'transaction.state.log.min.isr=2',
            'broker.session.timeout.ms=3000',
            'broker.heartbeat.interval.ms=500',
            'leader.imbalance.check.interval.seconds=5',
          ],
          ['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC'],
          own,
        ),
      ),
    );
    return new KafkaCluster(brokers);
  }
  async close(): Promise<void> {
    await Promise.all(this.brokers.map((b) => b.close()));
  }
}
