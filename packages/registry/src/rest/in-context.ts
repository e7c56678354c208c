/* A path under /contexts/{context}/ is the path behind it, with every subject in it of that context. A client that has such
 * a URL as its base uses one context and knows of no other. */

import { defaultContext, joinSubject, splitSubject } from '../model/subject.ts';

export interface ContextPath {
  readonly path: string;
  readonly query: URLSearchParams;
}
/** Kinds of path whose next part is a subject. */
const withSubject = new Set(['subjects', 'config', 'mode']);

function qualify(context: string, subject: string): string {
  const own = splitSubject(subject);
  return own.context === defaultContext ? joinSubject({ context, name: own.name }) : subject;
}

/** `path`: percent-encoded. What is not under /contexts/… stays as it is. */
export function inContext(path: string, query: URLSearchParams): ContextPath {
  const match = /^\/contexts\/([^/]+)(\/.+)$/.exec(path);
  if (match === null) return { path, query };
  const name = decodeURIComponent(match[1]!).replace(/^:|:$/g, '');
  const context = name.startsWith('.') ? name : `.${name}`;
  const parts = match[2]!.split('/').slice(1);
  const at = parts[0] === 'compatibility' ? 2 : withSubject.has(parts[0]!) ? 1 : -1;
  if (at > 0 && parts[at] !== undefined && parts[at] !== '')
    parts[at] = encodeURIComponent(qualify(context, decodeURIComponent(parts[at])));
  // A list of all, and settings of all, are those of the context.
  else if (at > 0 && (parts[0] === 'config' || parts[0] === 'mode'))
    parts[1] = encodeURIComponent(joinSubject({ context, name: '' }));
  const scoped = new URLSearchParams(query);
  if (parts[0] === 'subjects' && parts.length === 1)
    scoped.set('subjectPrefix', qualify(context, query.get('subjectPrefix') ?? ''));
  if (parts[0] === 'schemas') {
    scoped.set('subject', qualify(context, query.get('subject') ?? ''));
    scoped.set('subjectPrefix', qualify(context, query.get('subjectPrefix') ?? ''));
  }
  return { path: `/${parts.join('/')}`, query: scoped };
}
