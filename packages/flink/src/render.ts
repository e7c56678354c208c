/* A file as Flink gets it: canonical text, every name quoted. Secrets stay references until a statement is submitted. */

import { printStatement, type ScriptStatement, type Statement } from '#sql';

export interface RenderedStatement {
  /** Where it stands in the file. */
  readonly line: number;
  /** Without a semicolon. */
  readonly sql: string;
}

export function renderFile(statements: readonly ScriptStatement[]): RenderedStatement[] {
  return statements.map(({ statement, span }) => ({ line: span.line, sql: printStatement(statement) }));
}

/** The statement with the values of its options replaced by what `resolve` makes of them; `secrets` gets those that
 *  changed, which must not be shown. */
export function resolveOptions(
  statement: Statement,
  resolve: (value: string) => string,
  secrets: Set<string>,
): Statement {
  const visit = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return node.map(visit);
    const copy = Object.fromEntries(Object.entries(node).map(([k, v]) => [k, visit(v)]));
    const { key, value } = copy;
    if (!('kind' in copy) && typeof key === 'string' && typeof value === 'string') {
      const resolved = resolve(value);
      if (resolved !== value) {
        secrets.add(resolved);
        // The parts that stood for themselves are no secret; what the references became is.
        for (const reference of value.match(/\$\{(?:env|file):[^}]*\}/g) ?? [])
          secrets.add(resolve(reference));
      }
      return { ...copy, value: resolved };
    }
    return copy;
  };
  return visit(statement) as Statement;
}

/** The text with every secret taken out. */
export function secretFree(text: string, secrets: ReadonlySet<string>): string {
  let clean = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length))
    if (secret !== '') clean = clean.replaceAll(secret, '******');
  return clean;
}
