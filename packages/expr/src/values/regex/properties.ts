/* Character properties by the names that \p{…} takes in Java. */

import { blockOf } from './blocks.ts';
import {
  complement,
  everything,
  ofProperty,
  ofRanges,
  ofText,
  single,
  union,
  type CodePoints,
} from './code-points.ts';

const ascii: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \t',
  Cntrl: '\x00-\x1f\x7f',
  XDigit: '0-9a-fA-F',
  Space: ' \t\n\x0b\f\r',
  ASCII: '\x00-\x7f',
};
const control = '\\p{Cc}';
const blank = '[\\p{Zs}\\t]';
const graph = '[^\\p{White_Space}\\p{Cc}\\p{Cs}\\p{Cn}]';
const word = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]';
/** Behind Is, in any case; and the POSIX classes where UNICODE_CHARACTER_CLASS is on. */
const binary: Readonly<Record<string, string>> = {
  ALPHABETIC: '\\p{Alphabetic}',
  ALPHA: '\\p{Alphabetic}',
  LETTER: '\\p{L}',
  IDEOGRAPHIC: '\\p{Ideographic}',
  LOWERCASE: '\\p{Lowercase}',
  LOWER: '\\p{Lowercase}',
  UPPERCASE: '\\p{Uppercase}',
  UPPER: '\\p{Uppercase}',
  TITLECASE: '\\p{Lt}',
  WHITE_SPACE: '\\p{White_Space}',
  WHITESPACE: '\\p{White_Space}',
  SPACE: '\\p{White_Space}',
  CONTROL: control,
  CNTRL: control,
  PUNCTUATION: '\\p{P}',
  PUNCT: '\\p{P}',
  HEX_DIGIT: '[\\p{Nd}\\p{Hex_Digit}]',
  HEXDIGIT: '[\\p{Nd}\\p{Hex_Digit}]',
  XDIGIT: '[\\p{Nd}\\p{Hex_Digit}]',
  ASSIGNED: '\\P{Cn}',
  NONCHARACTER_CODE_POINT: '\\p{Noncharacter_Code_Point}',
  NONCHARACTERCODEPOINT: '\\p{Noncharacter_Code_Point}',
  DIGIT: '\\p{Nd}',
  ALNUM: '[\\p{Alphabetic}\\p{Nd}]',
  BLANK: blank,
  GRAPH: graph,
  PRINT: `(?:${graph}|${blank})`,
  WORD: word,
  JOIN_CONTROL: '\\p{Join_Control}',
  JOINCONTROL: '\\p{Join_Control}',
};
/** Methods of java.lang.Character. */
const java: Readonly<Record<string, string>> = {
  javaLowerCase: '\\p{Lowercase}',
  javaUpperCase: '\\p{Uppercase}',
  javaAlphabetic: '\\p{Alphabetic}',
  javaIdeographic: '\\p{Ideographic}',
  javaTitleCase: '\\p{Lt}',
  javaDigit: '\\p{Nd}',
  javaDefined: '\\P{Cn}',
  javaLetter: '\\p{L}',
  javaLetterOrDigit: '[\\p{L}\\p{Nd}]',
  javaJavaIdentifierStart: '[\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}]',
  javaJavaIdentifierPart:
    '[\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}\\p{Nd}\\p{Mc}\\p{Mn}\\p{Cf}\\x00-\\x08\\x0e-\\x1b\\x7f-\\x9f]',
  javaUnicodeIdentifierStart: '\\p{ID_Start}',
  javaUnicodeIdentifierPart: '[\\p{ID_Continue}\\p{Cf}\\x00-\\x08\\x0e-\\x1b\\x7f-\\x9f]',
  javaIdentifierIgnorable: '[\\p{Cf}\\x00-\\x08\\x0e-\\x1b\\x7f-\\x9f]',
  javaSpaceChar: '\\p{Z}',
  javaWhitespace: '[\\t-\\r\\x1c-\\x1f\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000 ]',
  javaISOControl: control,
  javaMirrored: '\\p{Bidi_Mirrored}',
};
const categories = new Set(
  'Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf L M N Z C P S'.split(
    ' ',
  ),
);
const cased = '[\\p{Lu}\\p{Ll}\\p{Lt}]';
const isCase =
  /^(?:Is)?(?:L[ult]|Lower|Upper|lowercase|uppercase|titlecase)$|^java(?:Lower|Upper|Title)Case$/i;

export interface PropertyFlags {
  readonly ignoreCase: boolean;
  readonly unicodeClasses: boolean;
}

/** The code points of \p{name} or \p{name=value}; undefined for what Java does not know. */
export function propertySet(
  name: string,
  value: string | undefined,
  flags: PropertyFlags,
): CodePoints | undefined {
  if (value !== undefined) return valued(name.toLowerCase(), value);
  // Where case is ignored, a property of case takes letters of either.
  if (flags.ignoreCase && isCase.test(name)) return ofProperty(cased);
  if (name.startsWith('In')) return block(name.slice(2));
  if (name.startsWith('Is')) {
    const rest = name.slice(2);
    return property(binary[rest.toUpperCase()]) ?? category(rest) ?? script(rest);
  }
  if (flags.unicodeClasses && name !== 'ASCII' && (name in ascii || name === 'Punct'))
    return property(binary[name.toUpperCase()]);
  if (name === 'Punct')
    return ofRanges([
      [0x21, 0x2f],
      [0x3a, 0x40],
      [0x5b, 0x60],
      [0x7b, 0x7e],
    ]);
  const text = ascii[name];
  return (text === undefined ? undefined : ofText(text)) ?? category(name) ?? property(java[name]);
}
const property = (pattern: string | undefined): CodePoints | undefined =>
  pattern === undefined ? undefined : ofProperty(pattern);

