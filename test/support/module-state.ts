import { posix } from 'node:path';
import ts from 'typescript';
import type { Source } from './sources.ts';

/** Types of values that cannot be changed, or have nothing to change that lasts. */
const UNCHANGING: ReadonlySet<string> = new Set(
  'string number boolean undefined null never bigint symbol unknown RegExp TextEncoder TextDecoder'.split(
    ' ',
  ),
);
/** Types whose arguments decide. */
const READONLY: ReadonlySet<string> = new Set(
  'ReadonlyMap ReadonlySet ReadonlyArray ArrayLike Readonly Record Partial Pick Omit Exclude Extract'.split(
    ' ',
  ),
);
/** Calls whose result cannot be changed. */
const FREEZING: ReadonlySet<string> = new Set(['Object.freeze', 'frozen', 'frozenCopy']);

type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

/** Interfaces and type aliases by their names. */
type Declared = ReadonlyMap<string, readonly Declaration[]>;

/** Everything at the top of a module that a call could leave changed for the next one, as `path: name, why`. */
export function moduleState(sources: readonly Source[]): readonly string[] {
  const files = sources.map(({ path, text }) =>
    ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true),
  );
  const declared = new Map<string, readonly Declaration[]>();
  for (const one of files.flatMap((file) => file.statements)) {
    if (ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one))
      declared.set(one.name.text, [...(declared.get(one.name.text) ?? []), one]);
  }
  return files.flatMap((file) =>
    file.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) =>
      declarationList.declarations.flatMap((one) => {
        const why =
          (declarationList.flags & ts.NodeFlags.Const) === 0
            ? 'is no constant'
            : whyMutable(one, declared, file);
        return why === undefined ? [] : [`${file.fileName}: ${one.name.getText()} ${why}`];
      }),
    ),
  );
}

function whyMutable(
  { name, type, initializer }: ts.VariableDeclaration,
  declared: Declared,
  file: ts.SourceFile,
): string | undefined {
  // What a pattern takes apart is not kept itself.
  if (initializer === undefined || !ts.isIdentifier(name)) return undefined;
  const value = withoutWrapping(initializer);
  if (ts.isRegularExpressionLiteral(value)) return remembersPlace(value, name.text, file);
  if (ts.isArrowFunction(value) || isConst(initializer) || isFreezing(value)) return undefined;
  if (type === undefined) return makesObject(value) ? 'has no read-only type' : undefined;
  if (ts.isFunctionTypeNode(type)) return 'is a function that a call has made';
  return isReadonly(type, declared) ? undefined : 'has a type that can be changed';
}

function withoutWrapping(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node)
    ? withoutWrapping(node.expression)
    : node;
}

function isConst(node: ts.Expression): boolean {
  if (ts.isSatisfiesExpression(node)) return isConst(node.expression);
  return ts.isAsExpression(node) && node.type.getText() === 'const';
}

function isFreezing(node: ts.Expression): boolean {
  return ts.isCallExpression(node) && FREEZING.has(node.expression.getText());
}

function makesObject(node: ts.Expression): boolean {
  if (ts.isNewExpression(node) && UNCHANGING.has(node.expression.getText())) return false;
  return [
    ts.isNewExpression,
    ts.isCallExpression,
    ts.isArrayLiteralExpression,
    ts.isObjectLiteralExpression,
  ].some((is) => is(node));
}

/** A pattern that goes on from where it was must not be asked where it stands: `replace` and `matchAll` begin anew. */
function remembersPlace(
  { text }: ts.RegularExpressionLiteral,
  name: string,
  file: ts.SourceFile,
): string | undefined {
  const flags = text.slice(text.lastIndexOf('/'));
  if (!/[gy]/.test(flags)) return undefined;
  return flags.includes('y') || new RegExp(`\\b${name}\\.`).test(file.text)
    ? 'remembers its place'
    : undefined;
}

/** Kinds of types that hold nothing. */
const HOLDING_NOTHING: readonly ((type: ts.Node) => boolean)[] = [
  ts.isLiteralTypeNode,
  ts.isFunctionTypeNode,
  ts.isIndexedAccessTypeNode,
];

