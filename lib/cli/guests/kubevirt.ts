import type { KubeVirtAdvice, KubeVirtGuest } from '../../../types/kubevirt.ts';
import type { CheckOptions, PlanOptions } from '../../../types/options.ts';
import type { Pool } from '../../../types/pool.ts';
import { hostList } from '../../issues/words.ts';
import { kubevirtAdvice } from '../../kubevirt.ts';
import { remembered } from '../../text/remembered.ts';
import type { KubeVirtFacts } from '../report/results.ts';
import type { Guest } from './guest.ts';
import { joinedWords, words, type Words } from '../terminal/words.ts';

/** What was worked out for guests of one CPU: most are alike. */
const known = new WeakMap<Pool, Map<string, KubeVirtAdvice>>();

/** What there is to say of a guest that is a virtual machine of KubeVirt, for programs and for people. */
export function advised(
  { manifest }: Guest,
  pool: Pool,
  { runningOn: _, ...options }: Omit<CheckOptions, 'read'>,
): { readonly facts: KubeVirtFacts; readonly words: Words } | undefined {
  if (manifest === undefined) return undefined;
  const { kind, namespace, path } = manifest.vm;
  const advice = adviceFor(manifest.vm, pool, options);
  const names = pool.baseline.hosts.map(({ name }) => name);
  return { facts: { kind, namespace, path, ...advice }, words: adviceWords(manifest.vm, advice, names) };
}

function adviceFor(vm: KubeVirtGuest, pool: Pool, options: PlanOptions): KubeVirtAdvice {
  const all = known.get(pool) ?? new Map<string, KubeVirtAdvice>();
  known.set(pool, all);
  const { model, features, topology, arch, machine } = vm;
  const key = JSON.stringify([model, features, topology, arch, machine, options]);
  return remembered(all, key, () => kubevirtAdvice(vm, pool.baseline.hosts, options));
}

/** The same for a person: blocks to paste, each with what it is for. */
function adviceWords(guest: KubeVirtGuest, advice: KubeVirtAdvice, nodes: readonly string[]): Words {
  const { features, changed, groups } = advice;
  const [largest = []] = groups;
  const able = advice.nodes;
  const others = nodes.filter((name) => !able.includes(name));
  return joinedWords([
    ...(features === undefined || !changed
      ? []
      : [
          words`  One CPU on ${hostList(able)}, in ${guest.path}.domain:\n`,
          ...block([
            'cpu:',
            `  model: ${quoted(guest.model)}`,
            '  features:',
            ...features.flatMap(({ name, policy }) => [
              `    - name: ${quoted(name)}`,
              `      policy: ${policy}`,
            ]),
          ]),
        ]),
    ...(others.length > 0 && able.length > 0
      ? [
          words`  ${hostList(others)} cannot run it; only ${hostList(able)}, in ${guest.path}:\n`,
          ...block(affinity(able)),
        ]
      : []),
    ...(able.length === 0 ? [words`  No node here can run it.\n`] : []),
    ...(groups.length > 1 && largest.length > 1
      ? [words`  As it is, among ${hostList(largest)}, in ${guest.path}:\n`, ...block(affinity(largest))]
      : []),
  ]);
}

function affinity(nodes: readonly string[]): readonly string[] {
  return [
    'affinity:',
    '  nodeAffinity:',
    '    requiredDuringSchedulingIgnoredDuringExecution:',
    '      nodeSelectorTerms:',
    '        - matchExpressions:',
    '            - key: kubernetes.io/hostname',
    '              operator: In',
    '              values:',
    ...nodes.map((name) => `                - ${quoted(name)}`),
  ];
}

function block(lines: readonly string[]): readonly Words[] {
  return lines.map((line) => words`    ${line}\n`);
}

/** A word of YAML that can mean nothing but itself. */
function quoted(text: string): string {
  return /^[a-z][\w.-]*$/i.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
