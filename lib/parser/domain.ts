import type { CpuMode, Domain, DomainCpu, DomainFeature, FeaturePolicy } from '../../types/domain.ts';
import type { InputErrorCode } from '../../types/issue.ts';
import type { ReadOptions } from '../../types/options.ts';
import type { Span } from '../../types/xml.ts';
import { FEATURE_NAME, POLICIES } from '../cpu/names.ts';
import { LibvirtXmlError } from '../issues.ts';
import {
  attributesOf,
  childrenNamed,
  childrenOf,
  descend,
  elementAt,
  hasOwnNamespace,
  textAt,
  type XmlAttribute,
  type XmlElement,
} from '../xml/query.ts';
import { scanXml } from '../xml/scan.ts';
import type { XmlTree } from '../xml/scanner.ts';
import { isForeign, readValues, type XmlValue } from '../xml/values.ts';
import { readUses } from './guest-uses.ts';

const WRAPPERS: ReadonlySet<string> = new Set(['domstatus', 'domainsnapshot', 'domaincheckpoint']);
const MODES: ReadonlySet<string> = new Set(['custom', 'host-model', 'host-passthrough', 'maximum']);
const MATCHES: ReadonlySet<string> = new Set(['minimum', 'exact', 'strict']);
const CHECKS: ReadonlySet<string> = new Set(['none', 'partial', 'full', 'default']);
const SWITCHES: ReadonlySet<string> = new Set(['on', 'off']);

/** Where a problem would be shown. */
interface Context {
  readonly tree: XmlTree;
  readonly file: string | undefined;
}

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
  const tree = scanXml(xml, { ...options, borrowed: true });
  const context = { tree, file: options.file };
  const root = elementAt(tree, 0);
  const element = domainElement(context, root);
  const own = attributesOf(tree, element);
  const osType = descend(tree, element.index, 'os', 'type');
  const os = osType === undefined ? [] : attributesOf(tree, osType);
  const cpu = cpuElement(context, element);
  const uses = readUses(tree, element.index);
  return {
    text: xml,
    root: root.name as Domain['root'],
    span: spanOf(element),
    name: textAt(tree, element, 'name'),
    uuid: textAt(tree, element, 'uuid'),
    type: valueOf(own, 'type'),
    id: valueOf(own, 'id'),
    arch: valueOf(os, 'arch'),
    machine: valueOf(os, 'machine'),
    osType: osType?.startTag,
    emulator: uses.find(({ key }) => key === 'emulator')?.value,
    uses,
    cpu: cpu === undefined ? undefined : readCpu(context, cpu),
  };
}

function valueOf(attributes: readonly XmlAttribute[], name: string): string | undefined {
  return attributes.find((attribute) => attribute.name === name)?.value;
}

function domainElement(context: Context, root: XmlElement): XmlElement {
  const { tree } = context;
  const isForeignRoot = hasOwnNamespace(tree, root);
  if (root.name === 'domain' && !isForeignRoot) return root;
  const inner =
    WRAPPERS.has(root.name) && !isForeignRoot ? childrenNamed(tree, root.index, 'domain')[0] : undefined;
  if (inner !== undefined) return inner;
  const reason =
    root.name === 'domain' ? `<${root.name}> is in a namespace of its own` : `<${root.name}> holds no domain`;
  throw fail(context, root, 'wrong-root', reason, 'Give the output of virsh dumpxml (a <domain>).');
}

function cpuElement(context: Context, domain: XmlElement): XmlElement | undefined {
  const [first, second] = childrenNamed(context.tree, domain.index, 'cpu');
  if (second === undefined) return first;
  throw fail(
    context,
    second,
    'two-cpus',
    'the domain has a second <cpu>',
    'Keep one of them: libvirt ignores the others.',
  );
}

