/* URLs as java.net has them: form encoding, and parts by name. */

/** URLEncoder: letters, digits and .-*_ stay, a space is +, the rest is %XX of its UTF-8. */
export function urlEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

/** URLDecoder; null where an escape is broken. */
export function urlDecode(text: string): string | null {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '+') bytes.push(0x20);
    else if (char === '%') {
      const hex = text.slice(i + 1, i + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(hex)) return null;
      bytes.push(parseInt(hex, 16));
      i += 2;
    } else {
      const point = String.fromCodePoint(text.codePointAt(i)!);
      bytes.push(...Buffer.from(point));
      i += point.length - 1;
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

const url = /^(?:url:)?([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is;
/** Those that java.net knows. */
const protocols = new Set(['http', 'https', 'ftp', 'file', 'jar', 'mailto', 'jrt', 'jmod']);
const hostAndPort = /^(\[[0-9a-f:.%]+\]|[^[\]:]*)(?::(-1|\d*))?$/i;

interface Authority {
  readonly text: string;
  readonly user: string | undefined;
  readonly host: string;
}
/** Undefined where Java finds no URL in it. A second @ leaves neither user nor host. */
function authority(text: string): Authority | undefined {
  const at = text.indexOf('@');
  if (at >= 0 && at !== text.lastIndexOf('@')) return { text, user: undefined, host: '' };
  const host = hostAndPort.exec(text.slice(at + 1))?.[1];
  return host === undefined ? undefined : { text, user: at < 0 ? undefined : text.slice(0, at), host };
}

/** PARSE_URL: a part of a URL, or one key of its query; null where there is none. */
export function urlPart(text: string, part: string, key?: string): string | null {
  const match = url.exec(text.trim());
  if (match === null) return null;
  const [, written, place, path, query, ref] = match;
  const protocol = written!.toLowerCase();
  const server = place === undefined ? undefined : authority(place);
  if (!protocols.has(protocol) || (place !== undefined && server === undefined)) return null;
  if (key !== undefined) {
    if (part !== 'QUERY' || query === undefined) return null;
    for (const pair of query.split('&')) {
      const at = pair.indexOf('=');
      if (at > 0 && pair.slice(0, at) === key) return pair.slice(at + 1);
    }
    return null;
  }
  switch (part) {
    case 'HOST':
      return server?.host ?? '';
    case 'PATH':
      return path ?? null;
    case 'QUERY':
      return query ?? null;
    case 'REF':
      return ref ?? null;
    case 'PROTOCOL':
      return protocol;
    case 'FILE':
      return `${path ?? ''}${query === undefined ? '' : `?${query}`}`;
    case 'AUTHORITY':
      return server?.text ?? null;
    case 'USERINFO':
      return server?.user ?? null;
    default:
      return null;
  }
}
