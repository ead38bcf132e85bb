import type { InputErrorCode } from '../../types/issue.ts';
import { valueKind } from '../text/value-kind.ts';
import { LibvirtXmlError } from './issues.ts';

/** What to do with such a value where a text or what is read from a text was wanted; `undefined` where nobody can tell. */
export function remedyFor(value: unknown): string | undefined {
  switch (valueKind(value)) {
    case 'a Buffer':
      return "Give its text: buffer.toString('utf8').";
    case 'a list of bytes':
      return 'Give its text: new TextDecoder().decode(bytes).';
    case 'a Promise':
      return 'Await it.';
    default:
      return undefined;
  }
}

/** The error for a value that is not what a function takes, whatever the types of its caller say. */
export function notWanted(code: InputErrorCode, reason: string, hint: string): LibvirtXmlError {
  return new LibvirtXmlError(code, reason, { text: '', offset: 0, hint });
}

/** The text that a function was given. @throws LibvirtXmlError `not-text` for anything else */
export function asText(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  const hint = remedyFor(value) ?? 'Give a text, as libvirt printed it.';
  throw notWanted('not-text', `${what} is ${valueKind(value)}, not a text`, hint);
}

/** The list that a function was given, as it is now. @throws TypeError for anything else */
export function asList<Item>(value: readonly Item[], what: string): readonly Item[] {
  const given: unknown = value;
  if (Array.isArray(given)) return Array.from(value);
  throw new TypeError(`${what} cannot be ${valueKind(value)}: give a list`);
}

/** @throws TypeError for what is no object */
export function asObject<Given>(value: Given, what: string): Given {
  if (typeof value === 'object' && value !== null) return value;
  throw new TypeError(`${what} cannot be ${valueKind(value)}: give an object`);
}

/** What another function made, told by the lists in it. @throws TypeError for anything else; `hint` says who makes it */
export function asMade<Made>(value: Made, what: string, lists: readonly (keyof Made)[], hint: string): Made {
  if (typeof value === 'object' && value !== null && lists.every((name) => Array.isArray(value[name])))
    return value;
  throw new TypeError(`${what} cannot be ${valueKind(value)}: ${hint}`);
}
