/** @throws TypeError for a name that is no option of this call */
export function checkOptions(options: object, names: readonly string[]): void {
  for (const name in options) {
    if (!names.includes(name))
      throw new TypeError(`there is no option "${name}": the options are ${names.join(', ')}`);
  }
}
