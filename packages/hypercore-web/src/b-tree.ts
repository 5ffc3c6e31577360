/** The B-tree of sorted-btree: CommonJS with a default export, which Node hands over one level deeper than bundlers do. */
import imported from 'sorted-btree'

/** A sorted map whose `clone()` shares all nodes until one of both is written. */
export const BTree = ('default' in imported ? imported.default : imported) as typeof imported
