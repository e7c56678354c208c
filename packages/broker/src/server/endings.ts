/* Why the broker ends a connection. */

/** What the client does, or its connection is in, goes no further; the operator is told. */
export class ProtocolError extends Error {}

/** A fault that was asked for: the connection ends without a word. */
export class DropConnection extends Error {}
