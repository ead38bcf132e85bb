import type { CpuMode, DomainCpu, DomainFeature, FeaturePolicy } from '../../../types/domain.ts';
import type { InputErrorCode } from '../../../types/issue.ts';
import type { Span } from '../../../types/xml.ts';
import { FEATURE_NAME, POLICIES } from '../../cpu/names.ts';
import { LibvirtXmlError } from '../../issues/issues.ts';
import { memory } from '../../text/memory.ts';
import { ownCopy } from '../../text/own-copy.ts';
import {
  attributesOf,
  childrenOf,
  elementAt,
  hasOwnNamespace,
  spanAt,
  type XmlAttribute,
  type XmlElement,
} from '../../xml/query.ts';
import { NODE, type XmlTree } from '../../xml/scanner.ts';
import { readValues, type XmlValue } from '../../xml/values.ts';

const MODES: ReadonlySet<string> = new Set(['custom', 'host-model', 'host-passthrough', 'maximum']);
const MATCHES: ReadonlySet<string> = new Set(['minimum', 'exact', 'strict']);
const CHECKS: ReadonlySet<string> = new Set(['none', 'partial', 'full', 'default']);
const SWITCHES: ReadonlySet<string> = new Set(['on', 'off']);

/** Where a problem would be shown. */
export interface Context {
  readonly tree: XmlTree;
  readonly file: string | undefined;
}

/** The guests of a cluster mostly have one of a few CPUs: each is read once, and then only moved to its place. */
const remembered = memory<DomainCpu>(512, 1 << 14);

/** The `<cpu>` at an index of the tree. */
export function readCpu(context: Context, index: number): DomainCpu {
  const { text, nodes } = context.tree;
  const start = nodes[index] as number;
  const cpu = remembered(text.slice(start, nodes[index + NODE.end]), () => readAnew(context, index));
  return moved(cpu, start - cpu.span.start);
}

/** The same CPU at another offset. */
function moved(cpu: DomainCpu, by: number): DomainCpu {
  if (by === 0) return cpu;
  const { span, startTag, contentEnd, modelSpan, features, children } = cpu;
  return {
    ...cpu,
    span: shifted(span, by),
    startTag: shifted(startTag, by),
    contentEnd: contentEnd + by,
    modelSpan: modelSpan && shifted(modelSpan, by),
    features: features.map((feature) => movedFeature(feature, by)),
    children: children.map((child) => ({ name: child.name, span: shifted(child.span, by) })),
  };
}

function movedFeature(
  { name, policy, span, policyValue, nameAttribute }: DomainFeature,
  by: number,
): DomainFeature {
  return {
    name,
    policy,
    span: shifted(span, by),
    policyValue: policyValue && shifted(policyValue, by),
    nameAttribute: shifted(nameAttribute, by),
  };
}

function shifted({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

function readAnew(context: Context, index: number): DomainCpu {
  const { tree } = context;
  const element = elementAt(tree, index);
  const all = childrenOf(tree, index);
  const children = all.filter((child) => !hasOwnNamespace(tree, child.index));
  const attributes = attributesOf(tree, element);
  const choose = (name: string, allowed: ReadonlySet<string>): string | undefined =>
    oneOf(context, element, attributeNamed(attributes, name)?.value, name, allowed);
  const childNamed = (name: string): XmlElement | undefined => children.find((child) => child.name === name);
  const modelElement = childNamed('model');
  const model = valuesOf(tree, modelElement);
  const cpu: DomainCpu = {
    span: spanAt(tree, index),
    startTag: element.startTag,
    contentEnd: element.contentEnd,
    mode: (choose('mode', MODES) ?? 'custom') as CpuMode,
    match: (choose('match', MATCHES) ?? 'exact') as DomainCpu['match'],
    check: choose('check', CHECKS) as DomainCpu['check'],
    migratable: choose('migratable', SWITCHES) as DomainCpu['migratable'],
    model: model?.text || undefined,
    modelSpan: modelElement && spanAt(tree, modelElement.index),
    fallback: model?.attributes.get('fallback'),
    vendor: valuesOf(tree, childNamed('vendor'))?.text || undefined,
    vendorId: model?.attributes.get('vendor_id'),
    cacheMode: valuesOf(tree, childNamed('cache'))?.attributes.get('mode'),
    features: readFeatures(context, children),
    children: all.map((child) => ({ name: ownCopy(child.name), span: spanAt(tree, child.index) })),
  };
  refuseWithoutModel(context, element, cpu);
  return cpu;
}

function attributeNamed(attributes: readonly XmlAttribute[], name: string): XmlAttribute | undefined {
  return attributes.find((attribute) => attribute.name === name);
}

function valuesOf({ text }: XmlTree, element: XmlElement | undefined): XmlValue | undefined {
  return element && readValues(text.slice(element.start, element.end));
}

function readFeatures(context: Context, children: readonly XmlElement[]): readonly DomainFeature[] {
  const features: DomainFeature[] = [];
  const seen = new Set<string>();
  for (const child of children) {
    if (child.name !== 'feature') continue;
    const feature = readFeature(context, child);
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

function readFeature(context: Context, element: XmlElement): DomainFeature {
  const attributes = attributesOf(context.tree, element);
  const nameAttribute = attributeNamed(attributes, 'name');
  const name = nameAttribute?.value ?? '';
  if (!FEATURE_NAME.test(name))
    throw fail(
      context,
      element,
      'bad-feature-name',
      `"${name}" cannot be the name of a CPU feature`,
      'Names have letters, digits, "-", "_" and "." only.',
    );
  const policy = attributeNamed(attributes, 'policy');
  return {
    name,
    policy: (oneOf(context, element, policy?.value, 'policy', POLICIES) ?? 'require') as FeaturePolicy,
    span: spanAt(context.tree, element.index),
    policyValue: policy?.valueSpan,
    nameAttribute: spanOf(nameAttribute ?? element),
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

/** The error for a problem at an element. */
export function fail(
  { tree, file }: Context,
  element: Span,
  code: InputErrorCode,
  reason: string,
  hint: string,
): LibvirtXmlError {
  return new LibvirtXmlError(code, reason, { text: tree.text, offset: element.start, file, hint });
}
