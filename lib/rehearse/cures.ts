import type { Domain } from '../../types/domain.ts';
import type { IssueOption } from '../../types/issue.ts';
import type { ReadOptions, RewriteOptions } from '../../types/options.ts';
import type { Pool } from '../../types/pool.ts';
import type { Cure, FoundIncident } from '../../types/rehearsal.ts';
import { processorsPerSocket } from '../diff/cpu/changes.ts';
import { applyEdits } from '../text/edit.ts';
import { frozen } from '../text/frozen.ts';

type Settings = Pick<RewriteOptions, 'cpu' | 'also'>;

/** Forms of a domain with the options that ask for them, from the one that takes least away. */
const FORMS: readonly (readonly [options: readonly IssueOption[], settings: Settings])[] = [
  [[], {}],
  [['disableParent'], { cpu: { disableParent: true } }],
  [['nested'], { also: { nested: 'off' } }],
  [['pin'], { cpu: { pin: true } }],
  [['onArrival', 'per-host'], { cpu: { onArrival: true } }],
  [['pin', 'disableParent'], { cpu: { pin: true, disableParent: true } }],
  [['pin', 'nested'], { cpu: { pin: true }, also: { nested: 'off' } }],
  [['machine'], { also: { machine: 'common' } }],
  [['pin', 'machine'], { cpu: { pin: true }, also: { machine: 'common' } }],
  [
    ['pin', 'disableParent', 'machine'],
    { cpu: { pin: true, disableParent: true }, also: { machine: 'common' } },
  ],
];

/** How to know whether a domain is equal on all ways, by the form in which each host starts it. */
export interface Proof {
  /** Each has hosts of its own; a guest stays among those of one. */
  readonly pools: readonly Pool[];
  readonly read: ReadOptions;
  readonly isEqual: (formOn: (host: string) => string) => boolean;
}

/**
 * What keeps a guest equal: the first form of it that is proved to; failing that, the first with a socket for each
 * processor; and what incidents call for that no form avoids.
 */
export function curesFor(domain: Domain, incidents: readonly FoundIncident[], proof: Proof): readonly Cure[] {
  const form = formFor(domain.text, proof);
  const other = form === undefined ? oneProcessorPerSocket(domain, proof) : undefined;
  const isAvoided = form !== undefined || other !== undefined;
  const isOpen = ({ certain, incident }: FoundIncident): boolean =>
    certain && incident.outcome !== 'warns' && !(isAvoided && incident.options !== undefined);
  // A form that is proved to be equal leaves nothing to do but what no domain says.
  const steps = form === undefined ? incidents.filter(isOpen) : [];
  return frozen([
    ...(form === undefined ? [] : [form]),
    ...stepsFor(steps),
    ...(other === undefined ? [] : [other]),
  ]);
}

function stepsFor(incidents: readonly FoundIncident[]): readonly Cure[] {
  const steps = new Map<string, Cure>();
  for (const { incident } of incidents) {
    const known = steps.get(incident.cure)?.sources ?? [];
    const sources = frozen([...new Set([...known, ...incident.sources])]);
    steps.set(incident.cure, frozen({ ...STEP, text: incident.cure, sources }));
  }
  return [...steps.values()];
}

const STEP = frozen({ kind: 'step', options: frozen([]), proved: false } as const);
const REWRITE = 'Rewrite the domain for the hosts of both sides, and restart the guest before the upgrade.';
const REWRITE_BY_HOST =
  'Install the gate on the hosts, with those of both sides. Rewrite the domain for each host, define it in the form of the host that it starts on, and restart it before the upgrade.';

const REWRITE_BY_VENDOR =
  'Rewrite the domain for the hosts of both sides, those of each CPU vendor on their own, and restart the guest before the upgrade.';

function formFor(xml: string, { pools, read, isEqual }: Proof): Cure | undefined {
  for (const [options, settings] of FORMS) {
    const isByHost = options.includes('per-host');
    const forms = new Map<string, string>();
    const isDone = pools.every((pool) => {
      const result = pool.rewrite(xml, { read, ...settings });
      if (!result.ok) return false;
      for (const { name } of pool.baseline.hosts)
        forms.set(name, isByHost ? result.forHost(name).xml : result.xml);
      return true;
    });
    const texts = [...new Set(forms.values())];
    if (!isDone || texts.every((form) => form === xml) || !isEqual((host) => forms.get(host) ?? xml))
      continue;
    const facts = { kind: 'rewrite', options, proved: true, sources: frozen([]) } as const;
    if (isByHost) return frozen({ ...facts, text: REWRITE_BY_HOST });
    const [form] = texts;
    return frozen(
      texts.length === 1 && form !== undefined
        ? { ...facts, text: REWRITE, xml: form }
        : { ...facts, text: REWRITE_BY_VENDOR },
    );
  }
  return undefined;
}

/** libvirt before 11.10 refuses what QEMU derives from several processors in a socket. */
function oneProcessorPerSocket(domain: Domain, proof: Proof): Cure | undefined {
  const { text, cpu } = domain;
  const topology = cpu?.topology;
  if (topology === undefined || processorsPerSocket(domain) === 1) return undefined;
  const sockets = topology.sockets * processorsPerSocket(domain);
  const element = `<topology sockets='${sockets}' dies='1' cores='1' threads='1'/>`;
  const changed = applyEdits(text, [{ ...topology.span, text: element }]);
  const isEnough = proof.isEqual(() => changed);
  const form = isEnough ? undefined : formFor(changed, proof);
  if (form === undefined && !isEnough) return undefined;
  const xml = form === undefined ? changed : form.xml;
  const after = form === undefined ? '' : ', and rewrite it for the hosts of both sides';
  return frozen({
    kind: 'step',
    options: form?.options ?? frozen([]),
    text: `Give each processor of the guest a socket (${element})${after}; the guest sees another topology then.`,
    proved: true,
    // Where the forms differ, none of them is all of it.
    ...(xml !== undefined && { xml }),
    sources: frozen([]),
  });
}
