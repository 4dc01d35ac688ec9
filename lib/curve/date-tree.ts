import { type CurveSummary, combine, NO_WORKOUTS } from './curve-summary.ts'
import { compareText } from './sample.ts'

/** One workout in the tree. */
export interface Leaf {
  readonly performedDate: string
  readonly workoutId: string
  readonly summary: CurveSummary
}

/** First and last day, both included; each is optional. */
export interface DateRange {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

type Tree = DateTree | undefined

/**
 * A treap: a search tree by day and workout, balanced by a hash of the workout's id, so that its shape depends on its
 * content and not on the order of insertion. Nodes are immutable: a change creates new ones from the root down to its
 * place, and all others keep the summary of their subtree.
 */
export class DateTree {
  readonly leaf: Leaf
  readonly before: Tree
  readonly after: Tree
  readonly priority: number
  #total: CurveSummary | undefined

  constructor(leaf: Leaf, priority: number, before: Tree, after: Tree) {
    this.leaf = leaf
    this.priority = priority
    this.before = before
    this.after = after
  }

  /** Summary of the whole tree, computed at first use. */
  get total(): CurveSummary {
    this.#total ??= around(totalOf(this.before, {}), this.leaf, totalOf(this.after, {}))
    return this.#total
  }
}

/** The tree with one more workout, which it must not contain yet. */
export function withLeaf(tree: Tree, leaf: Leaf, priority = priorityOf(leaf.workoutId)): DateTree {
  if (tree === undefined) return new DateTree(leaf, priority, undefined, undefined)
  if (priority > tree.priority) {
    const [before, after] = cut(tree, leaf)
    return new DateTree(leaf, priority, before, after)
  }
  return compareLeaves(leaf, tree.leaf) < 0
    ? new DateTree(tree.leaf, tree.priority, withLeaf(tree.before, leaf, priority), tree.after)
    : new DateTree(tree.leaf, tree.priority, tree.before, withLeaf(tree.after, leaf, priority))
}

/** The tree without one of its workouts. */
export function withoutLeaf(tree: Tree, leaf: Place): Tree {
  if (tree === undefined) return undefined
  const order = compareLeaves(leaf, tree.leaf)
  if (order === 0) return joinTrees(tree.before, tree.after)
  return order < 0
    ? new DateTree(tree.leaf, tree.priority, withoutLeaf(tree.before, leaf), tree.after)
    : new DateTree(tree.leaf, tree.priority, tree.before, withoutLeaf(tree.after, leaf))
}

/** Summary of the workouts within a range of days, from the totals that the nodes keep. */
export function totalOf(tree: Tree, { from, to }: DateRange): CurveSummary {
  if (tree === undefined) return NO_WORKOUTS
  if (from === undefined && to === undefined) return tree.total
  const { performedDate } = tree.leaf
  if (from !== undefined && performedDate < from) return totalOf(tree.after, { from, to })
  if (to !== undefined && performedDate > to) return totalOf(tree.before, { from, to })
  return around(totalOf(tree.before, { from }), tree.leaf, totalOf(tree.after, { to }))
}

/** The workouts within a range of days, newest first. */
export function* newestFirst(tree: Tree, range: DateRange): Generator<Leaf> {
  if (tree === undefined) return
  const { performedDate } = tree.leaf
  const tooEarly = range.from !== undefined && performedDate < range.from
  const tooLate = range.to !== undefined && performedDate > range.to
  if (!tooLate) yield* newestFirst(tree.after, range)
  if (!tooEarly && !tooLate) yield tree.leaf
  if (!tooEarly) yield* newestFirst(tree.before, range)
}

type Place = Pick<Leaf, 'performedDate' | 'workoutId'>

function around(before: CurveSummary, leaf: Leaf, after: CurveSummary): CurveSummary {
  return combine(combine(before, leaf.summary), after)
}

/** The parts of a tree before and after a place. */
function cut(tree: Tree, place: Place): [Tree, Tree] {
  if (tree === undefined) return [undefined, undefined]
  if (compareLeaves(place, tree.leaf) < 0) {
    const [before, after] = cut(tree.before, place)
    return [before, new DateTree(tree.leaf, tree.priority, after, tree.after)]
  }
  const [before, after] = cut(tree.after, place)
  return [new DateTree(tree.leaf, tree.priority, tree.before, before), after]
}

/** Two trees as one; every leaf of the first precedes every leaf of the second. */
function joinTrees(first: Tree, second: Tree): Tree {
  if (first === undefined) return second
  if (second === undefined) return first
  return first.priority > second.priority
    ? new DateTree(first.leaf, first.priority, first.before, joinTrees(first.after, second))
    : new DateTree(second.leaf, second.priority, joinTrees(first, second.before), second.after)
}

function compareLeaves(one: Place, other: Place): number {
  return compareText(one.performedDate, other.performedDate) || compareText(one.workoutId, other.workoutId)
}

/** FNV-1a with the final mix of MurmurHash3, which spreads ids that differ in a single character. */
function priorityOf(workoutId: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < workoutId.length; index++) {
    hash = Math.imul(hash ^ workoutId.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
