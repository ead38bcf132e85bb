/** The reader of YAML: a part of the page that is evaluated when the first YAML comes. */
declare module '#yaml' {
  export const readYaml: (text: string) => readonly unknown[];
}
