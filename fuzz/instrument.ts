// Counts in a source which of its branches run: a counter at the beginning of each block, each arm of a condition, each right side of
// && || ??, each default. It is put in as text, so that lines stay where they are.
import ts from 'typescript'
import { hitsName } from './hits.ts'

/** A source with counters in it. */
export interface Instrumented {
  readonly code: string
  /** Where each counter stands, as `file function`, in order of their numbers. */
  readonly places: readonly string[]
  /** Numbers and texts that the source compares with, as an input may have them. */
  readonly words: readonly Uint8Array[]
}

const branchOperators = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
])

/**
 * Puts counters in.
 *
 * @param name what the file is called in places
 * @param firstNumber number of its first counter
 */
export function instrument(source: string, name: string, firstNumber: number): Instrumented {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.ES2022, true)
  const insertions: { readonly at: number; readonly text: string }[] = []
  const places: string[] = []
  const words: Uint8Array[] = []
  const insert = (at: number, text: string): void => void insertions.push({ at, text })
  let inFunction = ''
  const counter = (): string => {
    places.push(`${name} ${inFunction}`)
    return `${hitsName}[${firstNumber + places.length - 1}]++`
  }
  const wrapExpression = (node: ts.Node): void => {
    insert(node.getStart(), `(${counter()},`)
    visit(node)
    insert(node.getEnd(), ')')
  }
  const wrapStatement = (node: ts.Statement): void => {
    if (ts.isBlock(node)) {
      visit(node)
      return
    }
    insert(node.getStart(), `{${counter()};`)
    visit(node)
    insert(node.getEnd(), '}')
  }

  function visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return
    if (ts.isNumericLiteral(node)) words.push(...numberWords(Number(node.text)))
    if (ts.isStringLiteralLike(node)) words.push(...textWords(node.text))
    const outside = inFunction
    inFunction = nameOf(node) ?? outside
    if (ts.isBlock(node)) insert(node.getStart() + 1, `${counter()};`)
    if (ts.isIfStatement(node)) {
      visit(node.expression)
      wrapStatement(node.thenStatement)
      if (node.elseStatement === undefined) insert(node.thenStatement.getEnd(), ` else {${counter()}}`)
      else wrapStatement(node.elseStatement)
    } else if (ts.isIterationStatement(node, false)) {
      ts.forEachChild(node, (child) => (child === node.statement ? wrapStatement(node.statement) : visit(child)))
    } else if (ts.isConditionalExpression(node)) {
      visit(node.condition)
      wrapExpression(node.whenTrue)
      wrapExpression(node.whenFalse)
    } else if (ts.isBinaryExpression(node) && branchOperators.has(node.operatorToken.kind)) {
      visit(node.left)
      wrapExpression(node.right)
    } else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
      for (const parameter of node.parameters) visit(parameter)
      wrapExpression(node.body)
    } else if ((ts.isParameter(node) || ts.isBindingElement(node)) && node.initializer !== undefined) {
      visit(node.name)
      wrapExpression(node.initializer)
    } else if (ts.isCaseOrDefaultClause(node)) {
      if (ts.isCaseClause(node)) visit(node.expression)
      insert(node.statements.pos, `${counter()};`)
      for (const statement of node.statements) visit(statement)
    } else {
      ts.forEachChild(node, visit)
    }
    inFunction = outside
  }
  visit(file)
  return { code: withInsertions(source, insertions), places, words }
}

/** What a function or method is called; undefined for everything else. */
function nameOf(node: ts.Node): string | undefined {
  if (!ts.isFunctionDeclaration(node) && !ts.isMethodDeclaration(node)) return undefined
  return node.name?.getText().replace('#', '')
}

/** Text goes in by place; of two at one place the one that was asked for first comes first, so that what is nested stays so. */
function withInsertions(source: string, insertions: readonly { readonly at: number; readonly text: string }[]): string {
  let code = ''
  let done = 0
  for (const { at, text } of [...insertions].sort((a, b) => a.at - b.at)) {
    code += source.slice(done, at) + text
    done = at
  }
  return code + source.slice(done)
}

/** A number in as many bytes as it takes, in both orders. */
function numberWords(value: number): Uint8Array[] {
  if (!Number.isSafeInteger(value) || value < 0) return []
  const bytes: number[] = []
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256)
  const little = Uint8Array.from(bytes)
  return little.length === 1 ? [little] : [little, little.toReversed()]
}

function textWords(text: string): Uint8Array[] {
  return text.length >= 2 && text.length <= 40 && !text.startsWith('.') ? [new TextEncoder().encode(text)] : []
}
