import { packagePath } from '#package-files';
import { scriptsFrom } from '../files/scripts.ts';

/** The program of a gate, and the files that it was made of. */
export interface Program {
  readonly text: string;
  readonly from: readonly string[];
}

/** Each script is a method, and runs when another asks for it. What is none of them is a module of Node.js. */
const LOADER = `const made = {};
const load = (path) => {
  const name = path.replace(/^.*\\//, '');
  if (!Object.hasOwn(scripts, name)) return require(path);
  if (made[name] === undefined) {
    const module = (made[name] = { exports: {} });
    scripts[name](module.exports, load, module);
  }
  return made[name].exports;
};
load('hook.cjs');
`;

/** What a script calls another of this package; CPU maps, which no verdict reads, stand elsewhere. */
const BESIDE = /^\.\.?\/[\w-]+\.cjs$/;

/**
 * One file that gives verdicts and needs no other: what this package answers libvirt with, from the files that the command
 * runs itself. In them, nothing that a verdict needs asks for more than that (`fileFor` in scripts/build.mjs).
 */
export function gateProgram(): Program {
  const scripts = [...scriptsFrom('hook.cjs', (asked) => (BESIDE.test(asked) ? asked : undefined))];
  const methods = scripts.map(
    ([name, { code }]) => `${JSON.stringify(name)}(exports, require, module) {${code}\n}`,
  );
  return {
    text: `'use strict';\nconst scripts = {${methods.join(',\n')}};\n${LOADER}`,
    from: scripts.map(([, { path }]) => packagePath(path)),
  };
}
