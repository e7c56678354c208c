/* Names of classes, as Java has them: what a structured type may be called. */

/** Words of Java that name nothing. */
const reserved = new Set(
  (
    'abstract assert boolean break byte case catch char class const continue default do double else enum extends ' +
    'false final finally float for goto if implements import instanceof int interface long native new null ' +
    'package private protected public return short static strictfp super switch synchronized this throw throws ' +
    'transient true try void volatile while _'
  ).split(' '),
);
const identifier = /^[\p{L}\p{Nl}\p{Sc}\p{Pc}][\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Mn}\p{Mc}\p{Nd}]*$/u;

/** Whether a text is a Java class name: identifiers with points between them. */
export const isClassName = (name: string): boolean =>
  name.split('.').every((part) => identifier.test(part) && !reserved.has(part));
