import type { DomainChange, ElementChange } from '../../../types/plan.ts';
import { INVERSE_BITS } from '../../cpu/facts/kinds.ts';
import { arrivalChanges } from '../arrival/form.ts';
import { NOTHING, type CpuCase, type Outcome } from '../case.ts';
import { linesTo, setAttribute } from './changes.ts';
import { isCompared, namesByHost, type Disables } from './disables.ts';
import { nameable } from './guaranteed.ts';
import { covered, openFeatures, required, topology } from './guard.ts';
import { pinned } from './pin.ts';

/** The changes that turn these features off, with all that the caller asks for beside. */
type ChangesFor = (names: readonly string[]) => readonly DomainChange[];

/** The changes of the form the caller asks for, shared and per host, and what keeps them from being made. */
export function formsOf(c: CpuCase, found: Disables): Outcome {
  if (c.settings.pin !== undefined) return pinned(c, found);
  if (c.settings.onArrival) return levelledForms(c, found);
  if (!isPlain(c)) return new Forms(c, found, fullChanges(c, found));
  if (found.names.length === 0) return NOTHING;
  // Only the shared names are the pool's own list, which other domains ask for again.
  return new Forms(c, found, (names) =>
    linesTo(c.cpu, names, 'disable', names === found.names ? c.pool.memory : undefined),
  );
}

/** Does the caller ask for no more than to disable what not every host has? */
function isPlain({ cpu, settings }: CpuCase): boolean {
  const { guard, exhaustive, migratable } = settings;
  return !guard && !exhaustive && !(migratable === 'on' && cpu.migratable === 'off');
}

/** The shared form disables everywhere what not every host has; that of one host what the host itself has of it. */
class Forms implements Outcome {
  readonly issues = NOTHING.issues;
  readonly changes: readonly DomainChange[];
  readonly #c: CpuCase;
  readonly #found: Disables;
  readonly #changesOf: ChangesFor;
  #byHost: ReadonlyMap<string, readonly string[]> | undefined;
  #known: Map<readonly string[], readonly DomainChange[]> | undefined;

  constructor(c: CpuCase, found: Disables, changesOf: ChangesFor) {
    this.#c = c;
    this.#found = found;
    this.#changesOf = changesOf;
    this.changes = changesOf(found.names);
  }

  changesFor(host: string): readonly DomainChange[] {
    const { names } = this.#found;
    this.#byHost ??= namesByHost(this.#c, this.#found);
    this.#known ??= new Map([[names, this.changes]]);
    const own = this.#byHost.get(host) ?? names;
    const changes = this.#known.get(own) ?? this.#changesOf(own);
    this.#known.set(own, changes);
    return changes;
  }
}

/**
 * What every libvirt can name goes into the one `<cpu>` of all forms, because libvirt compares it on the way; the rest
 * is handed to QEMU, by host.
 */
function levelledForms(c: CpuCase, found: Disables): Outcome {
  const names = found.disable.flatMap(({ feature, unnamedOn }) => (unnamedOn.length === 0 ? [feature] : []));
  const lines = fullChanges(c, found)(names);
  const { shared, forHost } = arrivalChanges(c, found);
  const changesForHost = (host: string): readonly DomainChange[] => [...lines, ...forHost(host)];
  const changes = [...lines, ...shared];
  return { issues: NOTHING.issues, changes, changesFor: changesForHost, isByHost: true };
}

/** What guard, exhaustive and a `migratable` that is switched on add to every form. */
function fullChanges(c: CpuCase, found: Disables): ChangesFor {
  const { cpu, settings } = c;
  const { guard, exhaustive } = settings;
  const { memory } = c.pool;
  const require = guard ? sortedUnion(required(c, found), topology(c, 'given')) : NO_NAMES;
  const also = [...(guard ? covered(c, require) : []), ...(exhaustive ? openFeatures(c, levelled(c)) : [])];
  const elements = attributeChanges(c);
  return (names) => [
    ...elements,
    // Lists that are the pool's own come again.
    ...linesTo(cpu, require, 'require', c.follows ? memory : undefined),
    ...linesTo(
      cpu,
      sortedUnion(names, also),
      'disable',
      names === found.names && also.length === 0 ? memory : undefined,
    ),
  ];
}

const NO_NAMES: readonly string[] = [];

/** Sorted names and some more; the same list where there are no more, for what was made of it before. */
function sortedUnion(names: readonly string[], more: readonly string[]): readonly string[] {
  return more.length === 0 ? names : [...new Set([...names, ...more])].sort();
}

/** Every feature that a host added later might differ in, and that a line levels. */
function levelled(c: CpuCase): readonly string[] {
  const names = nameable(c.pool);
  return isCompared(c) ? names : names.filter((name) => !INVERSE_BITS.has(name));
}

function attributeChanges({ cpu, settings }: CpuCase): readonly ElementChange[] {
  const { startTag } = cpu;
  const set = (name: string, value: string): ElementChange => setAttribute(startTag, name, value);
  return [
    ...(settings.guard && cpu.check !== 'full' ? [set('check', 'full')] : []),
    ...(settings.migratable === 'on' && cpu.migratable === 'off' ? [set('migratable', 'on')] : []),
  ];
}
