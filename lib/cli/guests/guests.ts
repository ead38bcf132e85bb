import { basename } from 'node:path';
import type { IssuePlace } from '../../../types/issue.ts';
import type { KubeVirtGuest } from '../../../types/kubevirt.ts';
import type { ReadOptions } from '../../../types/options.ts';
import type { Edit } from '../../../types/xml.ts';
import { isLibvirtXmlError, LibvirtXmlError, placed } from '../../issues/issues.ts';
import { domainTexts } from '../../parser/domain/several.ts';
import type { TextFile } from '../files/read.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { limits } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { contentOf, mayHoldGuest, type GuestFile } from './files.ts';
import type { Guest } from './guest.ts';
import { guestsInManifest, isManifest } from './manifests.ts';

/** The guests that a file holds: domains, or virtual machines of KubeVirt. @throws LibvirtXmlError for several that are not well-formed */
export function guestsIn(file: TextFile, args: Arguments): readonly Guest[] {
  return isManifest(file.text) ? guestsInManifest(file, args) : guestsInXml(file, args);
}

/** The guests of a file; none where it was only found, and holds something else. */
export function guestsFound(file: GuestFile, args: Arguments, terminal: Terminal): readonly Guest[] {
  const content = contentOf(file, terminal);
  return mayHoldGuest(file, content.text) ? guestsIn(content, args) : [];
}

/** The domains that a file of XML holds. @throws LibvirtXmlError for several that are not well-formed */
export function guestsInXml(file: TextFile, args: Arguments): readonly Guest[] {
  const texts = domainTexts(file.text, readingOf({ file }, args));
  return texts.map((one, i) => ({ ...one, file, number: texts.length === 1 ? undefined : i + 1 }));
}

export function readingOf({ file }: Pick<Guest, 'file'>, args: Arguments): ReadOptions {
  return { ...limits(args), file: file.path };
}

/** Another text in place of a guest, in its file. */
export function inItsPlace({ start, text }: Guest, instead: string): Edit {
  return { start, end: start + text.length, text: instead };
}

/** What a guest is called among many: its file, and its name where that is another, or one of several. */
export function labelOf({ file, number, manifest }: Guest, stated: string | undefined): string {
  const name = manifest === undefined ? stated : nameOf(manifest.vm);
  if (number !== undefined) return `${file.path} (${name ?? `number ${number}`})`;
  const isSame =
    name === undefined || basename(file.path).replace(/\.\w+$/, '') === name || file.path === name;
  return isSame ? file.path : `${file.path} (${name})`;
}

function nameOf({ namespace, name }: KubeVirtGuest): string | undefined {
  return namespace === undefined || name === undefined ? name : `${namespace}/${name}`;
}

/** The same findings, placed in the whole file. */
export function inFile<One extends IssuePlace>(all: readonly One[], guest: Guest): readonly One[] {
  // A machine of KubeVirt that names no machine type gets KubeVirt's default, and not libvirt's.
  if (guest.manifest !== undefined) return all.filter((found) => !('unstated' in found)).map(withoutPlace);
  return guest.start === 0 ? all : all.map((found) => behind(guest, found));
}

function behind<One extends IssuePlace>(guest: Guest, found: One): One {
  const { span, line, column } = found;
  if (span === undefined || line === undefined || column === undefined) return found;
  const place = {
    line: line + guest.line - 1,
    column: line === 1 ? column + guest.column - 1 : column,
  };
  return placed(found, { start: span.start + guest.start, end: span.end + guest.start }, place);
}

function withoutPlace<One extends IssuePlace>(found: One): One {
  const { span: _, line: __, column: ___, ...rest } = found;
  return rest as One;
}

/** The same error, placed in the whole file. */
export function errorInFile(error: unknown, { file, start, manifest }: Guest): unknown {
  if (!isLibvirtXmlError(error) || (start === 0 && manifest === undefined)) return error;
  const { code, reason, hint } = error;
  const offset = manifest?.offset ?? error.offset + start;
  return new LibvirtXmlError(code, reason, { text: file.text, offset, file: file.path, hint });
}
