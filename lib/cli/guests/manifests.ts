import type { KubeVirtGuest } from '../../../types/kubevirt.ts';
import { isLibvirtXmlError, LibvirtXmlError } from '../../issues/issues.ts';
import { kubevirtDomain, kubevirtGuests } from '../../parser/domain/kubevirt.ts';
import { looksLikeJson, readJson } from '../../parser/json.ts';
import { positionsIn } from '../../text/position.ts';
import type { TextFile } from '../files/read.ts';
import { readYaml } from '../hosts/yaml.cjs';
import { limits } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import type { Guest } from './guest.ts';

/** A text that is YAML: its first line that says anything is a key, or begins a document. */
const YAML = /^\ufeff?(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?:---|%YAML |(?:- )?["']?[A-Za-z]\w*["']?:(?:\s|$))/;

/** What stands above a domain that was copied with its command, and begins as a list of JSON does. */
const PROMPT = /^\s*\[\w+@/;

/** May this text hold virtual machines of KubeVirt? */
export function isManifest(text: string): boolean {
  if (text.startsWith('<') || PROMPT.test(text)) return false;
  return looksLikeJson(text) || YAML.test(text);
}

/** The virtual machines of a text. @throws LibvirtXmlError for what is neither JSON nor YAML, and where it holds none */
export function guestsInManifest(file: TextFile, args: Arguments): readonly Guest[] {
  const { text, path } = file;
  const documents = looksLikeJson(text)
    ? readJson(text, { ...limits(args), file: path }).map(({ value }) => value)
    : documentsOf(file);
  const all = machinesIn(documents, file);
  if (all.length === 0) throw noGuest(file);
  const places = namesIn(text);
  const positionOf = positionsIn(text);
  return all.map((vm, i): Guest => {
    const offset = places.get(vm.name ?? '') ?? 0;
    const number = all.length === 1 ? undefined : i + 1;
    return {
      file,
      number,
      start: 0,
      manifest: { vm, offset },
      ...positionOf(offset),
      // Read where it is needed: one that cannot be told is no reason to leave the others out.
      get text() {
        return kubevirtDomain(vm);
      },
    };
  });
}

/** @throws LibvirtXmlError that names the file, for a CPU that KubeVirt would refuse */
function machinesIn(documents: readonly unknown[], { text, path: file }: TextFile): readonly KubeVirtGuest[] {
  try {
    return documents.flatMap((one) => kubevirtGuests(one));
  } catch (error) {
    if (!isLibvirtXmlError(error)) throw error;
    const { code, reason, hint } = error;
    throw new LibvirtXmlError(code, reason, { text, offset: 0, file, hint });
  }
}

function noGuest({ text, path: file }: TextFile): LibvirtXmlError {
  const hint =
    'Give a VirtualMachine or VirtualMachineInstance (kubectl get vm NAME -o yaml), or a <domain>.';
  return new LibvirtXmlError('wrong-root', 'this holds no virtual machine', { text, offset: 0, file, hint });
}

function documentsOf({ text, path: file }: TextFile): readonly unknown[] {
  try {
    return readYaml(text);
  } catch (error) {
    const { message, pos = [0] } = error as Error & { readonly pos?: readonly number[] };
    const hint = 'Give the output of kubectl get -o yaml as it was printed.';
    const place = { text, offset: pos[0] ?? 0, file, hint };
    throw new LibvirtXmlError('bad-yaml', `this is no YAML: ${message}`, place);
  }
}

/** Where each name is given first: readers of YAML tell no places. */
function namesIn(text: string): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  let at = 0;
  for (const line of text.split('\n')) {
    const [found, value = ''] = /\bname["']?:[ \t]*["']?([^\s"',{}[\]]+)/.exec(line) ?? [];
    if (found !== undefined && !places.has(value))
      places.set(value, at + line.length - line.trimStart().length);
    at += line.length + 1;
  }
  return places;
}
