import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { qemuCpuArgument } from '../../lib/diff/qemu-argument.ts';
import { isLibvirtXmlError } from '../../lib/issues/issues.ts';
import { parseCpuMap } from '../../lib/parser/cpu-map.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import type { Domain } from '../../types/domain.ts';
import { describeUnless, kvmObstacle, obstacle } from './support/requirements.ts';
import { EMULATOR, startRig, type Rig, virsh } from './support/rig.ts';

/** What libvirt puts into the argument of `-cpu` by itself, or from elsewhere in the domain, and we leave out. */
const ADDED: readonly (readonly [item: RegExp, reason: string])[] = [
  [/^(?:hv-|kvm|pmu=|tsc-frequency=)/, 'from <features>, <clock> and <pm>, not from <cpu>'],
  [/^migratable=on$/, 'the default of host-passthrough, which libvirt writes when it stores a domain'],
  [/^(?:host-phys-bits|phys-bits)=/, 'from <maxphysaddr>, which is no feature'],
  [/^(?:host-cache-info|l3-cache)=/, 'from <cache>, which is no feature'],
];

/** What we say and libvirt leaves out. */
const LEFT_OUT: readonly (readonly [item: RegExp, reason: string])[] = [
  [/^pconfig=off$/, 'QEMU has no such property; libvirt drops what it need not turn off'],
];

/** CPUs of every kind, with every policy and with names that QEMU spells in another way. */
const CPUS: readonly string[] = [
  "<cpu mode='host-passthrough'/>",
  "<cpu mode='host-passthrough' migratable='on'><feature policy='disable' name='lahf_lm'/></cpu>",
  "<cpu mode='host-passthrough' migratable='off'><feature policy='forbid' name='sse4.1'/></cpu>",
  "<cpu mode='host-passthrough'><feature policy='optional' name='avx'/><feature policy='disable' name='osxsave'/></cpu>",
  "<cpu mode='maximum'/>",
  "<cpu mode='maximum' migratable='on'><feature policy='disable' name='clwb'/><feature policy='disable' name='adx'/></cpu>",
  "<cpu mode='maximum'><feature policy='require' name='pclmuldq'/><feature name='ds_cpl'/></cpu>",
  '<cpu><model>Nehalem</model></cpu>',
  "<cpu mode='custom' match='exact'><model fallback='allow'>Penryn</model><feature policy='force' name='nx'/></cpu>",
  "<cpu match='exact'><model vendor_id='MigratableOK'>qemu64</model><feature policy='disable' name='tsc_adjust'/></cpu>",
  "<cpu match='exact'><model>EPYC</model><feature policy='disable' name='fxsr_opt'/></cpu>",
  "<cpu match='exact'><model>Opteron_G3</model><feature policy='disable' name='cmp_legacy'/></cpu>",
];

const CORPUS = join(__dirname, '../../../shared/conformance/data/domains');

/** A guest with this CPU and nothing that could keep libvirt from starting it. */
function domain(type: string, body: string): string {
  return `<domain type='${type}'>
  <name>guest</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  ${body}
  <devices><emulator>${EMULATOR}</emulator></devices>
</domain>
`;
}

/** What x86 domains of the corpus say of their CPUs, each once. Topology is left out: it needs as many vCPUs. */
function corpus(): readonly string[] {
  const files = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.xml'),
  );
  const bodies = files.flatMap((name) => {
    const text = readFileSync(join(CORPUS, name), 'utf8');
    const read = parsed(text);
    if (read?.cpu === undefined || !['x86_64', 'i686'].includes(read.arch ?? '')) return [];
    const cpu = text.slice(read.cpu.span.start, read.cpu.span.end);
    const rest = ['features', 'clock'].map((part) => elementNamed(text, part));
    return [lenient(cpu) + rest.join('')];
  });
  return [...new Set(bodies)];
}

function elementNamed(text: string, name: string): string {
  return new RegExp(`<${name}(?:\\s[^>]*)?(?:/>|>[\\s\\S]*?</${name}>)`).exec(text)?.[0] ?? '';
}

