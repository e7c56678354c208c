/* Whether a config may have a value, said in Kafka's words. */

import type { ConfigSpec } from './topic-configs.ts';

const bounds = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
} as const;

/** What is wrong with a value, or undefined. Space around it does not count. */
export function configProblem(spec: ConfigSpec, given: string): string | undefined {
  const value = given.trim();
  switch (spec.type) {
    case 'boolean':
      if (!/^(true|false)$/i.test(value))
        return invalid(spec, given, 'Expected value to be either true or false');
      return spec.name === 'remote.storage.enable' && /^true$/i.test(value)
        ? 'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.'
        : undefined;
    case 'int':
    case 'long':
    case 'double':
      return numberProblem(spec, given, value);
    case 'list':
      return listProblem(spec, value === '' ? [] : value.split(',').map((part) => part.trim()));
    default:
      return oneOf(spec, value);
  }
}

const invalid = ({ name }: ConfigSpec, value: string, why: string): string =>
  `Invalid value ${value} for configuration ${name}: ${why}`;

function oneOf(spec: ConfigSpec, value: string): string | undefined {
  const { values, anyCase = false } = spec;
  if (values === undefined || values.includes(anyCase ? value.toUpperCase() : value)) return undefined;
  const how = anyCase ? ' (case insensitive)' : '';
  return invalid(spec, value, `String must be one of${how}: ${values.join(', ')}`);
}
function listProblem(spec: ConfigSpec, parts: readonly string[]): string | undefined {
  if (spec.places === true) {
    const fine = parts.every((part) => /^\d+:\d+$/.test(part)) || (parts.length === 1 && parts[0] === '*');
    const wanted = `${spec.name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`;
    return fine ? undefined : invalid(spec, `[${parts.join(', ')}]`, wanted);
  }
  for (const part of parts) {
    const problem = oneOf(spec, part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function numberProblem(spec: ConfigSpec, given: string, value: string): string | undefined {
  const { type, min, max, or } = spec;
  const no = (): string => invalid(spec, given, `Not a number of type ${type.toUpperCase()}`);
  if (type === 'double') {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return no();
  } else {
    if (!/^[+-]?\d+$/.test(value)) return no();
    const [least, most] = bounds[type === 'int' ? 'int' : 'long'];
    const whole = BigInt(value.replace(/^\+/, ''));
    if (whole < least || whole > most) return no();
  }
  const number = Number(value);
  const shown = type === 'double' && Number.isInteger(number) ? `${number}.0` : String(number);
  if (number === or) return undefined;
  if (or !== undefined && (number < min! || number > max!))
    return invalid(spec, shown, `Value must be between ${min} and ${max} or equal to ${or}`);
  if (min !== undefined && number < min) return invalid(spec, shown, `Value must be at least ${min}`);
  return max !== undefined && number > max
    ? invalid(spec, shown, `Value must be no more than ${max}`)
    : undefined;
}
