/* The order of test files within a project: first some large ones that need nothing but the processor, while what others made is
 * still being brought; then those that wait for other processes, for each of them takes long and leaves the processor to others;
 * then the others, larger ones first, so that small ones are left at the end. */

import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const first = [
  /^packages\/dataflow\/test\/reference.*\.test\.ts$/,
  /^packages\/state\/test\//,
  /^tests\/(conformance|properties|slt)\//,
];
const waits = [
  /^apps\/cli\/test\//,
  /^tests\/(e2e|flink)\//,
  /^tests\/package\.test\.ts$/,
  /^tests\/quality\/judge\.test\.ts$/,
  /^packages\/broker\/test\/(clients|transactions)\//,
  /^packages\/broker\/.*kafka.*\.test\.ts$/,
  /^packages\/connectors\/test\/(jdbc|kafka)\//,
];

export class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project.name);
    return [...byProject.values()].flatMap((own) => {
      const {
        large = [],
        waiting = [],
        others = [],
      } = Object.groupBy(own, ({ moduleId, project }) => {
        const path = relative(project.config.root, moduleId);
        const isOf = (patterns: readonly RegExp[]): boolean => patterns.some((pattern) => pattern.test(path));
        return isOf(first) ? 'large' : isOf(waits) ? 'waiting' : 'others';
      });
      return [...large, ...waiting, ...others];
    });
  }
}
