import type { JsonDocument, JsonValue } from '../json.ts';
import { refuse, type Reading } from './listed.ts';

const MAX_DEPTH = 256;

/**
 * The documents of a YAML text, by the reader that the caller brings: this library does without one, because nobody who
 * gives it JSON should have to load or ship a YAML parser.
 *
 * @throws LibvirtXmlError `bad-yaml` where there is no reader, or the reader does not take the text.
 */
export function readYaml(reading: Reading): readonly JsonDocument[] {
  const { text, options } = reading;
  const { yaml, maxDepth = MAX_DEPTH } = options;
  if (yaml === undefined) {
    const hint = 'Give JSON instead ("-o json"), or a reader of YAML as the option "yaml".';
    throw refuse(reading, 'bad-yaml', 'this is YAML, and no reader of YAML was given', hint);
  }
  const documents = attempt(reading, () => yaml(text));
  return documents.map((value) => ({ value: jsonOf(value, { ...reading, maxDepth }), start: 0 }));
}

function attempt(reading: Reading, read: () => readonly unknown[]): readonly unknown[] {
  try {
    return read();
  } catch (error) {
    const position: unknown = error instanceof Error && 'pos' in error ? error.pos : undefined;
    const start: unknown = Array.isArray(position) ? position[0] : undefined;
    const place = { ...reading, start: typeof start === 'number' ? start : 0 };
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    // The place is said in front, as everywhere.
    const reason = line.replace(/ at line \d+, column \d+:?$/, '');
    throw refuse(place, 'bad-yaml', `this is no YAML: ${reason}`, 'Give the output as it was printed.');
  }
}

/** A value of YAML in the form this library's own reader of JSON gives: objects as maps. */
function jsonOf(value: unknown, reading: Reading & { readonly maxDepth: number }, depth = 0): JsonValue {
  if (depth > reading.maxDepth)
    throw refuse(reading, 'too-deep', `values are nested deeper than ${reading.maxDepth}`, RAISE);
  if (Array.isArray(value)) return value.map((item) => jsonOf(item, reading, depth + 1));
  if (typeof value === 'object' && value !== null) {
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    return new Map(
      entries.map(([key, inner]: readonly [unknown, unknown]) => [
        String(key),
        jsonOf(inner, reading, depth + 1),
      ]),
    );
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

const RAISE = 'Raise the limit (--max-depth, --max-length) if you trust the document.';
