/** Gives back what it is given: the fields of a class that extends it come to be on that. */
function given(object: object): object {
  return object;
}

/** A private field nobody can copy or forge, and nothing has to be remembered to know it again. */
class Mark extends (given as unknown as new (object: object) => object) {
  readonly #kind: string;

  constructor(object: object, kind: string) {
    super(object);
    this.#kind = kind;
  }

  static isOn(value: object, kind: string): boolean {
    return #kind in value && value.#kind === kind;
  }
}

/** The same object, marked as one of a kind that was made here. */
export function asMadeHere<Made extends object>(value: Made, kind: string): Made {
  // What comes back is the object; a build may leave out what nobody takes.
  return Mark.isOn(value, kind) ? value : (new Mark(value, kind) as Made);
}

/** Is it such an object, and not what somebody else made of one? */
export function isMadeHere(value: unknown, kind: string): boolean {
  return typeof value === 'object' && value !== null && Mark.isOn(value, kind);
}
