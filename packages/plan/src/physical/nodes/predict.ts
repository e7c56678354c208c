/* Each row with what a model answers for some of its columns: looked up as a table is. */

import { insertOnly, modelConnectorName, type ConnectorTable } from '#catalog';
import type { Field } from '#data';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { noKeys, stateless, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

/** Fields: the input's, what the model is given, and what it answers. */
export interface PredictNode {
  readonly kind: 'predict';
  readonly inputs: readonly [PlanNode];
  readonly provider: string;
  readonly model: ConnectorTable;
  readonly name: string;
  /** Columns of the input, one for each that the model is given. */
  readonly features: readonly number[];
  /** Behind the input's columns. */
  readonly asked: readonly Field[];
  readonly async: boolean;
  readonly ordered: boolean;
  readonly capacity: number;
  readonly timeoutMs: number | undefined;
  readonly fields: readonly RelField[];
}

export const predictKind: NodeKind<PredictNode> = {
  ...stateless,
  idKey: ({ name }) => `:${name}`,
  reads: (node) => ({
    exprs: [],
    columns: node.features.map((index) => ({ index, over: node.inputs[0].fields })),
  }),
  title({ name, features, inputs: [input], async, ordered, asked }) {
    const columns = features.map((f) => input.fields[f]!.name).join(', ');
    const answers = asked.slice(features.length).map((f) => f.name.replace(/^out /, ''));
    const how = async ? `, async=[${ordered ? 'ORDERED' : 'UNORDERED'}]` : '';
    return `MLPredictTableFunction(invocation=[ML_PREDICT(MODEL ${name}, DESCRIPTOR(${columns}))], select=[${answers.join(', ')}]${how})`;
  },
  takes: () => insertOnly,
  gives: () => insertOnly,
  updatePairs: () => 'passes',
  keys: () => noKeys,
  origin: ({ inputs: [input] }, column) => (column < input.fields.length ? column : undefined),
  becomes({ provider, model, features, asked, async, ordered, capacity, timeoutMs }) {
    return {
      kind: 'operator',
      ...operatorCall('lookup-join', {
        connector: modelConnectorName(provider),
        table: model,
        lookedUp: asked,
        keys: features.map((left, right) => ({ left, right })),
        left: false,
        condition: undefined,
        async,
        ordered,
        capacity,
        asksNull: true,
        timeoutMs,
      }),
    };
  },
};
