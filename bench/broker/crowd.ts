/* Connections that ask for ApiVersions once and then stay. */

import { connect, type Socket } from 'node:net';

export interface Crowd {
  /** Until all were connected and answered. */
  readonly ms: number;
  leave(): void;
}

export async function gather(address: string, connections: number): Promise<Crowd> {
  const from = performance.now();
  const sockets = await Promise.all(Array.from({ length: connections }, () => visitor(address)));
  return {
    ms: performance.now() - from,
    leave: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

const clientId = 'crowd';

function visitor(address: string): Promise<Socket> {
  const [host, port] = address.split(':');
  // Length, ApiVersions (18) in version 0, correlation 1, the client's id.
  const request = Buffer.alloc(14 + clientId.length);
  request.writeInt32BE(request.length - 4);
  request.writeInt16BE(18, 4);
  request.writeInt32BE(1, 8);
  request.writeInt16BE(clientId.length, 12);
  request.write(clientId, 14);
  return new Promise((done, failed) => {
    const socket = connect(Number(port), host);
    socket.once('error', failed);
    socket.once('connect', () => socket.write(request));
    socket.once('data', () => done(socket));
  });
}
