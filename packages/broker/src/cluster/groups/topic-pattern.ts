/* Patterns of topic names, in RE2's syntax as Kafka takes them, run in linear time: they come from clients. */

import { compile } from './pattern/program.ts';
import { PatternError, PatternParser } from './pattern/syntax.ts';

/** Whether a whole name matches; a text says why the pattern is none. */
export function topicPattern(pattern: string): ((name: string) => boolean) | string {
  try {
    return compile(new PatternParser(pattern).parse());
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}
