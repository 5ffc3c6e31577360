/** Turns what hypercore and its database throw into errors that say what to do. */
import { DatabaseError } from '@hypervision/hypercore-web'
import { namedStorageKind } from '@hypervision/hypercore-web/named-storage'
import { HypervisionError, type HypervisionErrorCode } from '../contracts/index.ts'

/** What a storage is called in messages. */
export function nameOf(storage: string | undefined): string {
  if (storage === undefined) return 'The storage in memory'
  return `The storage ${namedStorageKind} "${storage}"`
}

/**
 * Names the trouble behind an error of the storage.
 *
 * @param storage its name, or undefined for memory
 */
export function storageError(error: unknown, storage: string | undefined): HypervisionError {
  if (error instanceof HypervisionError) return error
  const where = nameOf(storage)
  const ofPage = databaseErrorIn(error)
  const [code, message] = ofPage === null ? explainFolder(messagesOf(error), where) : explainDatabase(ofPage, where)
  return new HypervisionError(code, message, { cause: error, detail: { storage: storage ?? null } })
}

/** The error of a page's database; that of a batch has it as its cause. */
function databaseErrorIn(error: unknown): DatabaseError | null {
  if (error instanceof DatabaseError) return error
  return error instanceof Error && error.cause !== undefined ? databaseErrorIn(error.cause) : null
}

function explainDatabase({ code, message }: DatabaseError, where: string): [HypervisionErrorCode, string] {
  switch (code) {
    case 'DATABASE_FULL':
      return [
        'ERR_FEED_STORAGE_FULL',
        `${where} is full: the browser gives this site no more space. Delete what the site does not need any more and ` +
          'open it again: what was stored is kept.',
      ]
    case 'DATABASE_IN_USE':
      return [
        'ERR_FEED_STORAGE_IN_USE',
        `${where} is open in another tab or window. Close that one, or choose another name.`,
      ]
    case 'DATABASE_UNAVAILABLE':
      return [
        'ERR_FEED_STORAGE',
        `${where} cannot be used: ${message}. A private window or blocked site data does that; leave \`storage\` out to ` +
          'keep the channel in memory.',
      ]
  }
}

/** What the error and those behind it say: the database keeps the reason in `cause`. */
function messagesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}: ${messagesOf(error.cause)}`
}

function explainFolder(text: string, where: string): [HypervisionErrorCode, string] {
  if (/no space left|ENOSPC|disk quota|EDQUOT/i.test(text)) {
    return [
      'ERR_FEED_STORAGE_FULL',
      `${where} is on a full disk. Free some space and start again with the same folder: what was stored is kept.`,
    ]
  }
  if (/could not be locked|lock hold|while lock file/i.test(text)) {
    return ['ERR_FEED_STORAGE_IN_USE', `${where} is open in another process. Close that one, or choose another folder.`]
  }
  if (/invalid device file/i.test(text)) {
    return [
      'ERR_FEED_STORAGE_COPIED',
      `${where} is a copy, or was moved from another disk or brought back from a backup. Two that broadcast make two histories, which viewers ` +
        'refuse for ever: use the original. If that is gone for good, delete the file CORESTORE in this folder, once; a broadcast then goes on ' +
        'where its viewers are.',
    ]
  }
  // Node says ENOENT of a folder that is to be made on a disk that is read-only.
  if (/read-only|EROFS|permission|EACCES|EPERM|ENOENT.*mkdir/i.test(text)) {
    return [
      'ERR_FEED_STORAGE',
      `${where} cannot be written (${text}). Check its permissions and its disk, or choose another folder.`,
    ]
  }
  if (/EEXIST|ENOTDIR|not a directory/i.test(text)) {
    return ['ERR_FEED_STORAGE', `${where} is not a folder, or lies in what is none (${text}). Choose another place.`]
  }
  return ['ERR_FEED_STORAGE', `${where} cannot be used: ${text}. Check that it is a folder made by hypervision.`]
}
