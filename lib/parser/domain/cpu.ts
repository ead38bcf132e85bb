import type {
  CpuMode,
  CpuTopology,
  DomainChild,
  DomainCpu,
  DomainFeature,
  FeaturePolicy,
} from '../../../types/domain.ts';
import type { InputErrorCode } from '../../../types/issue.ts';
import { FEATURE_NAME, POLICIES } from '../../cpu/names.ts';
import {
  isNamed,
  locate,
  locatedCount,
  locatedSpan,
  locatedValue,
  locatedValueSpan,
  textAt,
} from '../../xml/bytes.ts';
import { hasOwnNamespace, nameAt, spanAt, startTagAt } from '../../xml/query.ts';
import { fail, CLOSE_START, NEXT, NODE_SIZE, type BorrowedTree } from '../../xml/tree.ts';
import { nameOf, type Name } from '../../xml/words.ts';
import { NOWHERE } from './walk.ts';

const MODES: ReadonlySet<string> = new Set(['custom', 'host-model', 'host-passthrough', 'maximum']);
const MATCHES: ReadonlySet<string> = new Set(['minimum', 'exact', 'strict']);
const CHECKS: ReadonlySet<string> = new Set(['none', 'partial', 'full', 'default']);
const SWITCHES: ReadonlySet<string> = new Set(['on', 'off']);
const FALLBACKS: ReadonlySet<string> = new Set(['allow', 'forbid']);
const CACHE_MODES: ReadonlySet<string> = new Set(['emulate', 'passthrough', 'disable']);

const CPU_NAMES: readonly Name[] = ['mode', 'match', 'check', 'migratable'].map(nameOf);
const FEATURE_NAMES: readonly Name[] = ['name', 'policy'].map(nameOf);
const MODEL_NAMES: readonly Name[] = ['fallback', 'vendor_id'].map(nameOf);
const CACHE_NAMES: readonly Name[] = ['mode'].map(nameOf);
const TOPOLOGY_NAMES: readonly Name[] = ['sockets', 'dies', 'clusters', 'cores', 'threads'].map(nameOf);

/** Children that are read. Of all but the first kind libvirt reads one. */
const CHILDREN = ['feature', 'model', 'vendor', 'cache', 'topology', 'maxphysaddr'] as const;
const CHILD_NAMES: readonly Name[] = CHILDREN.map(nameOf);
const FEATURE = 0;

/** What is found among the children of a `<cpu>`. */
interface Children {
  readonly features: DomainFeature[];
  readonly children: DomainChild[];
  /** For each of `CHILDREN` the index of the one there is. */
  readonly single: number[];
}

/** The `<cpu>` at an index of the tree. */
export function readCpu(tree: BorrowedTree, index: number): DomainCpu {
  locate(tree, index, CPU_NAMES);
  const mode = (oneOf(tree, index, 0, MODES) ?? 'custom') as CpuMode;
  const match = (oneOf(tree, index, 1, MATCHES) ?? 'exact') as DomainCpu['match'];
  const check = oneOf(tree, index, 2, CHECKS) as DomainCpu['check'];
  const migratable = oneOf(tree, index, 3, SWITCHES) as DomainCpu['migratable'];
  const { features, children, single } = readChildren(tree, index);
  const [, model = NOWHERE, vendor = NOWHERE, cache = NOWHERE, topology = NOWHERE] = single;
  const cpu: DomainCpu = {
    span: spanAt(tree, index),
    startTag: startTagAt(tree, index),
    contentEnd: tree.nodes[index + CLOSE_START] as number,
    mode,
    match,
    check,
    migratable,
    model: textIn(tree, model),
    modelSpan: model === NOWHERE ? undefined : spanAt(tree, model),
    fallback: attributeIn(tree, model, MODEL_NAMES, 0, FALLBACKS),
    vendor: textIn(tree, vendor),
    vendorId: attributeIn(tree, model, MODEL_NAMES, 1),
    cacheMode: attributeIn(tree, cache, CACHE_NAMES, 0, CACHE_MODES),
    topology: topology === NOWHERE ? undefined : readTopology(tree, topology),
    features,
    children,
  };
  refuseWithoutModel(tree, cpu);
  return cpu;
}

function readChildren(tree: BorrowedTree, index: number): Children {
  const { nodes } = tree;
  const features: DomainFeature[] = [];
  const children: DomainChild[] = [];
  const single = CHILDREN.map(() => NOWHERE);
  const last = nodes[index + NEXT] as number;
  let seen: Set<string> | undefined;
  for (let i = index + NODE_SIZE; i < last; i = nodes[i + NEXT] as number) {
    const kind = kindAt(tree, i);
    const name = CHILDREN[kind] ?? nameAt(tree, i);
    children.push({ name, span: spanAt(tree, i) });
    if (kind === NOWHERE || hasOwnNamespace(tree, i)) continue;
    if (kind === FEATURE) features.push(readFeature(tree, i, (seen ??= new Set())));
    else if (single[kind] !== NOWHERE) throw twice(tree, i, name);
    single[kind] = i;
  }
  return { features, children, single };
}

