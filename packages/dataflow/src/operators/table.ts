/* The open set of operators: each file registers itself here by its kind. Adding one touches this list and nothing else. */

import type { LogicalType } from '#data';
import type { EvalContext } from '#expr';
import type { ConnectorTable } from '#catalog';
import type { JobPlan, OperatorName, OperatorSpecs } from '#job';
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
    context: Pick<LookupContext, 'fields' | 'key'> & {
      /** How long an answer of `findAsync` is waited for; undefined: without end. */
      readonly timeoutMs?: number | undefined;
    },
  ): Lookup;
}

export type OperatorFactory = (spec: unknown, setup: OperatorSetup) => Operator;

/** What a kind of operator is like, whatever its spec. */
export interface OperatorTraits {
  /** It keeps nothing between rows: what it took is through once its rows went out. */
  readonly stateless?: boolean;
}

const factories = new Map<string, OperatorFactory>();
const stateless = new Set<string>();

/** Called once by each operator's file. */
export function registerOperator<Spec>(
  kind: string,
  create: (spec: Spec, setup: OperatorSetup) => Operator,
  traits: OperatorTraits = {},
): void {
  factories.set(kind, create as OperatorFactory);
  if (traits.stateless === true) stateless.add(kind);
}
/** No operator of the plan keeps anything between rows. */
export const isStateless = ({ nodes }: JobPlan): boolean =>
  nodes.every((n) => n.kind !== 'operator' || stateless.has(n.operator));
/** What a factory of an operator on runs may use. */
export type RunSetup = OperatorSetup;

/** Called once by the file of each operator on runs. */
export function registerRunOperator<Name extends OperatorName>(
  name: Name,
  create: (spec: OperatorSpecs[Name], setup: RunSetup) => RunOperator,
  traits: OperatorTraits = {},
): void {
  const createFrame = (spec: OperatorSpecs[Name], setup: OperatorSetup): Operator => {
    const { store, inputTypes, outputTypes } = setup;
    return new RunFrame(create(spec, setup), { inputs: inputTypes.length, outputTypes, store });
  };
  registerOperator<OperatorSpecs[Name]>(name, createFrame, traits);
}
export function operatorFactory(kind: string): OperatorFactory {
  const factory = factories.get(kind);
  if (factory === undefined) throw new TypeError(`no operator "${kind}" is registered`);
  return factory;
}
