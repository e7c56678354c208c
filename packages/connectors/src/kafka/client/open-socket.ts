/* Opens a socket to a broker, plain or with TLS. What it brings lands where its reader says, without an allocation a read:
 * `onread` takes a buffer for each read, on TLS sockets too. */

import { connect, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { ExternalError, type World } from '#base';

/** Gets what a socket brings. */
export interface SocketReader {
  /** Where the next bytes shall go. The memory may be written to until another is given, or the socket has closed. */
  next(): Buffer;
  received(count: number): void;
}
export interface SocketPlace {
  readonly host: string;
  readonly port: number;
  /** Undefined: a plain socket. */
  readonly tls: ConnectionOptions | undefined;
  readonly timeoutMs: number;
}

/** Resolves with a socket that is connected, and sure of its peer's certificate. Rejects with ExternalError. */
export function openSocket(world: World, place: SocketPlace, reader: SocketReader): Promise<Socket> {
  const { host, port, tls } = place;
  const onread: OnReadOpts = {
    buffer: () => reader.next(),
    callback: (count) => {
      reader.received(count);
      return true;
    },
  };
  return new Promise((resolve, reject) => {
    const socket =
      tls === undefined
        ? connect({ host, port, noDelay: true, onread })
        : connectTls(tlsOptions(host, port, tls, onread));
    if (tls !== undefined) socket.setNoDelay(true);
    const fail = (error: ExternalError): void => {
      timer.cancel();
      // What goes wrong after the first failure is of no interest, and must not end the process.
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const timer = world.after(place.timeoutMs, () => fail(noConnection(place, 'no answer in time')));
    const onError = (error: Error): void => fail(noConnection(place, error.message, error));
    socket.once('error', onError);
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      timer.cancel();
      socket.removeListener('error', onError);
      resolve(socket);
    });
  });
}

function tlsOptions(
  host: string,
  port: number,
  tls: ConnectionOptions,
  onread: OnReadOpts,
): ConnectionOptions {
  // A server is told its name, but not its address: RFC 6066.
  const servername = tls.servername ?? (isIP(host) === 0 ? host : '');
  // The declarations of Node's types do not know `onread`, its documentation does.
  const options: ConnectionOptions & { onread: OnReadOpts } = { ...tls, servername, host, port, onread };
  return options;
}

const notTls = /before secure TLS connection|wrong version number|packet length too long/i;

function noConnection({ host, port, tls }: SocketPlace, reason: string, cause?: Error): ExternalError {
  const message = `no connection to Kafka at ${host}:${port}: ${reason}`;
  const hint = `Does this listener speak TLS? See 'properties.security.protocol'.`;
  return new ExternalError('KAF2001', {
    message,
    hint: tls !== undefined && notTls.test(reason) ? hint : undefined,
    cause,
  });
}
