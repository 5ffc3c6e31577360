/** Turns what hypercore and its database throw into errors that say what to do. */
import { HypervisionError, type HypervisionErrorCode } from '../contracts/index.ts'

/**
 * Names the trouble behind an error of the storage.
 *
 * @param storage the folder, or undefined for memory
 */
export function storageError(error: unknown, storage: string | undefined): HypervisionError {
  if (error instanceof HypervisionError) return error
  const text = messagesOf(error)
  const where = storage === undefined ? 'The storage in memory' : `The storage folder "${storage}"`
  const [code, message] = explain(text, where)
  return new HypervisionError(code, message, { cause: error, detail: { storage: storage ?? null } })
}

/** What the error and those behind it say: the database keeps the reason in `cause`. */
function messagesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}: ${messagesOf(error.cause)}`
}

function explain(text: string, where: string): [HypervisionErrorCode, string] {
  if (/no space left|ENOSPC|disk quota|EDQUOT/i.test(text)) {
    return [
      'ERR_FEED_STORAGE_FULL',
      `${where} is on a full disk. Free some space and start again with the same folder: what was stored is kept.`,
    ]
  }
  if (/could not be locked|lock hold|while lock file/i.test(text)) {
    return ['ERR_FEED_STORAGE_IN_USE', `${where} is open in another process. Close that one, or choose another folder.`]
  }
  if (/read-only|EROFS|permission|EACCES|EPERM/i.test(text)) {
    return [
      'ERR_FEED_STORAGE',
      `${where} cannot be written (${text}). Check its permissions, or choose another folder.`,
    ]
  }
  if (/no folders in a page/.test(text)) {
    return ['ERR_FEED_STORAGE', `${where} cannot be opened: there are no folders in a page. Leave \`storage\` out.`]
  }
  if (/EEXIST|ENOTDIR|not a directory/i.test(text)) {
    return ['ERR_FEED_STORAGE', `${where} is not a folder, or lies in what is none (${text}). Choose another place.`]
  }
  return ['ERR_FEED_STORAGE', `${where} cannot be used: ${text}. Check that it is a folder made by hypervision.`]
}
