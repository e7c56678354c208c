/* Asks a registry as a client would. */

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}
export async function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'Content-Type': 'application/vnd.schemaregistry.v1+json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  let parsed: unknown = text;
  try {
    parsed = JSON.parse(text);
  } catch {
    // A schema as it is.
  }
  return { status: response.status, type: response.headers.get('content-type') ?? '', body: parsed };
}
export const post = (url: string, path: string, body: unknown): Promise<Answer> =>
  call(url, 'POST', path, body);
