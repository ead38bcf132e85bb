/** Architectures that libvirt's x86 driver serves. */
export const X86: ReadonlySet<string> = new Set(['x86_64', 'i686']);

/** Is it x86, of which libvirt has a map of features and models, for all that is known? */
export function isX86({ arch }: { readonly arch: string | undefined }): boolean {
  return arch === undefined || X86.has(arch);
}

/** Architectures of POWER: a CPU has a level, and no features a guest could be denied one by one. */
export const PPC64: ReadonlySet<string> = new Set(['ppc64', 'ppc64le']);

/** The only names libvirt's ARM driver takes in a domain: SVE, its vector lengths, pointer authentication. */
export const ARM_FEATURE: RegExp = /^(?:sve\d*|pauth)$/;

/** The bits of an SVE vector length; `undefined` for any other name. */
export function vectorLength(name: string): number | undefined {
  return numberBy(/^sve(\d+)$/, name);
}

/** The number in a POWER level (`power9`, `POWER9`), for comparison; `undefined` for another name. */
export function powerLevel(model: string): number | undefined {
  return numberBy(/^power(\d+)\b/i, model);
}

function numberBy(pattern: RegExp, name: string): number | undefined {
  const digits = pattern.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Names of s390x machines and their generation, as QEMU counts them (target/s390x/cpu_models.c). */
const S390X_GENERATIONS: readonly (readonly [RegExp, number])[] = [
  [/^z(?:8|9)00\b/, 7],
  [/^z(?:8|9)90\b/, 8],
  [/^z9(?:EC|BC)\b/, 9],
  [/^z10(?:EC|BC)\b/, 10],
  [/^z(?:196|114)\b/, 11],
  [/^z(?:EC|BC)12\b/, 12],
  [/^z13s?\b/, 13],
  [/^z14(?:ZR1)?\b/, 14],
];

/** The generation of a named s390x machine, in half steps for its later editions; `undefined` for another name. */
export function s390xGeneration(model: string): number | undefined {
  const edition = (numberBy(/\.(\d)/, model) ?? 1) / 10;
  const named = S390X_GENERATIONS.find(([pattern]) => pattern.test(model))?.[1];
  const generation = named ?? numberBy(/^gen(\d+)[a-z]\b/, model);
  return generation === undefined ? undefined : generation + edition;
}

/** Kubernetes' names of architectures that libvirt calls otherwise. */
const KUBERNETES_NAMES: ReadonlyMap<string, string> = new Map([
  ['amd64', 'x86_64'],
  ['arm64', 'aarch64'],
]);

/** What libvirt calls an architecture of Kubernetes, which is amd64 where none is stated. */
export function archOfKubernetes(name = 'amd64'): string {
  return KUBERNETES_NAMES.get(name) ?? name;
}
