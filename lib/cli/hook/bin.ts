import { PASS, REFUSE } from './exit-codes.ts';
import { runHook } from './run.ts';
import { processWorld } from './world.ts';

// Called by the script that "hook install" writes: state, what holds on error, log, then libvirt's own words.
const [state = '', onError, log = '', ...words] = process.argv.slice(2);
const code = runHook(
  { state, onError: onError === 'allow' ? 'allow' : 'deny' },
  words,
  processWorld(log === '' ? null : log),
);
process.exitCode = code === 0 ? PASS : REFUSE;
