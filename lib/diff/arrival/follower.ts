import type { Domain, DomainCpu } from '../../../types/domain.ts';
import type { DomainChange } from '../../../types/plan.ts';
import { attributesInTag } from '../../xml/query.ts';
import { setAttribute } from '../cpu/changes.ts';

/**
 * A domain whose host-model CPU is the host's own instead: libvirt makes a named model of host-model, which another
 * release compares otherwise, and in which QEMU turns nothing off past libvirt.
 */
export function asFollower(domain: Domain): Domain {
  const { cpu, type } = domain;
  if (cpu?.mode !== 'host-model') return domain;
  const mode = type === 'qemu' ? 'maximum' : 'host-passthrough';
  return { ...domain, cpu: { ...cpu, mode, check: 'none' } };
}

/** The changes that make a CPU so, where it is written otherwise. */
export function followerChanges({ text }: Domain, cpu: DomainCpu): readonly DomainChange[] {
  const { startTag, mode, modelSpan } = cpu;
  const written = new Map(attributesInTag(text, startTag).map(({ name, value }) => [name, value]));
  if (written.get('mode') === mode) return [];
  return [
    setAttribute(startTag, 'mode', mode),
    ...(written.has('check') ? [setAttribute(startTag, 'check', 'none')] : []),
    ...(modelSpan === undefined ? [] : [{ kind: 'remove-element', span: modelSpan } as const]),
  ];
}