/** Is everything in the type read-only, and so on in what it holds? `open` are the names being looked into. */
function isReadonly(type: ts.TypeNode, declared: Declared, open: ReadonlySet<string> = new Set()): boolean {
  const inner = (one: ts.TypeNode): boolean => isReadonly(one, declared, open);
  if (HOLDING_NOTHING.some((is) => is(type)) || UNCHANGING.has(type.getText())) return true;
  if (ts.isTypeOperatorNode(type)) return isReadonlyOperator(type, inner);
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) return type.types.every(inner);
  if (ts.isParenthesizedTypeNode(type)) return inner(type.type);
  if (ts.isTypeLiteralNode(type)) return type.members.every((member) => isReadonlyMember(member, inner));
  if (ts.isMappedTypeNode(type)) return isReadonlyMapped(type, inner);
  return ts.isTypeReferenceNode(type) && isReadonlyReference(type, declared, open);
}

/** `readonly T[]`, `readonly [T, T]`, or an operator whose result is no object. */
function isReadonlyOperator(
  { type, operator }: ts.TypeOperatorNode,
  inner: (type: ts.TypeNode) => boolean,
): boolean {
  if (operator !== ts.SyntaxKind.ReadonlyKeyword) return true;
  if (ts.isArrayTypeNode(type)) return inner(type.elementType);
  const elements = ts.isTupleTypeNode(type) ? type.elements : [];
  return elements.every((one) => inner(ts.isNamedTupleMember(one) ? one.type : one));
}

function isReadonlyMapped(
  { readonlyToken, type }: ts.MappedTypeNode,
  inner: (type: ts.TypeNode) => boolean,
): boolean {
  return readonlyToken !== undefined && type !== undefined && inner(type);
}

function isReadonlyMember(member: ts.TypeElement, inner: (type: ts.TypeNode) => boolean): boolean {
  if (ts.isMethodSignature(member)) return true;
  if (!ts.isPropertySignature(member) && !ts.isIndexSignatureDeclaration(member)) return false;
  const marked = member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword) === true;
  return marked && (member.type === undefined || inner(member.type));
}

function isReadonlyReference(
  type: ts.TypeReferenceNode,
  declared: Declared,
  open: ReadonlySet<string>,
): boolean {
  const name = type.typeName.getText();
  const args = type.typeArguments ?? [];
  if (READONLY.has(name)) {
    const [first] = args;
    // `Readonly` is about the members of a type that is written out or a record.
    const shown =
      name === 'Readonly' && first !== undefined && ts.isTypeReferenceNode(first)
        ? (first.typeArguments ?? [])
        : args;
    return shown.every((one) => isReadonly(one, declared, open));
  }
  if (UNCHANGING.has(name) || open.has(name)) return true;
  const found = declarationsOf(type, declared);
  if (!args.every((one) => isReadonly(one, declared, open))) return false;
  return (
    found.length > 0 &&
    found.every((one) => {
      const parameters = (one.typeParameters ?? []).map((parameter) => parameter.name.text);
      const within = new Set([...open, name, ...parameters]);
      const inner = (part: ts.TypeNode): boolean => isReadonly(part, declared, within);
      return ts.isTypeAliasDeclaration(one)
        ? inner(one.type)
        : one.members.every((member) => isReadonlyMember(member, inner));
    })
  );
}

/** What the name of a type means where it stands; all that it may mean where a file only hands it on. */
function declarationsOf({ typeName }: ts.TypeReferenceNode, declared: Declared): readonly Declaration[] {
  const all = declared.get(typeName.getText()) ?? [];
  const home = homeOf(typeName.getText(), typeName.getSourceFile());
  const near = all.filter((one) => one.getSourceFile().fileName === home);
  return near.length > 0 ? near : all;
}

/** The file that declares what a name means in a file. */
function homeOf(name: string, file: ts.SourceFile): string {
  const imported = file.statements.filter(ts.isImportDeclaration).find(({ importClause }) => {
    const names = importClause?.namedBindings;
    return (
      names !== undefined && ts.isNamedImports(names) && names.elements.some((one) => one.name.text === name)
    );
  });
  if (imported === undefined || !ts.isStringLiteral(imported.moduleSpecifier)) return file.fileName;
  return posix.join(posix.dirname(file.fileName), imported.moduleSpecifier.text);
}
