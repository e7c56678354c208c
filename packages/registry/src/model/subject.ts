/* Subjects with contexts: `:.context:name`. Without, a subject is of the default context, whose name is a dot. */

export const defaultContext = '.';
/** Settings of this context are those of all. */
export const globalContext = ':.__GLOBAL:';
/** In front of a name: in every context. */
const wildcard = ':*:';

export interface QualifiedSubject {
  /** With its dot. */
  readonly context: string;
  /** Empty where a context as a whole is meant. */
  readonly name: string;
}

export function splitSubject(subject: string): QualifiedSubject {
  if (subject.startsWith(wildcard)) return { context: '*', name: subject.slice(wildcard.length) };
  if (!subject.startsWith(':.')) return { context: defaultContext, name: subject };
  const end = subject.indexOf(':', 2);
  if (end < 0) return { context: subject.slice(1), name: '' };
  return { context: subject.slice(1, end), name: subject.slice(end + 1) };
}
export const joinSubject = ({ context, name }: QualifiedSubject): string =>
  context === defaultContext ? name : `:${context}:${name}`;

/** As it is stored: `:.:name` is `name`. */
export const normalSubject = (subject: string): string => joinSubject(splitSubject(subject));
export const contextOf = (subject: string): string => splitSubject(subject).context;
/** The prefix of all subjects of a subject's context. */
export const contextPrefix = (subject: string): string =>
  joinSubject({ context: contextOf(subject), name: '' });

/** A reference or alias without a context is of the context of the subject that has it. */
export function inContextOf(parent: string, subject: string): string {
  const own = splitSubject(subject);
  return own.context === defaultContext
    ? joinSubject({ context: contextOf(parent), name: own.name })
    : joinSubject(own);
}

/** Schemas may not be registered under it. */
export const isInvalidSubject = (subject: string): boolean => {
  const { context, name } = splitSubject(subject);
  return (
    /[\u0000-\u001f\u007f-\u009f]/.test(subject) ||
    context === '.__GLOBAL' ||
    name === '__GLOBAL' ||
    name === '__EMPTY'
  );
};

/** Whether a subject begins with a prefix, which may name a context or all of them. */
export function hasPrefix(subject: string, prefix: string): boolean {
  const wanted = splitSubject(prefix);
  if (wanted.context === '*') return splitSubject(subject).name.startsWith(wanted.name);
  // A prefix that is not closed: `:.a` is of every context whose name begins so.
  return subject.startsWith(prefix) || subject.startsWith(joinSubject(wanted));
}
