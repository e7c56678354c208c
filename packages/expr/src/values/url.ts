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

const url =
  /^([a-zA-Z][\w+.-]*):(?:\/\/(?:([^/?#@]*)@)?([^/?#:]*|\[[^\]]*\])(?::(\d*))?)?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

/** PARSE_URL: a part of a URL, or one key of its query; null where there is none. */
export function urlPart(text: string, part: string, key?: string): string | null {
  const match = url.exec(text);
  if (match === null) return null;
  const [, protocol, user, host, port, path, query, ref] = match;
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
      return host ?? null;
    case 'PATH':
      return path ?? null;
    case 'QUERY':
      return query ?? null;
    case 'REF':
      return ref ?? null;
    case 'PROTOCOL':
      return protocol ?? null;
    case 'FILE':
      return `${path ?? ''}${query === undefined ? '' : `?${query}`}`;
    case 'AUTHORITY':
      return host === undefined
        ? null
        : `${user === undefined ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}`;
    case 'USERINFO':
      return user ?? null;
    default:
      return null;
  }
}
