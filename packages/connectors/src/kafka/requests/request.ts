/* What a transport carries: a message of Kafka's protocol in the version that we send, and what we want of its answer.
 *
 * Versions are fixed, the newest without tagged fields as a rule: every broker since 2.4 takes them, so that nobody asks
 * for ApiVersions first, and one request looks the same to all brokers of a cluster. */

import { readResponse, writeRequest, type ApiName, type Messages, type Sparse } from '#kafka';

/** Who asks, and in which turn. */
export interface Asker {
  readonly clientId: string;
  readonly correlation: number;
}

export interface KafkaRequest<T> {
  readonly name: ApiName;
  /** The bytes without their length, in parts to be sent one behind the other. */
  frame(asker: Asker): Buffer[];
  /** Undefined for requests that get no response (Produce with acks=0). `release` is to be called once the response's bytes
   *  are no longer read, where `lends` says that they are. */
  readonly read: ((response: Buffer, release: () => void) => T) | undefined;
  /** What `read` gives are bytes of the response: it may lie in memory that is wanted back. */
  readonly lends: boolean;
}

type Request<N extends ApiName> = Sparse<Messages[N]['request']>;

/** `answer` takes from the response what is wanted of it, but no bytes. */
export function request<N extends ApiName, T>(
  name: N,
  version: number,
  message: Request<N>,
  answer: (response: Messages[N]['response']) => T,
): KafkaRequest<T> {
  return {
    name,
    frame: (asker) => writeRequest(name, message, { version, ...asker }),
    read: (response) => answer(readResponse(name, version, response)),
    lends: false,
  };
}

/** A request whose answer is made of bytes of the response. */
export function lendingRequest<N extends ApiName, T>(
  name: N,
  version: number,
  message: Request<N>,
  answer: (response: Messages[N]['response'], release: () => void) => T,
): KafkaRequest<T> {
  return {
    name,
    frame: (asker) => writeRequest(name, message, { version, ...asker }),
    read: (response, release) => answer(readResponse(name, version, response), release),
    lends: true,
  };
}

/** A request that gets no response. */
export function unansweredRequest<N extends ApiName>(
  name: N,
  version: number,
  message: Request<N>,
): KafkaRequest<never> {
  return {
    name,
    frame: (asker) => writeRequest(name, message, { version, ...asker }),
    read: undefined,
    lends: false,
  };
}

/** Items of one topic each, as messages want them. */
export const byTopic = <Item extends { readonly topic: string }, Topic>(
  items: readonly Item[],
  topic: (name: string, items: readonly Item[]) => Topic,
): Topic[] => [...Map.groupBy(items, (item) => item.topic)].map(([name, group]) => topic(name, group));
