import type { Domain } from '../types/domain.ts';
import type { Host } from '../types/host.ts';
import { isLibvirtXmlError } from '../lib/issues/issues.ts';
import type { HostReader } from '../lib/parser/host/host.ts';
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

/** Is the first element of the text a `<domain>`? */
function isGuest(text: string): boolean {
  let rest = text.trimStart();
  for (let found = BEFORE_ROOT.exec(rest); found !== null; found = BEFORE_ROOT.exec(rest))
    rest = rest.slice(found[0].length).trimStart();
  return /^<domain[\s>]/.test(rest);
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
  const hosts = host.read(text, { file, name: withoutEnding(file), yaml });
  return { ...session, hosts: [...session.hosts, ...hosts] };
}
