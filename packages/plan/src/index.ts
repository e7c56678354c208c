export { carryColumns, type CarriedColumns, type NewColumn } from './bind/carry-columns.ts';
export { bindCreateTableAs } from './bind/create-table-as.ts';
export { bindCreateTable, mergeOptions } from './bind/create-table.ts';
export { bindCreateModel } from './bind/create-model.ts';
export { bindType } from './bind/data-types.ts';
export { changelogFunctionDocs } from './bind/changelog-docs.ts';
export { groupingFunctionDocs } from './bind/grouping-docs.ts';
export { modelFunctionDocs } from './bind/model-docs.ts';
export { notYet } from './bind/not-yet.ts';
export { QueryBinder } from './bind/query.ts';
export { memoryCatalog, Session, type Catalog, type CatalogObject, type Database } from './bind/session.ts';
export { SessionSettings, settingSpecs } from './bind/settings.ts';
export { windowFunctionDocs, type WindowFunctionDoc } from './bind/window-docs.ts';
export { digest } from './digest.ts';
export { planText, stateWarnings } from './explain.ts';
export { isTimeAttribute, type RelField } from './logical/field.ts';
export { relText } from './logical/kinds.ts';
export type { Rel } from './logical/rel.ts';
export { modelTable, type BoundModel } from './logical/model.ts';
export { modelRunsAt } from './logical/model-runs.ts';
export {
  connectorTable,
  type BoundColumn,
  type BoundTable,
  type BoundView,
  type TablePartitionValues,
} from './logical/table.ts';
export { askedChecks, suiteSpecs } from './logical/suite-options.ts';
export { besideTable, type AskedChecks, type LoadChecks, type TableChecks } from './logical/table-checks.ts';
export { badRowsSpecs } from './physical/bad-rows-options.ts';
export type { Part, Place } from './physical/kind.ts';
export { rowConditions } from './physical/row-conditions.ts';
export { columnName } from './physical/ids.ts';
export { nodeKind, nodeTitle } from './physical/kinds.ts';
export type { PlanNode } from './physical/node.ts';
export { valuesConnector } from './physical/nodes/values.ts';
export type { PhysicalPlan, PlannedNode, Traits } from './physical/plan.ts';
export { planInserts, planQuery, type PlannedInserts, type PlannedQuery } from './planner.ts';
export { exprText } from './text.ts';