function readCpu(context: Context, element: XmlElement): DomainCpu {
  const { tree } = context;
  const values = readValues(tree.text.slice(element.start, element.end));
  const children = childrenOf(tree, element.index);
  const model = childValue(values, 'model');
  const choose = (name: string, allowed: ReadonlySet<string>): string | undefined =>
    oneOf(context, element, values.attributes.get(name), name, allowed);
  const cpu: DomainCpu = {
    span: spanOf(element),
    startTag: element.startTag,
    contentEnd: element.contentEnd,
    mode: (choose('mode', MODES) ?? 'custom') as CpuMode,
    match: (choose('match', MATCHES) ?? 'exact') as DomainCpu['match'],
    check: choose('check', CHECKS) as DomainCpu['check'],
    migratable: choose('migratable', SWITCHES) as DomainCpu['migratable'],
    model: model?.text || undefined,
    modelSpan: spanOfChild(children, values, model),
    fallback: model?.attributes.get('fallback'),
    vendor: childValue(values, 'vendor')?.text || undefined,
    vendorId: model?.attributes.get('vendor_id'),
    cacheMode: childValue(values, 'cache')?.attributes.get('mode'),
    features: readFeatures(context, children, values),
    children: children.map((child) => ({ name: child.name, span: spanOf(child) })),
  };
  refuseWithoutModel(context, element, cpu);
  return cpu;
}

function childValue(values: XmlValue, name: string): XmlValue | undefined {
  return values.children.find((child) => child.name === name && !isForeign(child));
}

function spanOfChild(
  children: readonly XmlElement[],
  values: XmlValue,
  child: XmlValue | undefined,
): Span | undefined {
  const place = child === undefined ? undefined : children[values.children.indexOf(child)];
  return place === undefined ? undefined : spanOf(place);
}

/** Scan and parser list the same child elements in the same order: the one has the places, the other the values. */
function readFeatures(
  context: Context,
  children: readonly XmlElement[],
  values: XmlValue,
): readonly DomainFeature[] {
  const features: DomainFeature[] = [];
  const seen = new Set<string>();
  for (const [i, child] of children.entries()) {
    const value = values.children[i];
    if (value?.name !== child.name) {
      throw fail(
        context,
        child,
        'bad-xml',
        'this name is not accepted',
        'Rename it: it holds a kind of blank.',
      );
    }
    if (child.name !== 'feature' || isForeign(value)) continue;
    const feature = readFeature(context, child, value);
    if (seen.has(feature.name))
      throw fail(
        context,
        child,
        'duplicate-feature',
        `the CPU feature "${feature.name}" is given twice`,
        'Keep one of the lines.',
      );
    seen.add(feature.name);
    features.push(feature);
  }
  return features;
}

function readFeature(context: Context, element: XmlElement, value: XmlValue): DomainFeature {
  const name = value.attributes.get('name') ?? '';
  if (!FEATURE_NAME.test(name))
    throw fail(
      context,
      element,
      'bad-feature-name',
      `"${name}" cannot be the name of a CPU feature`,
      'Names have letters, digits, "-", "_" and "." only.',
    );
  const policy = oneOf(context, element, value.attributes.get('policy'), 'policy', POLICIES) ?? 'require';
  const attributes = attributesOf(context.tree, element);
  return {
    name,
    policy: policy as FeaturePolicy,
    span: spanOf(element),
    policyValue: attributes.find((attribute) => attribute.name === 'policy')?.valueSpan,
    nameAttribute: spanOf(attributes.find((attribute) => attribute.name === 'name') ?? element),
  };
}

function oneOf(
  context: Context,
  element: XmlElement,
  value: string | undefined,
  name: string,
  allowed: ReadonlySet<string>,
): string | undefined {
  if (value === undefined || allowed.has(value)) return value;
  throw fail(
    context,
    element,
    'invalid-value',
    `"${value}" is no ${name} libvirt knows`,
    `Write one of ${[...allowed].join(', ')}.`,
  );
}

/** libvirt refuses what would hang in the air: features or a vendor without a model, in custom mode. */
function refuseWithoutModel(context: Context, element: XmlElement, cpu: DomainCpu): void {
  if (cpu.model !== undefined) return;
  if (cpu.vendor !== undefined)
    throw fail(
      context,
      element,
      'no-cpu-model',
      'this <cpu> names a vendor and no model',
      'Add <model>, or remove <vendor>.',
    );
  if (cpu.mode !== 'custom' || cpu.features.length === 0) return;
  throw fail(
    context,
    element,
    'no-cpu-model',
    'this <cpu> lists features and no model',
    "Add <model>, or mode='host-passthrough'.",
  );
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

function fail(
  { tree, file }: Context,
  element: Span,
  code: InputErrorCode,
  reason: string,
  hint: string,
): LibvirtXmlError {
  return new LibvirtXmlError(code, reason, { text: tree.text, offset: element.start, file, hint });
}
