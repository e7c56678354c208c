export { SlowStore } from './store.ts';
