/* Dates and times of suites in one form: 2024-01-31, 2024-01-31T12:00:00.5. A zone is brought to UTC. */

const form =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

interface Parts {
  /** 2024-01-31T12:00:00 in UTC. */
  readonly seconds: string;
  /** Digits behind the point without trailing zeros. */
  readonly fraction: string;
}

function partsOf(text: string): Parts | undefined {
  const match = form.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone] = match;
  const ms = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const local = new Date(ms).toISOString().slice(0, 19);
  // 2024-02-31 would roll over.
  if (local !== `${year}-${month}-${day}T${hour}:${minute}:${second}`) return undefined;
  const utc = new Date(ms - offsetMs(zone)).toISOString().slice(0, 19);
  return { seconds: utc, fraction: fraction.replace(/0+$/, '') };
}
function offsetMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.replace(':', '').slice(1).padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

/** The day of a date or timestamp; undefined for other text. */
export const isoDate = (text: string): string | undefined => partsOf(text)?.seconds.slice(0, 10);

/** To the second, or with what fraction there is. Texts of equal fraction length compare as times. */
export function isoTimestamp(text: string): string | undefined {
  const parts = partsOf(text);
  return parts === undefined
    ? undefined
    : parts.seconds + (parts.fraction === '' ? '' : `.${parts.fraction}`);
}

/** Milliseconds since the epoch; undefined for what is no date or time. */
export function isoMs(text: string): number | undefined {
  const iso = isoTimestamp(text);
  return iso === undefined ? undefined : Date.parse(`${iso.slice(0, 23)}Z`);
}

/** As results show a timestamp: fractions with six digits, or none. */
export function shownTimestamp(text: string): string {
  const [seconds = '', fraction = ''] = text.replace(' ', 'T').split('.');
  const digits = fraction.replace(/0+$/, '');
  return digits === '' ? seconds : `${seconds}.${digits.padEnd(6, '0')}`;
}
