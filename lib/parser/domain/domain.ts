import type { Domain } from '../../../types/domain.ts';
import type { ReadOptions } from '../../../types/options.ts';
import type { Span } from '../../../types/xml.ts';
import { asText } from '../../issues/given.ts';
import { optionsOf, READ } from '../../issues/options.ts';
import { locate, locatedValue, textAt } from '../../xml/bytes.ts';
import { placeOf } from '../../xml/place.ts';
import { childrenNamed, elementAt, hasOwnNamespace, nameAt, spanAt, startTagAt } from '../../xml/query.ts';
import { withTree } from '../../xml/scan.ts';
import { fail, type BorrowedTree } from '../../xml/tree.ts';
import { readCommandLine } from './command-line.ts';
import { readCpu } from './cpu.ts';
import { readSystem } from './system.ts';
import { NOWHERE, readGuest, repeated } from './walk.ts';
import { nameOf, type Name } from '../../xml/words.ts';

const WRAPPERS: ReadonlySet<string> = new Set(['domstatus', 'domainsnapshot', 'domaincheckpoint']);
const DOMAIN_NAMES: readonly Name[] = ['type', 'id'].map(nameOf);
const OS_TYPE_NAMES: readonly Name[] = ['arch', 'machine'].map(nameOf);

/**
 * A domain, read from its XML, or from the `<domstatus>`, `<domainsnapshot>` or `<domaincheckpoint>` around it.
 * The text is kept as it is; everything found in it is given with its place.
 *
 * @throws LibvirtXmlError for XML that is not well-formed; for a `<cpu>` libvirt would refuse: an unknown mode or
 * policy, a feature twice, features or a vendor without a model in custom mode; and for what libvirt does not read as it
 * looks: a second element where there can be one, an attribute in a namespace. TypeError for an option that there is not.
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 * @example
 * parseDomain("<domain type='kvm'><cpu mode='host-passthrough'/></domain>").cpu?.mode; // → 'host-passthrough'
 */
export function parseDomain(xml: string, options: ReadOptions = {}): Domain {
  return withTree(asText(xml, 'the domain'), optionsOf(options, READ, 'read'), readDomain);
}

function readDomain(tree: BorrowedTree): Domain {
  const root = nameAt(tree, 0);
  const index = domainIndex(tree, root);
  locate(tree, index, DOMAIN_NAMES);
  const type = locatedValue(tree, 0);
  const id = locatedValue(tree, 1);
  const { uses, devices, places } = readGuest(tree, index);
  const { name, uuid, osType, cpu, metadata } = places;
  if (osType !== NOWHERE) locate(tree, osType, OS_TYPE_NAMES);
  return {
    text: tree.text,
    root: root as Domain['root'],
    span: spanAt(tree, index),
    inactive: root === 'domainsnapshot' ? inactiveBeside(tree) : undefined,
    name: valueAt(tree, name),
    uuid: valueAt(tree, uuid),
    type,
    id,
    // An empty one counts as none, as in libvirt.
    arch: osType === NOWHERE ? undefined : locatedValue(tree, 0) || undefined,
    machine: osType === NOWHERE ? undefined : locatedValue(tree, 1) || undefined,
    osType: osType === NOWHERE ? undefined : startTagAt(tree, osType),
    emulator: uses.find(({ key }) => key === 'emulator')?.value,
    system: metadata === NOWHERE ? undefined : readSystem(tree, index, metadata),
    metadata: metadata === NOWHERE ? undefined : placeOf(tree, elementAt(tree, metadata)),
    uses,
    devices,
    commandLine: readCommandLine(tree, index),
    cpu: cpu === NOWHERE ? undefined : readCpu(tree, cpu),
  };
}

function valueAt(tree: BorrowedTree, index: number): string | undefined {
  return index === NOWHERE ? undefined : textAt(tree, index).trim() || undefined;
}

/** @see https://libvirt.org/formatsnapshot.html */
function inactiveBeside(tree: BorrowedTree): Span | undefined {
  const [inactive] = childrenNamed(tree, 0, 'inactiveDomain');
  return inactive && spanAt(tree, inactive.index);
}

function domainIndex(tree: BorrowedTree, name: string): number {
  const isForeignRoot = hasOwnNamespace(tree, 0);
  if (name === 'domain' && !isForeignRoot) return 0;
  const [inner, second] = WRAPPERS.has(name) && !isForeignRoot ? childrenNamed(tree, 0, 'domain') : [];
  if (second !== undefined) throw repeated(tree, second.index);
  if (inner !== undefined) return inner.index;
  const reason = name === 'domain' ? `<${name}> is in a namespace of its own` : `<${name}> holds no domain`;
  const hint = 'Give the output of virsh dumpxml (a <domain>).';
  throw fail(tree, reason, spanAt(tree, 0).start, hint, 'wrong-root');
}
