/** The documents of a YAML text; objects are maps. @throws with `pos`, the offsets of what is wrong */
export function readYaml(text: string): readonly unknown[];
/** A value of JSON as a YAML text. */
export function writeYaml(value: unknown): string;
