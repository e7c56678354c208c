/* The headers that Kafka Connect writes beside a dead letter, with its names and its words for stages, so that tools made for
 * those read ours (KIP-298), and our own. */

import { replayedHeader, type BadRowStage, type LetterContent } from '#job';
import type { RecordPosition } from '#data';

export interface Header {
  readonly key: string;
  readonly value: Uint8Array | null;
}

interface About {
  readonly job: string;
  readonly table: string;
  readonly stage: BadRowStage;
  readonly part?: 'key' | 'value';
  readonly code: string;
  readonly message: string;
  readonly place: string | null;
  readonly position: RecordPosition | undefined;
  readonly content: LetterContent;
  readonly failedAt: number;
  readonly headers: readonly Header[];
  readonly replayed: number;
}

const connectStage = {
  cast: 'TRANSFORMATION',
  late: 'TRANSFORMATION',
  constraint: 'TASK_PUT',
  sink: 'TASK_PUT',
};

export function connectHeaders(about: About): Header[] {
  const { stage, part, position } = about;
  const texts: Record<string, string | undefined> = {
    '__connect.errors.topic': position?.topic,
    '__connect.errors.partition': position && String(position.partition),
    '__connect.errors.offset': position && String(position.offset),
    '__connect.errors.connector.name': about.job,
    '__connect.errors.stage':
      stage === 'decode' ? (part === 'key' ? 'KEY_CONVERTER' : 'VALUE_CONVERTER') : connectStage[stage],
    '__connect.errors.class.name': `millrace.${stage}`,
    '__connect.errors.exception.class.name': about.code,
    '__connect.errors.exception.message': about.message,
    'millrace.job': about.job,
    'millrace.table': about.table,
    'millrace.stage': stage,
    'millrace.code': about.code,
    'millrace.content': about.content,
    'millrace.place': about.place ?? undefined,
    // Where the record's own headers are there, it is among them.
    [replayedHeader]: about.headers.length === 0 && about.replayed > 0 ? String(about.replayed) : undefined,
    'millrace.failed-at': new Date(about.failedAt).toISOString(),
  };
  return Object.entries(texts).flatMap(([key, text]) =>
    text === undefined ? [] : [{ key, value: Buffer.from(text) }],
  );
}
