/** What stands around a document in a paste. */
export type Skipped = 'shell-prompt' | 'code-fence' | 'message' | 'text';

/** A paste without what stands around its documents. */
export interface Paste {
  /** As long as the paste, so that places in it stay right: what was left out is blanks. */
  readonly text: string;
  /** What was left out, each kind once. */
  readonly skipped: readonly Skipped[];
  /** The lines that were left out. */
  readonly outside: string;
  /** Offset of the first line that is nothing of what stands around documents; Markdown may have any beside its fences. */
  readonly strange: number | undefined;
}

/** Where a document of libvirt begins: at its line's beginning. */
const ELEMENT = /^[ \t]*<(domainCapabilities|capabilities|cpudata|cpu|mode|domain)(?=[\s>/])/gm;
/** The first line of a captured host. */
const MARK = /^<\?virt-migratable [^?\n]*\?>/gm;
const JSON_BEGINS = /^[ \t]*(?:\{[ \t\r]*(?:["}].*)?$|\[[ \t\r]*(?:[\]"{].*)?$)/m;

/** What a line outside of documents is; the first that fits. */
const LINES: readonly (readonly [RegExp, Skipped])[] = [
  [/^\s*(?:```|~~~)/, 'code-fence'],
  [
    /^\s*(?:\[[^\]]{1,99}\]|\(?[\w.-]{1,64}@[^#$%>]{1,99}|virsh|sh-[\d.]+|bash-[\d.]+|(?:PS )?[A-Z]:\\[^>]{0,99})\s?[#$%>](?:\s|$)/,
    'shell-prompt',
  ],
  [/^\s*(?:[$#%>]|\(QEMU\))\s/, 'shell-prompt'],
  [/^\s*(?:error|warning|info|libvirt|virsh|setlocale|Disclaimer)\b.{0,99}:/i, 'message'],
  // What kubectl and other programs in Go log.
  [/^[IWEF]\d{4} [\d:.]+ +\d+ [\w.-]+:\d+\] /, 'message'],
  [
    /^(?:Compiled against library|Using library|Using API|Running hypervisor|Running against daemon): /,
    'message',
  ],
];

/**
 * The documents of a text that holds other lines too: a shell's prompt with the command, warnings, the fences of Markdown.
 * `undefined` for a text without any document.
 */
export function documentsInPaste(text: string): Paste | undefined {
  const spans = elementSpans(text);
  return spans.length > 0 ? keptSpans(text, spans) : jsonInPaste(text);
}

type Range = readonly [start: number, end: number];

/** Each document from its tag to the end of it; one that does not end reaches to the end of the text, for the scan to say so. */
function elementSpans(text: string): readonly Range[] {
  const marks = [...text.matchAll(MARK)].map(({ index, 0: mark }): Range => [index, index + mark.length]);
  const spans: Range[] = [];
  for (const found of text.matchAll(ELEMENT)) {
    const [before, name = ''] = found;
    if (found.index < (spans.at(-1)?.[1] ?? 0)) continue;
    const start = found.index + before.length - name.length - 1;
    spans.push([start, endOf(text, start, name)]);
  }
  const outside = marks.filter(([at]) => spans.every(([start, end]) => at < start || at >= end));
  return spans.length === 0 ? [] : [...outside, ...spans].sort(([a], [b]) => a - b);
}

function endOf(text: string, start: number, name: string): number {
  const tagEnd = text.indexOf('>', start);
  if (tagEnd === -1) return text.length;
  if (text[tagEnd - 1] === '/') return tagEnd + 1;
  const close = `</${name}>`;
  const end = text.indexOf(close, tagEnd);
  return end === -1 ? text.length : end + close.length;
}

/** JSON reaches from its first bracket to the last line that ends with one. */
function jsonInPaste(text: string): Paste | undefined {
  const found = JSON_BEGINS.exec(text);
  if (found === null) return undefined;
  const lines = text.slice(found.index).split('\n');
  const last = lines.findLastIndex((line) => /[}\]]$/.test(line.trimEnd()));
  const end = found.index + lines.slice(0, last + 1).join('\n').length;
  return last === -1 ? undefined : keptSpans(text, [[found.index, end]]);
}

function keptSpans(text: string, spans: readonly Range[]): Paste {
  const skipped = new Set<Skipped>();
  let [kept, outside, done] = ['', '', 0];
  let strange: number | undefined;
  for (const [start, end] of [...spans, [text.length, text.length] as const]) {
    let at = done;
    for (const line of text.slice(done, start).split('\n')) {
      const kind = kindOf(line);
      if (kind !== undefined) skipped.add(kind);
      if (kind === 'text') strange ??= at;
      at += line.length + 1;
    }
    outside += `${text.slice(done, start)}\n`;
    kept += text.slice(done, start).replaceAll(/[^\n\r]/g, ' ') + text.slice(start, end);
    done = end;
  }
  const isFenced = skipped.has('code-fence');
  return { text: kept, skipped: [...skipped], outside, strange: isFenced ? undefined : strange };
}

/** Is this line a message of some program? */
export function isMessage(line: string): boolean {
  return LINES.find(([pattern]) => pattern.test(line))?.[1] === 'message';
}

/** What a line outside of documents is; nothing, where it is blank or markup that says nothing. */
function kindOf(line: string): Skipped | undefined {
  const start = line.trimStart();
  if (start === '' || start.startsWith('<?xml ') || /^<!--.*-->\s*$/.test(start)) return undefined;
  return LINES.find(([pattern]) => pattern.test(line))?.[1] ?? 'text';
}
