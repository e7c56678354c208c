/* Text without halves of characters. */

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text that was cut by UTF-16 units, as it is once it has been UTF-8: half a character is a question mark. */
export const wellFormed = (text: string): string =>
  text.isWellFormed() ? text : text.replace(loneSurrogate, '?');
