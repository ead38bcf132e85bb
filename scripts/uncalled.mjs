// A copy of a package without what is never called: xmlbuilder2 is a whole DOM, and a few lines of XML need a third of it.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Session } from 'node:inspector/promises';
import { parseAst } from 'rollup/parseAst';

const require = createRequire(import.meta.url);
const FUNCTION = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
/** V8 counts the name of a method to its function; ESTree begins behind it. */
const LONGEST_HEAD = 60;

/**
 * The code of a CommonJS module, written to `path`, without every method, and without the body of every other function,
 * that `work`, called with what the module exports, does not enter. `work` must do all that the copy is for: a test
 * holds the copy to the package.
 */
export async function withoutUncalled(path, code, work) {
  writeFileSync(path, code);
  const called = await callsOf(path, work);
  const cuts = [];
  const walk = (node) => {
    if (node.type === 'MethodDefinition' && node.kind !== 'constructor' && !called(node.value))
      cuts.push({ start: node.start, end: node.end, left: '' });
    else if (FUNCTION.test(node.type) && !called(node))
      cuts.push({ ...node.body, left: node.body.type === 'BlockStatement' ? '{}' : '0' });
    else for (const part of Object.values(node)) if (typeof part === 'object' && part !== null) walk(part);
  };
  walk(parseAst(code));
  return cuts
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end, left }) => text.slice(0, start) + left + text.slice(end), code);
}

/** Which functions of a module are entered: V8 counts. */
async function callsOf(path, work) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  work(require(path));
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const starts = new Map();
  for (const { ranges } of result.find(({ url }) => url.endsWith(path)).functions) {
    const [{ startOffset, endOffset, count }] = ranges;
    if (count > 0) starts.set(endOffset, [...(starts.get(endOffset) ?? []), startOffset]);
  }
  return ({ start, end }) =>
    (starts.get(end) ?? []).some((from) => from <= start && start - from < LONGEST_HEAD);
}
