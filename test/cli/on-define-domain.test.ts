import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { domain, folder, HOSTS, off, run, SHARED, text, type RunOptions } from './run.ts';

const VMI = JSON.stringify({ kind: 'VirtualMachineInstance', metadata: { name: 'web', namespace: 'shop' } });

/** As KubeVirt's shim calls it. */
function call(
  cwd: string,
  xml: string,
  words: readonly string[],
  options?: RunOptions,
): ReturnType<typeof run> {
  return run(cwd, ['on-define-domain', ...words, '--vmi', VMI, '--domain', xml], options);
}

/** A directory of hosts, as a mounted ConfigMap looks: links, and what they lead to in a hidden folder. */
function mounted(): string {
  const cwd = folder();
  mkdirSync(join(cwd, 'pool/..data'), { recursive: true });
  for (const name of ['kvm-a.xml', 'kvm-b.xml']) {
    renameSync(join(cwd, name), join(cwd, 'pool/..data', name));
    symlinkSync(join('..data', name), join(cwd, 'pool', name));
  }
  return cwd;
}

test('prints the complete XML with what not all hosts have turned off', () => {
  const { code, out, err } = call(folder(), domain(), HOSTS);
  expect({ code, out }).toEqual({ code: 0, out: SHARED });
  expect(err).toBe('<domain of shop/web>: disabled: clflushopt, clwb, lahf_lm\n');
});

test('prints it also when nothing has to change', () => {
  expect(call(folder(), SHARED, HOSTS)).toMatchObject({ code: 0, out: SHARED });
  const plain = domain().replace(/ *<cpu.*\n/, '');
  expect(call(folder(), plain, HOSTS)).toMatchObject({ code: 1, out: '' });
});

test('takes the hosts from a directory, said or in the environment', () => {
  const cwd = mounted();
  const version = ['--libvirt-version', '9.0.0'];
  expect(call(cwd, domain(), ['--hosts', 'pool', ...version])).toMatchObject({ code: 0, out: SHARED });
  const env = { VIRT_MIGRATABLE_HOSTS: 'pool' };
  expect(call(cwd, domain(), version, { env })).toMatchObject({ code: 0, out: SHARED });
});

test.each<[string, string, readonly string[], number, string]>([
  [
    'a domain that requires what a host lacks',
    domain(off('clwb').replace('disable', 'require')),
    HOSTS,
    1,
    'clwb',
  ],
  [
    'XML that cannot be read',
    '<domain>',
    HOSTS,
    2,
    '<domain of shop/web>:1:1: error: <domain> is never closed',
  ],
  ['no pool', domain(), ['--hosts', 'nowhere'], 2, 'cannot read nowhere'],
  ['an empty pool', domain(), ['--hosts', '/proc/self/fdinfo'], 2, 'no host found in'],
  ['one host', domain(), ['--host', 'kvm-a.xml'], 2, 'at least two hosts'],
  ['a word too many', domain(), [...HOSTS, 'x'], 2, 'unexpected argument "x"'],
])('fails, and prints nothing, for %s', (_, xml, words, code, said) => {
  expect(call(folder(), xml, words)).toEqual({ code, out: '', err: text(said) });
});

test.each([
  [['--domain', domain()], '--vmi JSON and --domain XML are both needed'],
  [['--vmi', VMI], '--vmi JSON and --domain XML are both needed'],
  [['--vmi', '{', '--domain', domain()], '--vmi is no JSON'],
])('needs both: %s', (words, said) => {
  expect(run(folder(), ['on-define-domain', ...HOSTS, ...words])).toEqual({
    code: 2,
    out: '',
    err: text(said),
  });
});
