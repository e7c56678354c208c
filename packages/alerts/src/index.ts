export { readAlerts } from './read.ts';
export { decide, noState, type AlertState, type Decision } from './decide.ts';
export { sendAlert, type SendOptions } from './channels/send.ts';
export { pagerdutyPayload, plainText, slackPayload, webhookPayload } from './channels/payloads.ts';
export type { Alert, AlertConfig, Channel, Rule } from './model.ts';
