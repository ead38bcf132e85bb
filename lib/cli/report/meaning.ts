import { INCIDENTS } from '../../cpu/facts/incidents.ts';
import { meaningOf } from '../../report/rules.ts';
import { COMMAND_ERRORS } from '../command-errors.ts';
import { withoutMarks } from '../options/help.ts';
import { HOST_DOCUMENTS } from '../options/host-documents.ts';
import { definitions, wrapped } from '../options/wrap.ts';

/**
 * What `help` says of a word that is no command: a code of a finding or of an error, an incident, or "hosts".
 * Nothing of any other word.
 */
export function explanation(word: string, width: number): string {
  const lines = word === 'hosts' ? hostLines(width) : codeLines(word, width);
  return lines.map((line) => `${withoutMarks(line)}\n`).join('');
}

function hostLines(width: number): readonly string[] {
  const first =
    'What a host can be read from, by grade, the best first. What profile and fold print keeps its grade.';
  return [...wrapped(first, width), ...definitions(HOST_DOCUMENTS, width, 6)];
}

function codeLines(code: string, width: number): readonly string[] {
  const said = (meaning: string, whatToDo: string): readonly string[] => [
    ...wrapped(`${code}: ${meaning}`, width),
    ...wrapped(`What to do: ${whatToDo}`, width),
  ];
  const rule = meaningOf(code);
  return [
    ...(rule === undefined ? [] : said(rule.meaning, rule.whatToDo)),
    ...Object.entries(COMMAND_ERRORS)
      .filter(([error]) => error === code)
      .flatMap(([, why]) =>
        said(`The command cannot go on: ${why}.`, 'The message of the error names the cause.'),
      ),
    ...INCIDENTS.filter(({ id }) => id === code).flatMap(({ what, guests, cure, sources }) => [
      ...said(`${what} (${guests})`, cure),
      ...sources,
    ]),
  ];
}
