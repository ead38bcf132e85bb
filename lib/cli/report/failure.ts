import packageJson from '../../../package.json' with { type: 'json' };
import { isLibvirtXmlError, type LibvirtXmlError } from '../../issues/issues.ts';
import { CommandError, isSystemError, systemReason, type CommandErrorCode } from '../errors.ts';
import { wantsFacts } from '../options/settings.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { joinedWords, styled, wordLines, words, type Words } from '../terminal/words.ts';
import { json } from './json.ts';
import type { ErrorResult } from './results.ts';
import { hintInCommandWords } from '../../report/wording.ts';

/** What stopped the command: its exit code, and the error for people and for programs. */
export interface Failure {
  readonly code: 2 | 70;
  readonly words: (label: Words, fit: (line: Words) => Words) => Words;
  readonly facts: ErrorResult['error'];
}

/**
 * Reports what was thrown, as JSON too where the command line asks for it, and returns the exit code: 2 for what the
 * user, the input or the system is the cause of, 70 for a bug of ours.
 */
export function reportFailure(error: unknown, line: readonly string[], terminal: Terminal): 2 | 70 {
  const failure = failureOf(error);
  try {
    if (wantsFacts(line)) terminal.data(json({ error: failure.facts }));
  } catch {
    // Standard output may be what failed.
  }
  tellFailure(failure, terminal);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  if (failure.code === 70) for (const place of stack.split('\n').slice(1)) terminal.detail(words`${place}\n`);
  return failure.code;
}

/** Tells people what was thrown. */
export function tellFailure(failure: Failure, { err, colour, messageWidth }: Terminal): void {
  err(failure.words(styled('error', 'red', colour.err), (line) => fitted(line, messageWidth())));
}

/** What was thrown, as it is reported. */
export function failureOf(error: unknown): Failure {
  if (isLibvirtXmlError(error)) return unreadableDocument(error);
  if (error instanceof CommandError) return refusal(error, error.code, error.details);
  if (isSystemError(error)) {
    const { path, syscall = '' } = error;
    const what = path === undefined ? syscall : `${syscall} ${path}`;
    return refusal(new Error(`${what}: ${systemReason(error)}`), 'system');
  }
  return bug(error);
}

/** `file:line:column: error: reason`, as compilers and editors know it, then the line and what to do. */
function unreadableDocument(error: LibvirtXmlError): Failure {
  const { code, reason, file, line, column, excerpt } = error;
  const hint = hintInCommandWords(error);
  return {
    code: 2,
    words: (label, fit) =>
      joinedWords([
        fit(words`${file ?? '<input>'}:${line}:${column}: ${label}: ${reason}\n`),
        wordLines(excerpt === '' ? [] : excerpt.split('\n')),
        fit(wordLines(hint === undefined ? [] : [hint])),
      ]),
    facts: { code, message: reason, file, line, column, excerpt, hint },
  };
}

function refusal({ message }: Error, code: CommandErrorCode, details: readonly string[] = []): Failure {
  return {
    code: 2,
    words: (label, fit) => joinedWords([fit(words`${label}: ${message}\n`), wordLines(details)]),
    facts: { code, message, ...(details.length > 0 && { details }) },
  };
}

function bug(error: unknown): Failure {
  const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const message = `virt-migratable ${packageJson.version} has a bug: ${told}; please report it with this command line and its input`;
  return {
    code: 70,
    words: (label, fit) => fit(words`${label}: ${message}\n`),
    facts: { code: 'internal', message },
  };
}
