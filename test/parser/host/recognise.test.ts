// Tries lib/parser/host/fields.ts, lib/parser/host/other.ts, lib/parser/host/paste.ts and lib/parser/host/yaml.ts
// as well.
import * as fc from 'fast-check';
import { parseHosts } from '../../../lib/parser/host/host.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import { errorOf, told } from '../../support/findings.ts';
import { capabilities, domcapabilities } from '../../support/host.ts';

const nine = { libvirtVersion: '9.0.0', name: 'a' };
const doc = domcapabilities(['avx']);
const SKIPPED = 'note input-skipped [a]';

describe('a document among lines of another kind is read, with a note', () => {
  test.each([
    ['behind a prompt', `[root@kvm1 ~]# virsh domcapabilities\n${doc}\n`],
    ['between prompts', `root@kvm1:~# virsh domcapabilities\n${doc}\n\nroot@kvm1:~# \n`],
    ['in virsh’s own shell', `virsh # domcapabilities\n${doc}\n\nvirsh # quit\n`],
    ['behind a user’s prompt', `$ virsh domcapabilities\n${doc}`],
    ['behind a warning', `warning: no such locale: xx\n${doc}`],
    ['behind an error of another command', `error: Failed to reconnect\n${doc}`],
    ['behind the prompt of PowerShell', `PS C:\\Users\\a b> ssh kvm virsh domcapabilities\n${doc}`],
    ['in a fence', `\`\`\`xml\n${doc}\n\`\`\`\n`],
    ['in a fence amid prose', `# Host A\nThis is it:\n\n~~~\n${doc}\n~~~\nIt is *good*.\n`],
    [
      'with Windows line ends',
      `C:\\> x\r\n`.replace('C:\\> x', '[a@b ~]$ virsh domcapabilities') + doc.replaceAll('><', '>\r\n<'),
    ],
    ['with a line behind it', `${doc}\n[root@kvm1 ~]# \n`],
  ])('%s', (_, text) => {
    const [host, more] = parseHosts(text, nine);
    expect(more).toBeUndefined();
    expect([host?.source, host?.features, ...told(host?.issues ?? [])]).toEqual([
      ...['domcapabilities', ['avx', 'fpu', 'pse', 'vme'], SKIPPED],
    ]);
  });

  test('both documents of a host', () => {
    const text = `# virsh capabilities\n${capabilities('u-1')}\n\n# virsh domcapabilities\n${doc}\n\n# virsh version --daemon\nUsing library: libvirt 9.0.0\nRunning hypervisor: QEMU 7.2.22\nRunning against daemon: 9.0.0\n`;
    const [host, more] = parseHosts(text, { name: 'a' });
    expect(more).toBeUndefined();
    expect(host).toMatchObject({ uuid: 'u-1', libvirtVersion: '9.0.0', qemuVersion: '7.2.22', grade: 'A' });
  });

  test('JSON too', () => {
    const text = `[root@h ~]# kubectl get node n -o json\n{\n "kind": "Node",\n "metadata": {"name": "n", "labels": {"cpu-feature.node.kubevirt.io/avx": "true"}}\n}\n[root@h ~]# `;
    const [host] = parseHosts(text, nine);
    expect([host?.source, told(host?.issues ?? []).at(-1)]).toEqual(['kubevirt', SKIPPED]);
  });

  test.each([
    ['a warning', 'Warning: v1 ComponentStatus is deprecated'],
    ['a line of a log', 'W1126 10:00:00.123456   12345 warnings.go:70] it is deprecated'],
  ])('JSON behind %s', (_, line) => {
    const text = `${line}\n{\n "kind": "Node",\n "metadata": {"name": "n", "labels": {"cpu-feature.node.kubevirt.io/avx": "true"}}\n}\n`;
    const [host] = parseHosts(text, nine);
    expect([host?.source, told(host?.issues ?? []).at(-1)]).toEqual(['kubevirt', SKIPPED]);
  });

  test('a session of qmp-shell', () => {
    const text =
      '(QEMU) query-cpu-model-expansion type=full model={"name":"host"}\n{"return": {"model": {"name": "host", "props": {"avx": true, "sse2": false}}}}\n(QEMU) \n';
    const [host] = parseHosts(text, nine);
    expect([host?.source, host?.features]).toEqual(['qmp', ['avx']]);
  });

  test('the place of an error is one in the whole text', () => {
    const broken = domcapabilities(['-warp']).replace('<feature', '\n<feature');
    const error = errorOf(() => parseHosts(`$ virsh domcapabilities\n${broken}`, nine));
    expect([error?.code, error?.line]).toEqual(['unknown-feature', 3]);
  });

  test.each([
    ['a line that is nothing of the kind', `garbage\n${doc}`, 'bad-xml', 1],
    ['a list of flags beside it', `flags\t\t: fpu vme\n${doc}`, 'bad-xml', 1],
    ['such a line behind it', `${doc}\ngarbage`, 'bad-xml', 2],
    ['a document that ends too soon', `$ virsh domcapabilities\n${doc.slice(0, -9)}`, 'bad-xml', 2],
  ])('%s is refused', (_, text, code, line) => {
    const error = errorOf(() => parseHosts(text, nine));
    expect([error?.code, error?.line]).toEqual([code, line]);
  });
});

