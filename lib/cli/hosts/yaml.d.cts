/** The documents of a YAML text; objects are maps. @throws with `pos`, the offsets of what is wrong */
export function readYaml(text: string): readonly unknown[];