/** The same CPU where the host is not asked whether it has it, and without what needs more than one vCPU. */
function lenient(cpu: string): string {
  return cpu
    .replace(/<topology[^>]*\/>/, '')
    .replace(/<numa>[\s\S]*<\/numa>/, '')
    .replace(/^(<cpu[^>]*?)\scheck=(?:"\w*"|'\w*')/, '$1')
    .replace(/^<cpu\s(?=[^>]*(?:mode|match)=)/, "<cpu check='none' ");
}

function parsed(text: string): Domain | undefined {
  try {
    return parseDomain(text);
  } catch (error) {
    if (isLibvirtXmlError(error)) return undefined;
    throw error;
  }
}

describeUnless(obstacle(), 'the argument of -cpu', () => {
  let rig: Rig;
  const directory = '/usr/share/libvirt/cpu_map';
  const map = parseCpuMap(
    Object.fromEntries(
      readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
    ),
    'installed',
  );
  beforeAll(async () => {
    rig = await startRig([{}, {}]);
  });
  afterAll(async () => {
    await rig.stop();
  });

  /** The argument with which libvirt would start the domain, part by part; nothing where it refuses to. */
  function libvirtArgument(xml: string): readonly string[] | undefined {
    const path = join(rig.directory, 'argument.xml');
    writeFileSync(path, xml);
    const { code, out } = virsh(rig.a, 'domxml-to-native', 'qemu-argv', path);
    return code === 0 ? / -cpu '?([^' ]*)/.exec(out)?.[1]?.split(',') : undefined;
  }

  /** What libvirt says that we do not, and the reverse, beside what has a reason. */
  function difference(xml: string): object | 'refused' | 'the host decides' | undefined {
    const read = parsed(xml);
    const [theirs, ours] = [libvirtArgument(xml), read && qemuCpuArgument(read)?.split(',')];
    if (theirs === undefined || read === undefined) return 'refused';
    if (ours === undefined) return 'the host decides';
    const removed = map.models.find(({ name }) => name === read.cpu?.model)?.removed ?? [];
    const undecided = read.cpu?.features.filter(({ policy }) => policy === 'optional') ?? [];
    const excused = [...removed.map((name) => `${name}=off`)];
    const more = theirs.filter((item) => !ours.includes(item) && !ADDED.some(([like]) => like.test(item)));
    const added = more.filter(
      (item) => !excused.includes(item) && !undecided.some(({ name }) => item.startsWith(`${name}=`)),
    );
    const missing = ours.filter(
      (item) => !theirs.includes(item) && !LEFT_OUT.some(([like]) => like.test(item)),
    );
    const shared = theirs.filter((item) => ours.includes(item));
    const inOrder = shared.join() === ours.filter((item) => theirs.includes(item)).join();
    return added.length + missing.length === 0 && inOrder ? undefined : { xml, ours, theirs };
  }

  test.each(CPUS)('of %s is what libvirt would start QEMU with', (cpu) => {
    const type = cpu.includes('host-passthrough') && kvmObstacle() === undefined ? 'kvm' : 'qemu';
    const found = difference(domain(type, cpu));
    expect(found).toBe(type === 'qemu' && cpu.includes('host-passthrough') ? 'refused' : undefined);
  });

  const absence = existsSync(CORPUS) ? undefined : 'the conformance data is not beside this checkout';
  describeUnless(absence, 'over the corpus', () => {
    test('is what libvirt would start QEMU with', () => {
      const types = kvmObstacle() === undefined ? ['kvm', 'qemu'] : ['qemu'];
      const results = corpus().flatMap((body) => types.map((type) => difference(domain(type, body))));
      const count = (what: string | undefined): number => results.filter((result) => result === what).length;
      expect(results.filter((result) => typeof result === 'object')).toEqual([]);
      expect(count(undefined)).toBeGreaterThan(50 * types.length);
      const [refused, open] = [count('refused'), count('the host decides')];
      console.log(
        `${count(undefined)} arguments are the same; libvirt refuses ${refused}, the host decides ${open}`,
      );
    });
  });
});
