export { Gateway, type Answer, type FlinkSession, type GatewayColumn } from './gateway.ts';
export { JobFollower, type JobProgress } from './follow.ts';
export { onlyOnFlink, refusals, type Refusal } from './refusals.ts';
export { renderFile, resolveOptions, secretFree, type RenderedStatement } from './render.ts';
export { splitSettings, type FlinkTarget } from './settings.ts';
export { fromGateway } from './values.ts';
export { logicalType } from './types.ts';
