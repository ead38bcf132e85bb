/**
 * How the program that the script runs says its verdict. None of them is 0 or 1: those are how Node.js ends where it
 * is given an empty file, or none.
 */
export const PASS = 10;
export const REFUSE = 11;
