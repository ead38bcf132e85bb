import type { Baseline, BaselineHost } from '../../../types/baseline.ts';
import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Issue } from '../../../types/issue.ts';
import type { BaselineLock, LockedHost } from '../../../types/lock.ts';
import { asMade } from '../../issues/given.ts';
import { issue } from '../../issues/issues.ts';
import { isLock } from '../../text/lock-shape.ts';
import { givenBaseline } from '../given.ts';

/**
 * A baseline to keep, so that it can be told later what became of its hosts.
 *
 * @throws RangeError for a host whose features are unknown; TypeError for what is no baseline.
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * lockBaseline(diffHosts([host('a', 'pcid'), host('b', 'taa-no')])).hosts.map(({ surplus }) => surplus);
 * // → [['pcid'], ['taa-no']]
 */
export function lockBaseline(baseline: Baseline): BaselineLock {
  const { hosts, common, surplus } = givenBaseline(baseline);
  const unknown = hosts.find(({ features }) => features === undefined);
  if (unknown !== undefined) throw new RangeError(`the CPU features of ${unknown.name} are unknown`);
  return {
    lockVersion: 1,
    common,
    hosts: hosts.map((host): LockedHost => ({
      name: host.name,
      identity: identityOf(host),
      surplus: surplus[host.name] ?? [],
      uncertain: host.uncertain,
    })),
  };
}

function identityOf(host: BaselineHost): LockedHost['identity'] {
  const { family, model, stepping, microcode } = host.processor ?? {};
  const facts: Readonly<Record<string, string | undefined>> = {
    arch: host.arch,
    emulator: host.emulator,
    'known names': [...new Set(host.cpuMaps.map(knownNames))].join(' or '),
    libvirt: host.libvirtVersion,
    'libvirt CPU map': [...new Set(host.cpuMaps.map(({ version }) => version))].join(' or '),
    machine: host.machine,
    microcode,
    model: host.model,
    processor: family === undefined ? undefined : [family, model, stepping].join('-'),
    source: host.source,
    vendor: host.vendor,
    'virtual machine type': host.virtType,
  };
  return Object.fromEntries(
    Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined),
  );
}

/** How many names a libvirt knows, and a sum of them (FNV-1a) that is another one when a name is. */
function knownNames({ features }: CpuMap): string {
  const names = features.map(({ name }) => name).sort();
  let sum = 0x811c9dc5;
  for (const character of names.join('\n')) sum = Math.imul(sum ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return `${features.length}, ${sum.toString(16).padStart(8, '0')}`;
}

/**
 * What became of the hosts of a locked baseline: an issue for each that is gone or new, lost a feature (to a new
 * microcode, say), gained one, or is another machine. None where all is as it was.
 *
 * @example
 * const host = (name, features) => parseHost(
 *   `<cpu><arch>x86_64</arch><model>486</model>${features.map((f) => `<feature name='${f}'/>`).join('')}</cpu>`,
 *   { name, libvirtVersion: '9.0.0' },
 * );
 * const lock = lockBaseline(diffHosts([host('a', ['hle', 'pcid']), host('b', ['hle'])]));
 * compareLock(lock, diffHosts([host('a', ['pcid']), host('b', ['hle'])])).map(({ code, features }) => [code, features]);
 * // → [['lock-feature-lost', ['hle']]]
 */
export function compareLock(lock: BaselineLock, baseline: Baseline): readonly Issue[] {
  const hint = 'give what lockBaseline or parseLock made';
  if (!isLock(asMade(lock, 'the lock', ['common', 'hosts'], hint)))
    throw new TypeError(`the lock is not whole: ${hint}`);
  const now = new Map(givenBaseline(baseline).hosts.map((host) => [host.name, host]));
  const before = new Map(lock.hosts.map((host) => [host.name, host]));
  const gone = [...before.keys()].filter((name) => !now.has(name));
  const fresh = [...now.keys()].filter((name) => !before.has(name));
  return [
    ...(gone.length > 0 ? [issue('lock-host-missing', { lockedHosts: gone })] : []),
    ...(fresh.length > 0 ? [issue('lock-host-new', { hosts: fresh })] : []),
    ...lock.hosts.flatMap((locked) => {
      const host = now.get(locked.name);
      return host === undefined ? [] : drift(lock.common, locked, host);
    }),
  ];
}

function drift(common: readonly string[], locked: LockedHost, host: BaselineHost): readonly Issue[] {
  const hosts = [host.name];
  const identity = identityOf(host);
  const keys = [...new Set([...Object.keys(locked.identity), ...Object.keys(identity)])].sort();
  const moved = keys
    .filter((key) => locked.identity[key] !== identity[key])
    .map((key) =>
      issue('lock-identity', { hosts, property: key, then: locked.identity[key], now: identity[key] }),
    );
  const was = { sure: new Set([...common, ...locked.surplus]), maybe: new Set(locked.uncertain) };
  const is = { sure: new Set(host.features), maybe: new Set(host.uncertain) };
  const names = [...new Set([...was.sure, ...was.maybe, ...is.sure, ...is.maybe])].sort();
  const lost = names.filter((name) => was.sure.has(name) && !is.sure.has(name));
  const gained = names.filter((name) => !was.sure.has(name) && is.sure.has(name));
  const open = names.filter((name) => !was.sure.has(name) && !is.sure.has(name));
  const settled = open.filter((name) => was.maybe.has(name) && !is.maybe.has(name));
  const unsettled = open.filter((name) => !was.maybe.has(name) && is.maybe.has(name));
  const changed = [
    issue('lock-feature-lost', { hosts, features: lost }),
    issue('lock-feature-gained', { hosts, features: gained }),
    issue('lock-feature-unsure', { hosts, features: settled, now: 'missing' }),
    issue('lock-feature-unsure', { hosts, features: unsettled, now: 'unknown' }),
  ];
  return [...changed.filter(({ features }) => features.length > 0), ...moved];
}
