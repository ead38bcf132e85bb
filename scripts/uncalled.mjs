// A copy of a package without what is never called: xmlbuilder2 is a whole DOM, and a few lines of XML need a third of it.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Session } from 'node:inspector/promises';
import { parseAst } from 'rollup/parseAst';
import { applied, FUNCTION, partsOf } from './tree.mjs';

const require = createRequire(import.meta.url);
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
  const edits = [];
  const walk = (node) => {
    if (node.type === 'MethodDefinition' && node.kind !== 'constructor' && !called(node.value))
      edits.push([node.start, node.end, '']);
    else if (node.type === 'FunctionDeclaration' && !called(node))
      edits.push([node.start, node.end, `var ${node.id.name};`]);
    else if (FUNCTION.test(node.type) && !called(node))
      edits.push([node.body.start, node.body.end, node.body.type === 'BlockStatement' ? '{}' : '0']);
    else partsOf(node).forEach(walk);
  };
  walk(parseAst(code));
  return applied(code, edits);
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
