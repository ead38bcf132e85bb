import { closeRecord } from './record.ts';

/** Jest calls this behind its own summary, so that what really ran is what one reads last. */
export default function teardown(): void {
  process.stdout.write(`\n${closeRecord()}`);
}
