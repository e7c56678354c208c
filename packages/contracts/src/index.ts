export { schemaForSubject } from './registered.ts';
export { checkJobTable, type JobChecked, type JobTable } from './job.ts';
export {
  keyOf,
  type Consumer,
  type Contract,
  type ContractField,
  type ContractTable,
  type LogicalType,
  type Sla,
} from './model.ts';
export { readContract } from './read/index.ts';
export { YamlDocument } from './read/document.ts';
export { Members } from './read/members.ts';
export { lintContract, type Finding } from './lint.ts';
export { diffContracts, type Change, type Diff, type Impact } from './diff.ts';
export { suiteOf, tableNamed } from './expectations.ts';
export { streamChecksFrom, type AskedOfStream } from './stream.ts';
export { generate, generators } from './generate/index.ts';
export { draftContract } from './draft.ts';
export { contractPage } from './page.ts';
