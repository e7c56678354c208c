/* The open set of operators: each file registers itself here by its kind. Adding one touches this list and nothing else. */

import type { Rng } from '#base';
import type { LogicalType } from '#data';
import type { EvalContext } from '#expr';
import type { ConnectorTable } from '#catalog';
import type { Lookup, LookupContext, Operator, OperatorContext } from '../contracts/index.ts';

/** What a factory may use beside the spec. */
export interface OperatorSetup {
  readonly inputTypes: readonly (readonly LogicalType[])[];
  readonly outputTypes: readonly LogicalType[];
  readonly instance: number;
  readonly instances: number;
  readonly evaluation: EvalContext;
  readonly context: OperatorContext;
  readonly rng: Rng;
  /** Opened before the first push: lookup joins. */
  lookup(
    connector: string,
    table: ConnectorTable,
    context: Omit<LookupContext, 'world' | 'signal' | 'table'>,
  ): Lookup;
}

export type OperatorFactory = (spec: unknown, setup: OperatorSetup) => Operator;

const factories = new Map<string, OperatorFactory>();

/** Called once by each operator's file. */
export function registerOperator<Spec>(
  kind: string,
  create: (spec: Spec, setup: OperatorSetup) => Operator,
): void {
  factories.set(kind, create as OperatorFactory);
}
export function operatorFactory(kind: string): OperatorFactory {
  const factory = factories.get(kind);
  if (factory === undefined) throw new TypeError(`no operator "${kind}" is registered`);
  return factory;
}
