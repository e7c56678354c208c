/* Messages that every compiler brings along and that are single values to SQL. */

import type { MessageField, MessageType } from './message-type.ts';

export const isTimestampMessage = ({ fullName }: MessageType): boolean =>
  fullName === 'google.protobuf.Timestamp';

const wrappers = /^google\.protobuf\.(Double|Float|U?Int64|U?Int32|Bool|String|Bytes)Value$/;

/** The value of a message around one: google.protobuf.Int64Value and the like. */
export const wrappedField = (message: MessageType): MessageField | undefined =>
  wrappers.test(message.fullName) ? message.fields[0] : undefined;
