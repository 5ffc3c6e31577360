// One setup at a time: two that write the same node_modules and dist would leave both broken.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { onInterrupt } from './child-process.mjs'

/** A holder renews its lock this often. */
const renewMs = 2000
/** A lock that nobody renewed for so long belonged to a process that is gone, or to a machine that was switched off. */
const staleMs = 30_000
const pollMs = 200

/**
 * Does the work while no other process holds the lock.
 *
 * @param {string} file
 * @param {(holder: string) => void} onwait told once, where another process holds it
 * @param {() => Promise<T>} work
 * @template T
 */
export async function withLock(file, onwait, work) {
  mkdirSync(dirname(file), { recursive: true })
  const mine = `${hostname()} ${process.pid}`
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, mine)
  const release = () => {
    if (holderOf(file) === mine) rmSync(file, { force: true })
    rmSync(draft, { force: true })
  }
  const forget = onInterrupt(release)
  let renewal
  try {
    let told = false
    // A hard link either makes the whole lock at once, or fails because there is one.
    while (!tryLink(draft, file)) {
      const holder = holderOf(file)
      if (holder !== null && isStale(file, holder)) takeAway(file, holder)
      else {
        if (!told && holder !== null) onwait(holder)
        told ||= holder !== null
        await wait(pollMs)
      }
    }
    rmSync(draft)
    renewal = setInterval(() => {
      const now = new Date()
      utimesSync(file, now, now)
    }, renewMs)
    return await work()
  } finally {
    clearInterval(renewal)
    forget()
    release()
  }
}

function tryLink(draft, file) {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function holderOf(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function isStale(file, holder) {
  const [host, pid] = holder.split(' ')
  if (host === hostname() && !isAlive(Number(pid))) return true
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > staleMs
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Removes a stale lock; where another process was quicker and has it already, its lock is put back. */
function takeAway(file, holder) {
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  if (holderOf(aside) !== holder) tryLink(aside, file)
  rmSync(aside, { force: true })
}
