/* What the command `validate` is told. */

import { UserError } from '#base';

export interface ValidateFlags {
  readonly input?: string;
  readonly table?: string;
  readonly connection?: string;
  readonly query?: string;
  readonly topic?: string;
  readonly sql?: string;
  /** Short for bootstrapServer. */
  readonly bootstrap?: string;
  readonly bootstrapServer?: string;
  readonly property: readonly string[];
  readonly last?: string;
  readonly since?: string;
  readonly columns?: string;
  readonly format?: string;
  readonly follow?: boolean;
  readonly for?: string;
  readonly window?: string;
  readonly suite?: string;
  readonly checks?: string;
  readonly schema?: string;
  readonly reference: readonly string[];
  readonly param: readonly string[];
  readonly key?: string;
  readonly timestampColumn?: string;
  readonly maxAge?: string;
  readonly minCompleteness?: string;
  readonly baseline?: string;
  readonly resultFormat?: string;
  readonly output?: string;
  readonly html?: string;
  readonly junit?: string;
  readonly history?: string;
  readonly alerts?: string;
  readonly alertsState?: string;
  readonly memoryLimit?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** --bootstrap is --bootstrap-server too. */
export const withBootstrap = (flags: ValidateFlags): ValidateFlags =>
  flags.bootstrap === undefined ? flags : { bootstrapServer: flags.bootstrap, ...flags };

/** name=value pairs. Throws CLI1004. */
export function namedValues(flag: string, given: readonly string[]): Map<string, string> {
  return new Map(
    given.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UserError('CLI1004', { message: `--${flag} ${pair}: expected NAME=VALUE` });
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
/** 24h, 30m, 7d. Throws CLI1004. */
export function duration(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|d|w)$/.exec(text);
  if (match === null)
    throw new UserError('CLI1004', {
      message: `--${flag} ${text}: expected a duration such as 24h, 30m, 7d`,
    });
  return Number(match[1]) * unitMs[match[2]!]!;
}
/** A share as 0.95 or 95%. Throws CLI1004. */
export function shareOf(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const value = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (!(value >= 0 && value <= 1))
    throw new UserError('CLI1004', {
      message: `--${flag} ${text}: expected a share from 0 to 1, or a percentage`,
    });
  return value;
}

/** Of --param: 5 is a number, true a truth value, all else text. Throws CLI1004. */
export const parametersOf = ({
  param,
}: Pick<ValidateFlags, 'param'>): Map<string, string | number | boolean> =>
  new Map([...namedValues('param', param)].map(([name, text]) => [name, valueOf(text)]));
function valueOf(text: string): string | number | boolean {
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  return text === 'true' ? true : text === 'false' ? false : text;
}
