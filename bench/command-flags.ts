/* Benchmarks of jobs run as the command does: with the flags of apps/cli/bin/millrace.js (ADR 41). To be imported first. */

import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--no-concurrent-sparkplug');
setFlagsFromString('--no-concurrent-marking');
