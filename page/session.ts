import type { Domain } from '../types/domain.ts';
import type { Host } from '../types/host.ts';
import { isLibvirtXmlError } from '../lib/issues/issues.ts';
import type { HostReader } from '../lib/parser/host/host.ts';
import { renamedHost } from '../lib/parser/host/xml.ts';
import { withoutEnding } from '../lib/text/ending.ts';

/** A file that was given, or a text that was pasted. */
export interface GivenFile {
  readonly name: string;
  readonly text: string;
  /** Why it is no text. */
  readonly problem?: string;
}

/** A guest that was given; `domain` is read when first asked for. */
export interface GivenGuest {
  readonly file: string;
  readonly text: string;
  readonly domain: Domain;
}

/** What cannot be read, and why. */
export interface Problem {
  readonly file: string;
  readonly reason: string;
}

/** All that was given so far. */
export interface Session {
  readonly hosts: readonly Host[];
  readonly guests: readonly GivenGuest[];
  readonly problems: readonly Problem[];
}

/** Nothing yet. */
export const EMPTY: Session = { hosts: [], guests: [], problems: [] };

/** How to read what is given. */
export interface Readers {
  readonly host: HostReader;
  readonly yaml: (text: string) => readonly unknown[];
  /** Loads what reads guests. */
  readonly domain: () => Promise<(text: string, options: { readonly file: string }) => Domain>;
}

/** What may stand before the root of a document: an instruction, or a comment. */
const BEFORE_ROOT = /^(?:<\?[\s\S]*?\?>|<!--[\s\S]*?-->)/;

/** What is there with one more file. One that is given again takes the place of what it was. */
export async function withFile(before: Session, given: GivenFile, readers: Readers): Promise<Session> {
  const session = withoutFile(before, given.name);
  if (given.problem !== undefined) return withProblem(session, given.name, given.problem);
  try {
    return isGuest(given.text)
      ? await withGuest(session, given, readers)
      : withHosts(session, given, readers);
  } catch (error) {
    if (!isLibvirtXmlError(error) && !(error instanceof RangeError)) throw error;
    return withProblem(session, given.name, error.message);
  }
}

function withProblem(session: Session, file: string, reason: string): Session {
  return { ...session, problems: [...session.problems, { file, reason }] };
}

/** Is the first element of the text a `<domain>`, or one of those that libvirt puts around it? */
function isGuest(text: string): boolean {
  let rest = text.trimStart();
  for (let found = BEFORE_ROOT.exec(rest); found !== null; found = BEFORE_ROOT.exec(rest))
    rest = rest.slice(found[0].length).trimStart();
  return /^<(?:domain(?:snapshot|checkpoint)?|domstatus)[\s>]/.test(rest);
}

function withoutFile({ hosts, guests, problems }: Session, name: string): Session {
  return {
    hosts: hosts.filter(({ file }) => file !== name),
    guests: guests.filter(({ file }) => file !== name),
    problems: problems.filter(({ file }) => file !== name),
  };
}

async function withGuest(
  session: Session,
  { name: file, text }: GivenFile,
  { domain }: Readers,
): Promise<Session> {
  const read = await domain();
  return { ...session, guests: [...session.guests, { file, text, domain: read(text, { file }) }] };
}

function withHosts(session: Session, { name: file, text }: GivenFile, { host, yaml }: Readers): Session {
  const name = withoutEnding(file.replace(/^.*\//, ''));
  const taken = new Set(session.hosts.map(keyOf));
  const hosts = host.read(text, { file, name, yaml }).map((one) => {
    const rest = one.name === name ? '' : `/${one.name}`;
    const named = toldApart(one, taken, [withoutEnding(file) + rest, file + rest]);
    taken.add(keyOf(named));
    return named;
  });
  return { ...session, hosts: [...session.hosts, ...hosts] };
}

/** Documents of one kind are of two machines, whatever they are called; those of two kinds may be of one. */
function keyOf({ name, source }: Pick<Host, 'name' | 'source'>): string {
  return `${source} ${name}`;
}

/** The host by its name, or by the first of these that is free. */
function toldApart(host: Host, taken: ReadonlySet<string>, others: readonly string[]): Host {
  const { source } = host;
  const name = [host.name, ...others].find((one) => !taken.has(keyOf({ name: one, source })));
  return name === undefined || name === host.name ? host : renamedHost(host, name);
}
