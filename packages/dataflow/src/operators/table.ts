/* The open set of operators: each file registers itself here by its kind. Adding one touches this list and nothing else. */

import type { LogicalType } from '#data';
import type { EvalContext } from '#expr';
import type { ConnectorTable } from '#catalog';
import type { OperatorName, OperatorSpecs } from '#job';
import type { PersistentStore } from '#state';
import type { Lookup, LookupContext, Operator, OperatorContext } from '../contracts/index.ts';
import type { RunOperator } from '../contracts/run-operator.ts';
import { RunFrame } from '../frame/run-frame.ts';

/** What a factory may use beside the spec. */
export interface OperatorSetup {
  readonly inputTypes: readonly (readonly LogicalType[])[];
  readonly outputTypes: readonly LogicalType[];
  readonly instance: number;
  readonly instances: number;
  readonly evaluation: EvalContext;
  readonly context: OperatorContext;
  /** Where the operator declares its state. */
  readonly store: PersistentStore;
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
/** What a factory of an operator on runs may use. */
export type RunSetup = OperatorSetup;

/** Called once by the file of each operator on runs. */
export function registerRunOperator<Name extends OperatorName>(
  name: Name,
  create: (spec: OperatorSpecs[Name], setup: RunSetup) => RunOperator,
): void {
  registerOperator<OperatorSpecs[Name]>(name, (spec, setup) => {
    const { store, inputTypes, outputTypes } = setup;
    return new RunFrame(create(spec, setup), { inputs: inputTypes.length, outputTypes, store });
  });
}
export function operatorFactory(kind: string): OperatorFactory {
  const factory = factories.get(kind);
  if (factory === undefined) throw new TypeError(`no operator "${kind}" is registered`);
  return factory;
}
