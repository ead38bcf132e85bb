/** A caller's value, in words: `a Buffer`, `a list`, `undefined`. */
export function valueKind(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (ArrayBuffer.isView(value)) return value.constructor.name === 'Buffer' ? 'a Buffer' : 'a list of bytes';
  // As the language calls it, in whatever window or context it was made: `[object Map]`.
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return name === 'Object' ? 'a plain object' : `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** A value that should be a name, in words: `"kvm-a"`, `a number`. */
export function nameOrKind(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : valueKind(value);
}
