export { readAlerts } from './read.ts';
export { decide, noState, type AlertState, type Decision } from './decide.ts';
export { sendAlert } from './channels/send.ts';
export type { SendOptions } from './channels/options.ts';
export { pagerdutyPayload, plainText, slackPayload, webhookPayload } from './channels/payloads.ts';
export type { Alert, AlertConfig, Channel, Rule } from './model.ts';
