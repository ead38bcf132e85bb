import type { Baseline } from '../../types/baseline.ts';
import type { Domain, DomainCpu } from '../../types/domain.ts';
import type { Issue } from '../../types/issue.ts';
import type { PlanOptions, RewriteOptions } from '../../types/options.ts';
import type { DomainPlan } from '../../types/plan.ts';
import type { Span } from '../../types/xml.ts';
import { ownCopy } from '../text/own-copy.ts';
import { positionsIn } from '../text/position.ts';
import { isRunning } from './running.ts';

/** What a plan depends on beside the pool and the text of `<cpu>`. */
type Question = Pick<Domain, 'root' | 'id' | 'type' | 'arch' | 'machine' | 'uses' | 'cpu'>;

/** What was asked, the plan, and for each of its issues the number of the place it points at, if it does. */
interface Answer extends Question {
  readonly plan: DomainPlan;
  readonly places: readonly (number | undefined)[];
  readonly isPlaced: boolean;
}

/** Options that are not about plans, or are heeded before. */
const NOT_ASKED: ReadonlySet<string> = new Set<keyof Omit<RewriteOptions, keyof PlanOptions>>([
  ...(['file', 'maxDepth', 'maxLength', 'libvirtVersion', 'record'] as const),
]);

/** Answers by the text of `<cpu>`, or the machine type where there is none, then by `numberOf` the rest. */
interface Memory {
  readonly byCpu: Map<string, Map<number, Answer>>;
  size: number;
}

/** Options, see `keyOf` → what was answered with them. */
const memories = new WeakMap<Baseline, Map<string, Memory>>();
const MOST_REMEMBERED = 2048;

/**
 * The plan of a domain. A pool's domains mostly ask one of a few questions: each is answered once, and the answer is
 * moved to where the next domain has the same things.
 */
export function plannedOnce(
  domain: Domain,
  baseline: Baseline,
  options: PlanOptions,
  plan: () => DomainPlan,
): DomainPlan {
  const memory = memoryOf(baseline, options);
  if (memory === undefined) return plan();
  const { cpu, machine = '', text } = domain;
  const key = cpu === undefined ? machine : text.slice(cpu.span.start, cpu.span.end);
  const number = numberOf(domain);
  const known = memory.byCpu.get(key)?.get(number);
  if (known !== undefined && isSame(known, domain)) return known.isPlaced ? moved(known, domain) : known.plan;
  const made = plan();
  const answer = answerOf(domain, made);
  if (answer !== undefined) remember(memory, key, number, answer);
  return made;
}

function remember(memory: Memory, key: string, number: number, answer: Answer): void {
  const { byCpu } = memory;
  if (memory.size++ >= MOST_REMEMBERED) {
    byCpu.clear();
    memory.size = 1;
  }
  byCpu.set(ownCopy(key), (byCpu.get(key) ?? new Map<number, Answer>()).set(number, answer));
}

/** A number that is the same for the same question, and mostly another for another one. */
function numberOf(question: Question): number {
  const { type = '', arch = '', machine = '', uses } = question;
  let number = (isRunning(question) ? 1 : 0) + sampled(type) * 2 + sampled(arch) * 4 + sampled(machine) * 8;
  for (const { key, value } of uses)
    number = (Math.imul(number, 31) + key.length * 128 + key.charCodeAt(1) + sampled(value)) | 0;
  return number;
}

function sampled(word: string): number {
  const { length } = word;
  return length === 0 ? 0 : (length * 64 + word.charCodeAt(0)) * 64 + word.charCodeAt(length - 1);
}

/** What was answered for this pool with these options; `undefined` where these are too many to remember. */
function memoryOf(baseline: Baseline, options: PlanOptions): Memory | undefined {
  const key = keyOf(options);
  if (key === undefined) return undefined;
  const known = memories.get(baseline)?.get(key);
  if (known !== undefined) return known;
  const memory: Memory = { byCpu: new Map(), size: 0 };
  memories.set(baseline, (memories.get(baseline) ?? new Map<string, Memory>()).set(key, memory));
  return memory;
}