function category(name: string): CodePoints | undefined {
  if (categories.has(name)) return ofProperty(`\\p{${name}}`);
  switch (name) {
    case 'LC':
      return ofProperty(cased);
    case 'LD':
      return ofProperty('[\\p{L}\\p{Nd}]');
    case 'L1':
      return [0, 0xff];
    case 'all':
    case 'ALL':
      return everything;
    default:
      return undefined;
  }
}
function block(name: string): CodePoints | undefined {
  const range = blockOf(name);
  return range && ofRanges([range]);
}
function script(name: string): CodePoints | undefined {
  const found = scripts().get(name.toUpperCase()) ?? scriptOfCode(name);
  return found === undefined ? undefined : ofProperty(`\\p{Script=${found}}`);
}
function valued(name: string, value: string): CodePoints | undefined {
  switch (name) {
    case 'sc':
    case 'script':
      return script(value);
    case 'blk':
    case 'block':
      return block(value);
    case 'gc':
    case 'general_category':
      return category(value);
    default:
      return undefined;
  }
}

/** A code of four letters, as JavaScript knows it. */
function scriptOfCode(name: string): string | undefined {
  if (!/^[a-z]{4}$/i.test(name)) return undefined;
  const code = name[0]!.toUpperCase() + name.slice(1).toLowerCase();
  try {
    new RegExp(`\\p{Script=${code}}`, 'u');
    return code;
  } catch {
    return undefined;
  }
}
/** Names of scripts as JavaScript writes them, by those in capitals. */
function scripts(): ReadonlyMap<string, string> {
  if (scriptNames !== undefined) return scriptNames;
  scriptNames = new Map();
  for (const name of scriptList.trim().split(/\s/)) scriptNames.set(name.toUpperCase(), name);
  return scriptNames;
}
let scriptNames: Map<string, string> | undefined;
const scriptList = `
Common Latin Greek Cyrillic Armenian Hebrew Arabic Syriac Thaana Devanagari Bengali Gurmukhi Gujarati
Oriya Tamil Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Georgian Hangul Ethiopic Cherokee
Canadian_Aboriginal Ogham Runic Khmer Mongolian Hiragana Katakana Bopomofo Han Yi Old_Italic Gothic
Deseret Inherited Tagalog Hanunoo Buhid Tagbanwa Limbu Tai_Le Linear_B Ugaritic Shavian Osmanya Cypriot
Braille Buginese Coptic New_Tai_Lue Glagolitic Tifinagh Syloti_Nagri Old_Persian Kharoshthi Balinese
Cuneiform Phoenician Phags_Pa Nko Sundanese Batak Lepcha Ol_Chiki Vai Saurashtra Kayah_Li Rejang Lycian
Carian Lydian Cham Tai_Tham Tai_Viet Avestan Egyptian_Hieroglyphs Samaritan Mandaic Lisu Bamum Javanese
Meetei_Mayek Imperial_Aramaic Old_South_Arabian Inscriptional_Parthian Inscriptional_Pahlavi Old_Turkic
Brahmi Kaithi Meroitic_Hieroglyphs Meroitic_Cursive Sora_Sompeng Chakma Sharada Takri Miao
Caucasian_Albanian Bassa_Vah Duployan Elbasan Grantha Pahawh_Hmong Khojki Linear_A Mahajani Manichaean
Mende_Kikakui Modi Mro Old_North_Arabian Nabataean Palmyrene Pau_Cin_Hau Old_Permic Psalter_Pahlavi
Siddham Khudawadi Tirhuta Warang_Citi Ahom Anatolian_Hieroglyphs Hatran Multani Old_Hungarian
SignWriting Adlam Bhaiksuki Marchen Newa Osage Tangut Masaram_Gondi Nushu Soyombo Zanabazar_Square
Hanifi_Rohingya Old_Sogdian Sogdian Dogra Gunjala_Gondi Makasar Medefaidrin Elymaic Nandinagari
Nyiakeng_Puachue_Hmong Wancho Yezidi Chorasmian Dives_Akuru Khitan_Small_Script Unknown`;

export const wordSet = (unicode: boolean): CodePoints => (unicode ? ofProperty(word) : ofText('a-zA-Z0-9_'));
export const digitSet = (unicode: boolean): CodePoints => (unicode ? ofProperty('\\p{Nd}') : ofText('0-9'));
export const spaceSet = (unicode: boolean): CodePoints =>
  unicode ? ofProperty('\\p{White_Space}') : ofText(' \t\n\x0b\f\r');
export const horizontalSpaceSet: CodePoints = union(
  ofText(' \t\xa0\u1680\u180e\u202f\u205f\u3000'),
  [0x2000, 0x200a],
);
export const verticalSpaceSet: CodePoints = ofText('\n-\r\x85\u2028\u2029');
/** What ends a line. */
export const lineEndSet: CodePoints = ofText('\n\r\x85\u2028\u2029');
export const noLineEnd = complement(lineEndSet);
export const noNewline = complement(single(0x0a));
