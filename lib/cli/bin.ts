import { THREAD } from './guests/thread.ts';
import { main } from './main.ts';
import { likelySettings } from './options/settings.ts';
import { reportFailure } from './report/failure.ts';
import { processTerminal } from './terminal/terminal.ts';

const line = process.argv.slice(2);
// A thread of the command runs the same program. Nobody else can say this word: no argument holds a NUL.
const isThread = line[0] === THREAD;
const streams = processTerminal();

// What happens behind the back of the command is no finding of it; what happens in a thread, its command hears of.
if (!isThread)
  process.once('uncaughtException', (error) => {
    process.exit(reportFailure(error, line, streams(likelySettings(line))));
  });

if (isThread)
  void import('./guests/worker.ts').then(({ workInThread }) => {
    workInThread();
  });
// All is written by then. Left to itself, Node would take its heap to pieces first.
else void main(line, streams).then((code) => process.exit(code));
