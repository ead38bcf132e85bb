import type { InputErrorCode } from '../../types/issue.ts';
import { LibvirtXmlError } from './issues.ts';

/** A caller's value, in words: `a Buffer`, `a list`, `undefined`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (ArrayBuffer.isView(value)) return value.constructor.name === 'Buffer' ? 'a Buffer' : 'a list of bytes';
  // As the language calls it, in whatever window or context it was made: `[object Map]`.
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return name === 'Object' ? 'a plain object' : `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** What to do with such a value where a text or what is read from a text was wanted; `undefined` where nobody can tell. */
export function remedyFor(value: unknown): string | undefined {
  switch (kindOf(value)) {
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
  throw notWanted('not-text', `${what} is ${kindOf(value)}, not a text`, hint);
}
