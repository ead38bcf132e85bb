// Parentheses around the functions that an ordinary run calls. V8 takes them as a sign to compile a function with what it
// stands in. All others it looks through when a file is loaded, and reads again when they are called: for each, that is a
// little, and for the thousand that a check calls, a tenth of its time.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rollup/parseAst';
import { applied, FUNCTION, partsOf } from './tree.mjs';

/** What an arrow function has from the function around it. */
const OF_OUTER = /^(?:ThisExpression|Super|MetaProperty)$/;

/** Runs a program with each of these lists of words, and puts the parentheses into the files that it loads from a folder. */
export function compileAtOnce(program, runs, folder) {
  for (const [path, called] of callsOf(program, runs)) {
    if (!path.startsWith(folder)) continue;
    const code = readFileSync(path, 'utf8');
    if (!code.startsWith('#!')) writeFileSync(path, withParentheses(code, called));
  }
}

/** By its file, where each function stands that was called: V8 counts. */
function callsOf(program, runs) {
  const folder = mkdtempSync(join(tmpdir(), 'calls-'));
  const env = { ...process.env, NODE_V8_COVERAGE: folder };
  for (const words of runs) {
    const { status, stderr } = spawnSync(process.execPath, [program, ...words], { env, encoding: 'utf8' });
    if (status > 1) throw new Error(`${words.join(' ')} gave ${status}: ${stderr}`);
  }
  const counts = readdirSync(folder).flatMap(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).result,
  );
  rmSync(folder, { recursive: true });
  const calls = new Map();
  for (const { url, functions } of counts) {
    if (!url.startsWith('file:')) continue;
    const path = fileURLToPath(url);
    const called = functions.map(({ ranges: [range] }) => range).filter(({ count }) => count > 0);
    const known = calls.get(path) ?? new Set();
    for (const { startOffset, endOffset } of called) known.add(`${startOffset}-${endOffset}`);
    calls.set(path, known);
  }
  return calls;
}

function withParentheses(code, called) {
  const { body } = parseAst(code);
  const [, ...statements] = body;
  // Only those in front of all else: what becomes a constant is not there before its line.
  const hoisted = new Set(
    statements.slice(
      0,
      statements.findIndex(({ type }) => type !== 'FunctionDeclaration'),
    ),
  );
  const edits = [];
  const walk = (node, parent) => {
    const isCalled = FUNCTION.test(node.type) && called.has(`${node.start}-${node.end}`);
    const change = isCalled && changeOf(code, node, { parent, hoisted });
    if (change) edits.push(...change.before);
    for (const part of partsOf(node)) walk(part, node);
    if (change) edits.push([node.end, node.end, change.after]);
  };
  for (const statement of body) walk(statement);
  return applied(code, edits);
}

/** The edits from the start of a function on, and what is to stand behind it. */
function changeOf(code, node, { parent, hoisted }) {
  const { type, start, id, params, body, async } = node;
  if (type === 'FunctionDeclaration')
    return (
      hoisted.has(node) && {
        before: [
          [start, start, `const ${id.name}=(`],
          [id.start, id.end, ''],
        ],
        after: ');',
      }
    );
  if (type === 'FunctionExpression')
    return !isMethod(parent) && { before: [[start, start, '(']], after: ')' };
  if (async || hasOuter(node)) return undefined;
  const arrow = code.indexOf('=>', params.at(-1)?.end ?? start);
  const [open, close] = code[start] === '(' ? ['', ''] : ['(', ')'];
  const [begin, after] = body.type === 'BlockStatement' ? ['', ')'] : ['{return ', '})'];
  return {
    before: [
      [start, start, `(function${open}`],
      [arrow, arrow + 2, `${close}${begin}`],
    ],
    after,
  };
}

function isMethod({ type, method, kind }) {
  return type === 'MethodDefinition' || (type === 'Property' && (method || kind !== 'init'));
}

function hasOuter(node) {
  if (OF_OUTER.test(node.type) || (node.type === 'Identifier' && node.name === 'arguments')) return true;
  return partsOf(node).some((part) => !/^Function/.test(part.type) && hasOuter(part));
}
