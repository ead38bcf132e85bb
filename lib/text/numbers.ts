/** A list of whole numbers below 2^31 that grows: four bytes each, where an array takes eight and is copied by every collection. */
export interface Numbers {
  values: Int32Array;
  length: number;
}

/** An empty list. */
export function newNumbers(): Numbers {
  return { values: new Int32Array(64), length: 0 };
}

/** Adds a number at the end. */
export function addNumber(numbers: Numbers, value: number): void {
  if (numbers.length === numbers.values.length) {
    const more = new Int32Array(2 * numbers.length);
    more.set(numbers.values);
    numbers.values = more;
  }
  numbers.values[numbers.length++] = value;
}
