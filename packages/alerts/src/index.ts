export { readAlerts } from './read.ts';
export { noState, type AlertState, type Decision } from './decide.ts';
export { decide } from './results.ts';
export { JobWatch, type JobSample, type SampledCheck } from './jobs.ts';
export { sendAlert } from './channels/send.ts';
export type { SendOptions } from './channels/options.ts';
export { pagerdutyPayload, plainText, slackPayload, webhookPayload } from './channels/payloads.ts';
export { metrics, type Alert, type AlertConfig, type Channel, type Metric, type Rule } from './model.ts';
