/**
 * Looks, before a broadcaster appends anything, whether somebody is on air with its key, and whether viewers have more of the channel than its storage has. One
 * whose storage is lost, or old, goes on where they are.
 */
import { behind, onAir } from '../node/channel-errors.ts'
import type { ChannelNode } from '../node/channel-node.ts'

/** How long finding peers may take, ms. */
const readyMs = 3000
/** How long those that were found have to connect and to say what they have, ms. */
const greetMs = 1000
/** How long fetching what viewers have more may take, ms. */
const catchUpMs = 10_000
/** Heads are told every two seconds: what has not grown by then is not appended to by anybody. */
const stillMs = 2500
/** How often it is looked, ms. */
const lookMs = 50

/**
 * Resolves when nothing speaks against appending: whether viewers had more than the storage, and it has caught up with them.
 *
 * @param signal aborts with what speaks against it, or when the application gives up
 * @throws HypervisionError ERR_FEED_ON_AIR, ERR_FEED_CONFLICT, ERR_FEED_BEHIND
 */
export async function lookAround(node: ChannelNode, signal: AbortSignal): Promise<boolean> {
  const { log, keyWatch, link } = node
  const before = log.length
  const longest = (): number => Math.max(log.length, keyWatch.longestHead)
  await Promise.race([node.found, wait(readyMs, signal)])
  await wait(greetMs, signal)
  if (longest() <= before) return false
  await until(() => log.length >= keyWatch.longestHead, catchUpMs, signal)
  if (log.length < keyWatch.longestHead) throw behind(link, log.length, keyWatch.longestHead)
  const { length } = log
  await until(() => longest() > length, stillMs, signal)
  if (longest() > length) throw onAir(link)
  return true
}

async function until(isSo: () => boolean, atMostMs: number, signal: AbortSignal): Promise<void> {
  for (const end = performance.now() + atMostMs; !isSo() && performance.now() < end; ) await wait(lookMs, signal)
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    if (signal.aborted) return reject(signal.reason)
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
