/* How Node is started for a process that is nothing but a service. */

/** Records lie outside of the JavaScript heap, but bring its next collection nearer, in proportion to the heap: where that
 *  is small, every dozen megabytes of traffic. Kafka's start script says how large its heap is, too. In MB. */
export const brokerFlags: readonly string[] = ['--initial-old-space-size=128'];
