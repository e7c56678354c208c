export { TestBoard, type WrittenRow } from './board.ts';
export { SimDisk } from './sim-disk.ts';
export { SimMaps } from './sim-maps.ts';
export { SimWorld } from './sim-world.ts';
export {
  modes,
  ownModes,
  runTestFile,
  updateTestFile,
  type Mode,
  type ReadIncluded,
  type TestOutcome,
} from './slt/index.ts';
export { testConnector } from './test-connector.ts';
export { SlowStore } from './slow-store/index.ts';
export * from './reference/index.ts';