/** Which of `CHILDREN` the element at an index is; -1 for another. */
function kindAt(tree: BorrowedTree, index: number): number {
  for (let kind = 0; kind < CHILD_NAMES.length; kind++) {
    if (isNamed(tree, index, CHILD_NAMES[kind] as Name)) return kind;
  }
  return NOWHERE;
}

function twice(tree: BorrowedTree, index: number, name: string): Error {
  const hint = 'Keep one of them: libvirt reads one only.';
  return failAt(tree, index, `this <cpu> has a second <${name}>`, hint, 'repeated-element');
}

function textIn(tree: BorrowedTree, index: number): string | undefined {
  return index === NOWHERE ? undefined : textAt(tree, index) || undefined;
}

function attributeIn(
  tree: BorrowedTree,
  index: number,
  names: readonly Name[],
  k: number,
  allowed?: ReadonlySet<string>,
): string | undefined {
  if (index === NOWHERE) return undefined;
  locate(tree, index, names);
  return allowed === undefined ? locatedValue(tree, k) : oneOf(tree, index, k, allowed);
}

function readTopology(tree: BorrowedTree, index: number): CpuTopology {
  locate(tree, index, TOPOLOGY_NAMES);
  return {
    sockets: countOf(tree, index, 0),
    dies: countOf(tree, index, 1),
    clusters: countOf(tree, index, 2),
    cores: countOf(tree, index, 3),
    threads: countOf(tree, index, 4),
    span: spanAt(tree, index),
  };
}

function countOf(tree: BorrowedTree, index: number, k: number): number {
  const count = locatedCount(tree, k) ?? 1;
  if (!Number.isNaN(count)) return count;
  const reason = `"${locatedValue(tree, k) ?? ''}" is no number of CPUs`;
  throw failAt(tree, index, reason, 'Write a whole number.', 'invalid-value');
}

function readFeature(tree: BorrowedTree, index: number, seen: Set<string>): DomainFeature {
  locate(tree, index, FEATURE_NAMES);
  const name = locatedValue(tree, 0) ?? '';
  if (!FEATURE_NAME.test(name)) {
    const hint = 'Names have letters, digits, "-", "_" and "." only.';
    throw failAt(tree, index, `"${name}" cannot be the name of a CPU feature`, hint, 'bad-feature-name');
  }
  if (seen.has(name)) {
    const reason = `the CPU feature "${name}" is given twice`;
    throw failAt(tree, index, reason, 'Keep one of the lines.', 'duplicate-feature');
  }
  seen.add(name);
  const span = spanAt(tree, index);
  return {
    name,
    policy: (oneOf(tree, index, 1, POLICIES) ?? 'require') as FeaturePolicy,
    span,
    policyValue: locatedValueSpan(tree, 1),
    nameAttribute: locatedSpan(tree, 0) ?? span,
  };
}

/** The k-th attribute that was located, one of these values if it is there. */
function oneOf(
  tree: BorrowedTree,
  index: number,
  k: number,
  allowed: ReadonlySet<string>,
): string | undefined {
  const value = locatedValue(tree, k);
  if (value === undefined || allowed.has(value)) return value;
  const span = locatedSpan(tree, k);
  const name = tree.text.slice(span?.start, span?.end).replace(/\s*=[\s\S]*/, '');
  const hint = `Write one of ${[...allowed].join(', ')}.`;
  throw failAt(tree, index, `"${value}" is no ${name} libvirt knows`, hint, 'invalid-value');
}

/** libvirt refuses what would hang in the air: features or a vendor without a model, in custom mode. */
function refuseWithoutModel(tree: BorrowedTree, { model, vendor, mode, features, span }: DomainCpu): void {
  if (model !== undefined) return;
  if (vendor !== undefined) {
    const reason = 'this <cpu> names a vendor and no model';
    throw fail(tree, reason, span.start, 'Add <model>, or remove <vendor>.', 'no-cpu-model');
  }
  if (mode !== 'custom' || features.length === 0) return;
  const hint = "Add <model>, or mode='host-passthrough'.";
  throw fail(tree, 'this <cpu> lists features and no model', span.start, hint, 'no-cpu-model');
}

function failAt(
  tree: BorrowedTree,
  index: number,
  reason: string,
  hint: string,
  code: InputErrorCode,
): Error {
  return fail(tree, reason, tree.nodes[index] as number, hint, code);
}
