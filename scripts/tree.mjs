// Syntax trees of what is built: looked through, and changed in their text.

/** What is a function in a tree, methods apart. */
export const FUNCTION = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;

/** The nodes that stand in a node. */
export function partsOf(node) {
  return Object.values(node)
    .flat()
    .filter((part) => typeof part?.type === 'string');
}

/** The code with edits made in it, `[start, end, instead]`; those at one place come in their order. */
export function applied(code, edits) {
  const sorted = edits.toSorted(([a], [b]) => a - b);
  let [text, at] = ['', 0];
  for (const [start, end, instead] of sorted) {
    text += code.slice(at, start) + instead;
    at = end;
  }
  return text + code.slice(at);
}
