/** What an application holds of a channel in each role: the channel's address, its events, and one way to close it. */
import { HypervisionError } from '../contracts/index.ts'
import { EventSource } from '../events/typed-event-target.ts'
import type { ChannelMetadata } from '../metadata/types.ts'
import type { NodeEvents } from '../swarm/types.ts'
import { ChannelNode } from './channel-node.ts'
import type { ChannelNodeOptions } from './channel-node-options.ts'
import { Lifecycle } from './lifecycle.ts'

/** Broadcaster, viewer and relay derive from it. */
export abstract class ChannelRole<Events extends NodeEvents> extends EventSource<Events> implements AsyncDisposable {
  protected readonly node: ChannelNode
  readonly #closing = new AbortController()
  readonly #lifecycle = new Lifecycle((error) => this.#teardown(error))

  /** @param signal closes it when it aborts */
  protected constructor(node: ChannelNode, signal: AbortSignal | undefined) {
    super()
    this.node = node
    signal?.addEventListener('abort', () => this.close(), { once: true, signal: this.closing })
    // It may have aborted while the node was opened; a role that is being built cannot close yet.
    if (signal?.aborted) queueMicrotask(() => this.close())
  }

  get link(): string {
    return this.node.link
  }

  get id(): string {
    return this.node.id
  }

  get key(): Uint8Array {
    return this.node.key
  }

  get metadata(): ChannelMetadata | null {
    return this.node.metadata.current
  }

  get closed(): Promise<void> {
    return this.#lifecycle.closed
  }

  close(): Promise<void> {
    return this.#lifecycle.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Closes with an error. */
  fail(error: unknown): void {
    void this.#lifecycle.close(error)
  }

  /** Passes an event of the node on. */
  override dispatch(type: string, detail: unknown): void {
    super.dispatch(type, detail)
  }

  /** Aborts as soon as it begins to close. */
  protected get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** What is left to do before the node closes; told the error that closes it, or undefined. */
  protected async finish(_error: unknown): Promise<void> {}

  /** Told when everything is closed. */
  protected onclosed(): void {}

  async #teardown(error: unknown): Promise<void> {
    this.#closing.abort(new HypervisionError('ERR_FEED_CLOSED', 'The broadcast, viewer or relay is closed.'))
    await this.finish(error)
    await this.node.close()
    this.onclosed()
  }
}

/** Warnings that are kept until there is somebody to hear them. */
const maxEarlyWarnings = 16

/** How to open the node of a role. */
export type RoleNodeOptions = Omit<ChannelNodeOptions, 'now' | 'onevent' | 'onfailure'>

/**
 * Opens the node of a role and the role on it; `make` is told by a signal when the node fails meanwhile. Warnings from before there is a role, such as of a tracker that is gone while
 * another transport is being opened, are told when the application has had the chance to listen; a transport may say
 * them once only.
 *
 * @throws HypervisionError ERR_FEED_STORAGE…, ERR_TRANSPORT_…, and what `make` throws
 */
export async function openRole<Events extends NodeEvents, Role extends ChannelRole<Events>>(
  options: RoleNodeOptions,
  make: (node: ChannelNode, failing: AbortSignal) => Role | Promise<Role>,
): Promise<Role> {
  let role: Role | null = null
  const early: unknown[] = []
  const failing = new AbortController()
  const node = await ChannelNode.open({
    ...options,
    now: Date.now,
    onevent(type, detail) {
      if (role !== null) role.dispatch(type, detail)
      else if (type === 'warning' && early.length < maxEarlyWarnings) early.push(detail)
    },
    onfailure(error) {
      failing.abort(error)
      role?.fail(error)
    },
  })
  try {
    const opened = await make(node, failing.signal)
    role = opened
    // The role is handed over in microtasks: in the next task whoever wants to listen does.
    if (early.length > 0) setTimeout(() => early.forEach((detail) => void opened.dispatch('warning', detail)))
    return opened
  } catch (error) {
    await node.close()
    throw error
  }
}
