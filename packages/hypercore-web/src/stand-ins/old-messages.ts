// Stands in for the encodings of hypercore 10's files in hypercore-storage, which reads them in a folder only.

/** Whoever reads of it finds that no file can be decoded. */
export const oplog = undefined
