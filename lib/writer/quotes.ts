/** The quote of the first attribute in a piece of markup. */
export function quoteIn(text: string): string | undefined {
  const at = text.indexOf('=');
  const next = at === -1 ? undefined : text[at + 1];
  return next === "'" || next === '"' ? next : /=\s*(["'])/.exec(text)?.[1];
}

/** The quote used at the start of the document, up to an offset; libvirt's own where there is none. */
export function quoteBefore(text: string, offset: number): string {
  return quoteIn(text.slice(0, offset)) ?? "'";
}