describe('a part of domcapabilities is read, with a note', () => {
  const model =
    "<model fallback='forbid'>486</model><vendor>Intel</vendor><feature policy='require' name='avx'/>";
  const mode = `<mode name='host-model' supported='yes'>${model}</mode>`;
  const custom = "<mode name='custom' supported='yes'><model usable='yes'>486</model></mode>";

  test.each([
    ['the mode alone', mode, 'mode'],
    ['all modes', `${custom}${mode}`, 'mode'],
    ['the <cpu>', `<cpu>${mode}${custom}</cpu>`, 'cpu'],
  ])('%s', (_, text, fragment) => {
    const [host, more] = parseHosts(text, nine);
    expect(more).toBeUndefined();
    expect(host).toMatchObject({
      source: 'domcapabilities',
      grade: 'A',
      features: ['avx', 'fpu', 'pse', 'vme'],
    });
    expect(told(host?.issues ?? [])).toEqual(['note input-fragment [a]']);
    expect(JSON.stringify(host?.issues)).toContain(`"${fragment}"`);
  });

  test('what custom mode lists comes along', () => {
    expect(parseHosts(`<cpu>${mode}${custom}</cpu>`, nine)[0]?.usableModels).toEqual({ '486': 'yes' });
  });

  test.each([
    ['another mode alone', custom, 'no-cpu-model'],
    ['two host-models', `<cpu>${mode}${mode}</cpu>`, 'two-cpus'],
    ['two host-models in a whole document', doc.replace('</cpu>', `${mode}</cpu>`), 'two-cpus'],
    [
      'two CPUs in a whole document',
      doc.replace('</domainCapabilities>', `<cpu>${mode}</cpu></domainCapabilities>`),
      'two-cpus',
    ],
  ])('%s is refused', (_, text, code) => {
    expect(errorOf(() => parseHosts(text, nine))?.code).toBe(code);
  });
});

describe('what describes no host is named', () => {
  test.each([
    ['binary', 'a\0b'],
    ['HTML page', '<!DOCTYPE html>\n<html><body>login</body></html>'],
    ['HTML page', '\n<html lang="en"></html>'],
    ['kubectl describe', 'Name:               n1\nRoles:              worker\nLabels:             a=b\n'],
    ['table of nodes', 'NAME   STATUS   ROLES    AGE   VERSION\nn1     Ready    <none>   1d    v1.30\n'],
    ['object of Kubernetes', '{"apiVersion": "v1", "kind": "ConfigMap"}'],
    ['virtual machine of KubeVirt', '{"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine"}'],
    ['HTML page', '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x" "y">\n<html/>'],
    ['cpuid', 'CPU 0:\n   vendor_id = "GenuineIntel"\n   version information (1/eax):\n'],
    ['incus info --resources', 'System:\n  UUID: x\n\nCPU (x86_64):\n  Vendor: GenuineIntel\n'],
    [
      'language other than English',
      'Architektur:             x86_64\nCPU Operationsmodus:     32-bit, 64-bit\n',
    ],
    ['language other than English', '架构：                   aarch64\n'],
    ['language other than English', '架構：    x86_64\n供應商識別號：  GenuineIntel\nFlags:   fpu vme\n'],
    ['language other than English', '{"lscpu": [{"field": "Architektur:", "data": "x86_64"}]}'],
    ['without the node', '{"kubernetes.io/arch": "amd64"} {"kubernetes.io/arch": "amd64"}'],
    ['without the node', '{"name": "n1", "labels": {"cpu-feature.node.kubevirt.io/avx": "true"}}'],
    ['without the node', '    cpu-feature.node.kubevirt.io/avx=true\n    kubernetes.io/os=linux\n'],
    ['not installed', '-bash: virsh: command not found\n'],
    ['onehost show', 'HOST 0 INFORMATION\nKVM_CPU_MODEL="486"\n'],
    ['table of OpenStack', '+---+\n| hypervisor_hostname | h1 |\n+---+\n'],
    ['virt-migratable itself', '{"schemaVersion": 1, "command": "diff"}'],
    ['CPU map', '{"version": "9.0.0", "vendors": {}, "features": [], "models": []}'],
    ['pvesh', '┌──────┐\n│ name │\n└──────┘\n'],
    ['qemu -cpu help', 'Available CPUs:\nx86 486                   (alias configured by machine type)\n'],
    ['virsh cpu-models', '486\nPenryn\nHaswell\n'],
    ['error message of virsh', "error: failed to get domain 'g'\n"],
    [
      'virsh nodeinfo',
      'CPU model:           x86_64\nCPU(s):              4\nCPU frequency:       2400 MHz\n',
    ],
    ['virsh version', 'Compiled against library: libvirt 9.0.0\nUsing library: libvirt 9.0.0\n'],
    ['virt-host-validate', '  QEMU: Checking for hardware virtualization : PASS\n'],
    ['virt-launcher', '{"component": "virt-launcher", "level": "info", "msg": "x"}'],
    ['log of virt-manager', '[Mon, 01 Jan 2024 virt-manager 4242] DEBUG (cli:204) x\n'],
  ])('%s', (name, text) => {
    const error = errorOf(() => parseHosts(text, nine));
    expect([error?.code, error?.line, error?.column]).toEqual(['not-a-host', 1, 1]);
    expect(error?.reason).toContain(name);
    expect(error?.hint).toMatch(/Give|unpack|Correct/);
  });

  test.each([
    ['a domain', '<domain><cpu mode="host-passthrough"/></domain>', 'wrong-root', 'a domain'],
    ['a domain without a CPU', '<domain/>', 'wrong-root', 'a domain'],
    ['an HTML page', '<!-- x --><html/>', 'wrong-root', 'an HTML page'],
    ['a snapshot', '<domainsnapshot/>', 'wrong-root', 'a snapshot'],
    ['something else', '<x/>', 'wrong-root', '<x> describes no host'],
    ['nothing known', 'hello world\n', 'unknown-format', 'neither XML nor JSON'],
    ['other JSON', '{"a": 1}', 'no-cpu-model', 'no CPU model'],
  ])('%s', (_, text, code, words) => {
    const error = errorOf(() => parseHosts(text, nine));
    expect([error?.code, error?.reason.includes(words)]).toEqual([code, true]);
  });
});

