/* Kafka's UUIDs as text: base64 without padding, url-safe, as its tools print them. */

/** No topic: all bits 0. */
export const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA';

export const uuidText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('base64url');
export const uuidBytes = (text: string): Buffer => Buffer.from(text, 'base64url');
