/** Is a value read from JSON an object with keys? */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Is it a list of texts, and of nothing else? */
export function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && Array.from(value).every((name) => typeof name === 'string');
}
