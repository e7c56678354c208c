/* Under which subject a topic's schemas stand: Confluent's subject name strategies. */

import { UserError } from '#base';

export const subjectNameStrategies = ['TopicName', 'RecordName', 'TopicRecordName'] as const;
export type SubjectNameStrategy = (typeof subjectNameStrategies)[number];

export interface SubjectNameParts {
  readonly topic: string;
  readonly part: 'key' | 'value';
  /** The schema's full name; undefined where it has none. */
  readonly recordName: string | undefined;
}

/** Throws REG1006 for a strategy by record of a schema without a name. */
export function subjectName(
  strategy: SubjectNameStrategy,
  { topic, part, recordName }: SubjectNameParts,
): string {
  if (strategy === 'TopicName') return `${topic}-${part}`;
  if (recordName === undefined)
    throw new UserError('REG1006', {
      message: `the ${part} of topic '${topic}' has a schema without a name, which ${strategy} asks for`,
      hint: 'Use TopicName, or give the record a name (in JSON Schema a title).',
    });
  return strategy === 'RecordName' ? recordName : `${topic}-${recordName}`;
}
