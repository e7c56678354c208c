/* A dead letter as the command sees it, wherever it lies: read from a record's headers, or from the columns of a row. */

import type { MapValue, Row, Value } from '#data';
import { replayedHeader, replaysOf } from '#job';

export interface Letter {
  /** Where it lies: `0:42` of a topic, `part-1:42` of a folder. */
  readonly id: string;
  /** Its file, or its topic, with how far one has come who has read it. */
  readonly mark: { readonly of: string; readonly partition: number; readonly offset: number };
  readonly job: string;
  readonly table: string;
  readonly stage: string;
  readonly code: string;
  readonly message: string;
  readonly place: string;
  /** Ms since the epoch. */
  readonly failedAt: number | undefined;
  readonly timestamp: number | undefined;
  readonly topic: string | undefined;
  readonly partition: number | undefined;
  readonly offset: number | undefined;
  /** record, row or reference. */
  readonly content: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** The record's own. */
  readonly headers: readonly Header[];
  readonly replayed: number;
}
export interface Header {
  readonly key: string;
  readonly value: Uint8Array | null;
}

const decoder = new TextDecoder();
const textOf = (bytes: Uint8Array | null | undefined): string | undefined =>
  bytes == null ? undefined : decoder.decode(bytes);
const numberOf = (text: string | undefined): number | undefined =>
  text === undefined || text === '' ? undefined : Number(text);
const msOf = (value: Value | undefined): number | undefined =>
  value === null || value === undefined ? undefined : (value as { readonly ms: number }).ms;
const headersOf = (value: Value): Header[] =>
  value === null
    ? []
    : (value as MapValue).entries.map(([k, v]) => ({ key: String(k), value: v as Uint8Array | null }));

/** Headers that say why a record is a letter. */
const isOurs = ({ key }: Header): boolean =>
  key.startsWith('__connect.errors.') || (key.startsWith('millrace.') && key !== replayedHeader);

/** A record of a topic of letters, ours or Kafka Connect's: its row is partition, offset, timestamp, headers, key, value. */
export function letterOfRecord(letters: string, row: Row): Letter {
  const [partition, offset, timestamp, headers, key, value] = row as readonly Value[];
  const all = headersOf(headers!);
  const last = new Map(all.map((h) => [h.key, textOf(h.value)]));
  const connect = (name: string): string | undefined => last.get(`__connect.errors.${name}`);
  const own = (name: string): string | undefined => last.get(`millrace.${name}`);
  const failed = own('failed-at');
  return {
    id: `${String(partition)}:${String(offset)}`,
    mark: { of: letters, partition: Number(partition), offset: Number(offset) + 1 },
    job: own('job') ?? connect('connector.name') ?? '',
    table: own('table') ?? '',
    stage: own('stage') ?? connect('stage') ?? '',
    code: own('code') ?? connect('exception.class.name') ?? '',
    message: connect('exception.message') ?? '',
    place: own('place') ?? '',
    failedAt: failed === undefined ? undefined : Date.parse(failed),
    timestamp: msOf(timestamp),
    topic: connect('topic'),
    partition: numberOf(connect('partition')),
    offset: numberOf(connect('offset')),
    content: own('content') ?? 'record',
    key: key as Uint8Array | null,
    value: value as Uint8Array | null,
    headers: all.filter((h) => !isOurs(h)),
    replayed: replaysOf(all),
  };
}

/** A row of files of letters: its columns are `deadLetterFields`, behind the name of the file. `line` counts from 1. */
export function letterOfRow(file: string, line: number, row: Row): Letter {
  const [job, table, stage, code, message, failedAt, place, topic, partition, offset, timestamp, ...rest] =
    row;
  const [content, key, value, headers, replayed] = rest;
  const orNone = (v: Value | undefined): number | undefined => (v === null ? undefined : Number(v));
  return {
    id: `${file}:${line}`,
    mark: { of: file, partition: 0, offset: line },
    job: String(job),
    table: String(table),
    stage: String(stage),
    code: String(code),
    message: String(message),
    place: place === null ? '' : String(place),
    failedAt: msOf(failedAt),
    timestamp: msOf(timestamp),
    topic: topic === null ? undefined : String(topic),
    partition: orNone(partition),
    offset: orNone(offset),
    content: String(content),
    key: key as Uint8Array | null,
    value: value as Uint8Array | null,
    headers: headersOf(headers!),
    replayed: Number(replayed),
  };
}
