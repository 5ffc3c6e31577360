// Stands in for rocksdb-native in a bundle: hypercore-storage names column families with it, which the memory database takes
// too. There is no class to open a database on a disk with.

/** Names a table of a database. */
export class ColumnFamily {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}
