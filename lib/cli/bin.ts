import { main } from './main.ts';
import { likelySettings } from './options/settings.ts';
import { reportFailure } from './report/failure.ts';
import { processTerminal } from './terminal/terminal.ts';

const line = process.argv.slice(2);
const streams = processTerminal();

// What happens behind the back of the command is no finding of it.
process.once('uncaughtException', (error) => {
  process.exit(reportFailure(error, line, streams(likelySettings(line))));
});

void main(line, streams).then((code) => (process.exitCode = code));