describe('YAML', () => {
  const text = 'kind: Node\nmetadata:\n  name: n1\n';
  const value = {
    kind: 'Node',
    metadata: { name: 'n1', labels: { 'cpu-feature.node.kubevirt.io/avx': 'true' } },
  };

  test('is refused without a reader', () => {
    const error = errorOf(() => parseHosts(text, nine));
    expect([error?.code, error?.hint?.includes('-o json')]).toEqual(['bad-yaml', true]);
  });

  test.each<[string, unknown]>([
    ['objects', value],
    ['maps', new Map(Object.entries(value))],
  ])('is read as %s', (_, document) => {
    const [host] = parseHosts(text, { ...nine, yaml: () => [document] });
    expect([host?.name, host?.source, host?.features]).toEqual(['a', 'kubevirt', ['avx']]);
  });

  test.each<[string, () => readonly unknown[], string, number]>([
    [
      'an error of the reader has its place',
      () => {
        throw Object.assign(new Error('bad indentation\nmore'), { pos: [11, 12] });
      },
      'bad-yaml',
      2,
    ],
    [
      'any other error',
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- whatever a reader throws
        throw 'no';
      },
      'bad-yaml',
      1,
    ],
    ['nothing in it', () => [], 'empty-document', 1],
    ['too deep', () => [[[[1]]]], 'too-deep', 1],
  ])('%s', (_, yaml, code, line) => {
    const options: ParseHostOptions = { ...nine, yaml, maxDepth: 2 };
    const error = errorOf(() => parseHosts(text, options));
    expect([error?.code, error?.line]).toEqual([code, line]);
  });
});

test('any text is hosts or an input error', () => {
  const lines = fc.constantFrom(
    ...[
      'processor : 0',
      'flags : fpu',
      'Architecture: x86_64',
      'kind: Node',
      '{',
      '}',
      '[',
      ']',
      '```',
      '$ virsh x',
    ],
    ...[
      '<cpu>',
      '</cpu>',
      '<mode',
      '<domainCapabilities>',
      '<!-- x -->',
      'error: x',
      '486',
      '\0',
      '"a": 1',
      '',
    ],
  );
  const text = fc.array(fc.oneof(lines, fc.string()), { maxLength: 8 }).map((parts) => parts.join('\n'));
  fc.assert(
    fc.property(text, (given) => {
      const error = errorOf(() => parseHosts(given, { yaml: () => [null] }));
      expect([undefined, 'string']).toContain(typeof error?.code === 'string' ? 'string' : undefined);
    }),
    { numRuns: 500 },
  );
});
