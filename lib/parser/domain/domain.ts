import type { Domain } from '../../../types/domain.ts';
import type { ReadOptions } from '../../../types/options.ts';
import { childrenNamed, hasOwnNamespace, nameAt, spanAt, startTagAt, trimmedText } from '../../xml/query.ts';
import { scanXml } from '../../xml/scan.ts';
import type { XmlTree } from '../../xml/scanner.ts';
import { readTag, tagReader } from '../../xml/start-tag.ts';
import { fail, readCpu, type Context } from './cpu.ts';
import { NOWHERE, readGuest, type GuestFacts } from './uses.ts';

const WRAPPERS: ReadonlySet<string> = new Set(['domstatus', 'domainsnapshot', 'domaincheckpoint']);
const DOMAIN = tagReader('type', 'id');
const OS_TYPE = tagReader('arch', 'machine');

/**
 * A domain, read from its XML, or from the `<domstatus>`, `<domainsnapshot>` or `<domaincheckpoint>` around it.
 * The text is kept as it is; everything found in it is given with its place.
 *
 * @throws LibvirtXmlError for XML that is not well-formed, and for a `<cpu>` libvirt would refuse: a second one, an
 * unknown mode or policy, a feature twice, features or a vendor without a model in custom mode.
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 * @example
 * parseDomain("<domain type='kvm'><cpu mode='host-passthrough'/></domain>").cpu?.mode; // → 'host-passthrough'
 */
export function parseDomain(xml: string, options: ReadOptions = {}): Domain {
  const tree = scanXml(xml, options, true);
  const context = { tree, file: options.file };
  const root = nameAt(tree, 0);
  const index = domainIndex(context, root);
  const [type, id] = readTag(tree, index, DOMAIN);
  const { uses, places } = readGuest(tree, index);
  refuseOtherCpu(context, places);
  const { osType, cpu } = places;
  const [arch, machine] = osType === NOWHERE ? OS_TYPE.none : readTag(tree, osType, OS_TYPE);
  return {
    text: xml,
    root: root as Domain['root'],
    span: spanAt(tree, index),
    name: textAt(tree, places.name),
    uuid: textAt(tree, places.uuid),
    type,
    id,
    arch,
    machine,
    osType: osType === NOWHERE ? undefined : startTagAt(tree, osType),
    emulator: uses.find(({ key }) => key === 'emulator')?.value,
    uses,
    cpu: cpu === NOWHERE ? undefined : readCpu(context, cpu),
  };
}

function textAt(tree: XmlTree, index: number): string | undefined {
  return index === NOWHERE ? undefined : trimmedText(tree, index) || undefined;
}

function domainIndex(context: Context, name: string): number {
  const { tree } = context;
  const isForeignRoot = hasOwnNamespace(tree, 0);
  if (name === 'domain' && !isForeignRoot) return 0;
  const inner = WRAPPERS.has(name) && !isForeignRoot ? childrenNamed(tree, 0, 'domain')[0] : undefined;
  if (inner !== undefined) return inner.index;
  const reason = name === 'domain' ? `<${name}> is in a namespace of its own` : `<${name}> holds no domain`;
  throw fail(
    context,
    spanAt(tree, 0),
    'wrong-root',
    reason,
    'Give the output of virsh dumpxml (a <domain>).',
  );
}

function refuseOtherCpu(context: Context, { otherCpu }: GuestFacts['places']): void {
  if (otherCpu === NOWHERE) return;
  const second = spanAt(context.tree, otherCpu);
  const hint = 'Keep one of them: libvirt ignores the others.';
  throw fail(context, second, 'two-cpus', 'the domain has a second <cpu>', hint);
}
