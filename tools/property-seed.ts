/* Runs in each worker before its tests: cases that fast-check makes up come from one seed, so that a commit passes or
 * fails the same way twice. `npm run proof -- properties` sets others. */

import fc from 'fast-check';
import { propertySeedVariable } from './chosen-tests.ts';

fc.configureGlobal({ seed: Number(process.env[propertySeedVariable] ?? 1) });
