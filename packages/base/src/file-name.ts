/* Any text as the name of a file or folder: readable where it is short, never another's, never '.' or '..'. */

/** Bytes that a name may have; file systems take 255, and '.lock' and the like stand behind it. */
const bytesMax = 200;

/** Percent-encoded; one that is too long ends in a hash of the whole. */
export function fileName(text: string): string {
  const name = encodeURIComponent(text.toWellFormed()).replace(/^\./, '%2E');
  if (name.length <= bytesMax) return name;
  // Not in the middle of an encoded character: '%' and two digits.
  const head = name.slice(0, bytesMax - 17).replace(/%.?$/, '');
  return `${head}~${hash(text, 0x811c9dc5)}${hash(text, 0x01234567)}`;
}
/** FNV-1a from a start value, eight hexadecimal digits. */
function hash(text: string, start: number): string {
  let h = start;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(16).padStart(8, '0');
}
