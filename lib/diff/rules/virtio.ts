import { NOTHING, type Case, type Outcome } from '../case.ts';
import { virtioOutcome } from './virtio-devices.ts';

/**
 * What to change so that a domain's virtio network devices offer the same on every host. QEMU refuses a guest whose
 * device has a feature in use that is not offered where it arrives, because the host's kernel lacks it.
 *
 * @see https://www.qemu.org/docs/master/devel/migration/compatibility.html
 */
export function virtioRule(c: Case): Outcome {
  return c.settings.virtio === undefined ? NOTHING : virtioOutcome(c);
}