/** The options in words; `undefined` where one of them is more than a word. */
function keyOf(options: PlanOptions): string | undefined {
  let key = '';
  for (const name in options) {
    const value = options[name as keyof PlanOptions];
    if (value === undefined || value === false || NOT_ASKED.has(name)) continue;
    if (typeof value === 'object') return undefined;
    key += `${name}=${value} `;
  }
  return key;
}

/** Do two domains whose `<cpu>` has the same text ask the same? */
function isSame(one: Question, other: Question): boolean {
  return (
    one.uses.length === other.uses.length &&
    one.machine === other.machine &&
    one.type === other.type &&
    one.arch === other.arch &&
    isRunning(one) === isRunning(other) &&
    haveSameUses(one.uses, other.uses) &&
    haveSameCpu(one, other)
  );
}

/** What is read of a `<cpu>` beside its children. */
const CPU_FACTS: readonly (keyof DomainCpu)[] = [
  ...(['mode', 'match', 'check', 'migratable', 'model', 'fallback'] as const),
  ...(['vendor', 'vendorId', 'cacheMode'] as const),
];

/** The text tells all, unless somebody has changed what was read of it. */
function haveSameCpu({ cpu: one }: Question, { cpu: other }: Question): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    CPU_FACTS.every((fact) => one[fact] === other[fact]) &&
    one.children.length === other.children.length &&
    one.features.length === other.features.length &&
    one.features.every(({ name, policy }, i) => {
      const feature = other.features[i];
      return name === feature?.name && policy === feature.policy;
    })
  );
}

/** Equal uses, of the same elements. */
function haveSameUses(uses: Question['uses'], others: Question['uses']): boolean {
  let before: Span | undefined;
  let otherBefore: Span | undefined;
  for (let i = 0; i < uses.length; i++) {
    const { key, value, span } = uses[i] as Question['uses'][number];
    const other = others[i] as Question['uses'][number];
    if (value !== other.value || key !== other.key) return false;
    if ((span === before) !== (other.span === otherBefore)) return false;
    before = span;
    otherBefore = other.span;
  }
  return true;
}

/** Everything in a domain that an issue may point at: as many and in the same order where the question is the same. */
function placesOf({ osType, cpu, uses }: Domain): readonly (Span | undefined)[] {
  const places: (Span | undefined)[] = [osType];
  if (cpu !== undefined) {
    places.push(cpu.span, cpu.startTag, cpu.modelSpan);
    for (const { span } of cpu.features) places.push(span);
    for (const { span } of cpu.children) places.push(span);
  }
  for (const { span } of uses) places.push(span);
  return places;
}

/** `undefined` for a plan that cannot be moved. */
function answerOf(domain: Domain, plan: DomainPlan): Answer | undefined {
  const isNew = ({ kind }: DomainPlan['shared'][number]): boolean => kind === 'add';
  if (!plan.shared.every(isNew) || !Object.values(plan.perHost).every((own) => own.every(isNew)))
    return undefined;
  const all = placesOf(domain);
  const places = plan.issues.map(({ span }) => (span === undefined ? undefined : all.indexOf(span)));
  if (places.includes(-1)) return undefined;
  const { root, id, type, arch, machine, uses, cpu } = domain;
  const isPlaced = places.some((place) => place !== undefined);
  return { root, id, type, arch, machine, uses, cpu, plan, places, isPlaced };
}

/** The plan for a domain that has the same things at other places. */
function moved({ plan, places }: Answer, domain: Domain): DomainPlan {
  const all = placesOf(domain);
  const positionOf = positionsIn(domain.text);
  const issues = plan.issues.map((issue, i): Issue => {
    const place = places[i];
    const span = place === undefined ? undefined : all[place];
    if (span === undefined) return issue;
    const copy: { -readonly [Key in keyof Issue]: Issue[Key] } = { ...issue };
    const { line, column } = positionOf(span.start);
    // Three assignments take half the time of a second spread.
    copy.span = span;
    copy.line = line;
    copy.column = column;
    return copy;
  });
  return { ...plan, issues };
}
