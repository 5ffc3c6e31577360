/** The process of one peer, as the bench sees it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { PeerMessage, PeerOrder, PeerPlan } from './messages.ts'

const script = fileURLToPath(new URL('peer.ts', import.meta.url))
/** Whoever takes longer has failed, ms. */
const patienceMs = 60_000

/** A peer that runs, or ran. */
export class PeerProcess {
  readonly #child: ChildProcess
  readonly #waiting = new Map<PeerMessage['type'], (message: PeerMessage) => void>()
  readonly #early = new Map<PeerMessage['type'], PeerMessage>()

  /** @param enter what precedes the command */
  constructor(plan: PeerPlan, enter: readonly string[]) {
    const [command = process.execPath, ...words] = [
      ...enter,
      process.execPath,
      '--import',
      'tsx',
      script,
      JSON.stringify(plan),
    ]
    this.#child = spawn(command, words, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#child.on('message', (message: PeerMessage) => {
      const take = this.#waiting.get(message.type)
      if (take === undefined) this.#early.set(message.type, message)
      else take(message)
    })
    this.#child.on('error', () => {})
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Resolves with what it is ready with. */
  async ready(): Promise<Extract<PeerMessage, { type: 'ready' }>> {
    return (await this.#hear('ready')) as Extract<PeerMessage, { type: 'ready' }>
  }

  async figures(): Promise<Extract<PeerMessage, { type: 'figures' }>> {
    this.#early.delete('figures')
    this.#order('ask')
    return (await this.#hear('figures')) as Extract<PeerMessage, { type: 'figures' }>
  }

  /** Without a word to anybody. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }

  async close(): Promise<void> {
    if (!this.isAlive) return
    const exit = once(this.#child, 'exit')
    this.#order('close')
    const timer = setTimeout(() => this.kill(), 5000)
    await exit
    clearTimeout(timer)
  }

  #order(order: PeerOrder): void {
    if (this.#child.connected) this.#child.send(order)
  }

  #hear(type: PeerMessage['type']): Promise<PeerMessage> {
    const early = this.#early.get(type)
    if (early !== undefined) return Promise.resolve(early)
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error(`a peer ended, or said no '${type}' within ${patienceMs / 1000} s`))
      const timer = setTimeout(fail, patienceMs)
      this.#child.once('exit', fail)
      this.#waiting.set(type, (message) => {
        clearTimeout(timer)
        this.#child.off('exit', fail)
        this.#waiting.delete(type)
        resolve(message)
      })
    })
  }
}
