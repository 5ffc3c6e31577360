/** `hypervision watch`: a channel into a page, a player, a file or a pipe. */
import { createViewer, type Viewer, type ViewerEvents } from '@hypervision/core'
import { LiveHub } from '../http/live-hub.ts'
import { startWatchServer, type WatchServer } from '../http/watch-server.ts'
import { type CommandContext, defineCommand } from '../options/command.ts'
import { flag, optionalValue, usageError, value, valueOr } from '../options/option.ts'
import { numberFrom, port, startPosition, text } from '../options/value-text.ts'
import { formatDuration } from '../terminal/format.ts'
import type { Reporter } from '../terminal/reporter.ts'
import { findPlayer, play } from '../watch/player.ts'
import { statusFields, type WatchStatus, watchStatus } from '../watch/watch-status.ts'
import { tellIdentity } from './access-options.ts'
import { type ByteSink, openSink } from './byte-sink.ts'
import { timeoutMs, timeoutOption } from './channel-viewer.ts'
import { everySecond } from './every-second.ts'
import { metadataDetail, metadataText } from './metadata-options.ts'
import { jsonOption, nodeOptions, passOnOptions } from './network-options.ts'

const defaultPort = 8040
const defaultHost = '127.0.0.1'
/** A channel that is on air is found well before. */
const adviceMs = 8000
/** A broadcast that is on air plays so soon after its channel was found. */
const foundMs = 1000

/** The command. */
export const watchCommand = defineCommand({
  name: 'watch',
  summary: 'Watch a channel: in a browser, in a player, or into a file or a pipe',
  positionals: [{ name: 'LINK', isRequired: true, help: 'the link that the broadcaster printed' }],
  options: {
    http: optionalValue(
      'PORT',
      'any' as const,
      `Serve a page, and /live.webm for players. This is what watch does without --out or --play. Default: ${defaultPort}, or any other port where that one is taken; 0 for any`,
      port,
    ),
    host: valueOr('ADDRESS', defaultHost, `Address to serve on. Default: ${defaultHost}, this machine only`, text),
    play: flag('Open a player: ffplay, mpv or vlc, whichever there is'),
    out: value(
      'FILE|-',
      'Write the stream into a file, which is replaced, or to stdout. A page or player beside it goes no faster than this is read',
      text,
    ),
    from: valueOr(
      'PLACE',
      'live',
      'Where to begin: live, start, or seconds before the live edge. Default: live',
      startPosition,
    ),
    'max-lag': value(
      'SECONDS',
      'Go on at the live edge when it is so far ahead, after an interruption or because what reads is slow. Default: 120; with --out never',
      numberFrom(1, 1e9, 'seconds'),
    ),
    timeout: timeoutOption,
    ...passOnOptions,
    json: { ...jsonOption, help: `${jsonOption.help}; on stderr with --out -` },
  },
  examples: [
    ['watch hypervision:…', 'A page with the video, at the address that is printed'],
    ['watch hypervision:… --play', 'In ffplay, mpv or vlc'],
    ['watch hypervision:… --out show.webm --from start', 'Record from the first block there is'],
    ['watch hypervision:… --out - | ffplay -', 'Into any program that reads WebM'],
  ],
  hasMediaOnStdout: ({ out }) => out === '-',
  async run(context, values, [link = '']) {
    const isPage = values.http !== undefined || (values.out === undefined && !values.play)
    const player = values.play ? findPlayer(context.env) : null
    if (values.host !== defaultHost && !isPage) throw usageError('--host goes with --http.')
    const httpPort = typeof values.http === 'number' ? values.http : null
    const viewer = await createViewer({
      link,
      from: values.from,
      signal: context.signal,
      ...timeoutMs(values),
      ...maxLag(values['max-lag'], values.out !== undefined),
      ...nodeOptions(values),
    })
    tellIdentity(context.reporter, values.identity, viewer)
    const watching = new Watching(viewer, context, values.timeout === undefined)
    try {
      if (values.out !== undefined) await watching.writeTo(values.out)
      if (isPage) await watching.serve(values.host, httpPort)
      if (player !== null) watching.play(player)
      await watching.run()
    } finally {
      await watching.close()
    }
  },
})

/** A file, or what a program reads, has no holes that nobody asked for. */
function maxLag(seconds: number | undefined, isWritten: boolean): { readonly maxLagSeconds?: number } {
  if (seconds !== undefined) return { maxLagSeconds: seconds }
  return isWritten ? { maxLagSeconds: Number.POSITIVE_INFINITY } : {}
}

/** Blocks that are left out, in words. */
function skipText({ seconds, reason }: ViewerEvents['skip']): string {
  const left = `${formatDuration(seconds)} left out`
  return reason === 'behind'
    ? `It was too far behind: ${left}, going on live.`
    : `Nobody keeps what comes next any more: ${left}.`
}

/** One viewer with all that it feeds. */
class Watching {
  readonly #viewer: Viewer
  readonly #reporter: Reporter
  readonly #signal: AbortSignal
  readonly #hub = new LiveHub()
  #sink: ByteSink | null = null
  #server: WatchServer | null = null
  #playing: Promise<void> | null = null
  /** Why the player gave up. */
  #playerError: unknown = null
  #title: string | null = null
  #mimeType: string | null = null
  #hasBegun = false
  readonly #ending = new AbortController()
  readonly #stopStats: () => void
  #adviceTimer: NodeJS.Timeout | undefined
  #waitingTimer: NodeJS.Timeout | undefined

  /** @param waitsForEver whether nothing but the person ends the search for the channel */
  constructor(viewer: Viewer, { reporter, signal }: CommandContext, waitsForEver: boolean) {
    this.#viewer = viewer
    this.#reporter = reporter
    this.#signal = signal
    signal.addEventListener('abort', () => this.#ending.abort(), { once: true })
    viewer.addEventListener('warning', ({ detail }) => reporter.warning(detail.error))
    viewer.addEventListener('metadata', () => this.#tellMetadata())
    viewer.addEventListener('skip', ({ detail }) => reporter.note('skip', detail, skipText(detail)))
    this.#tellMetadata()
    viewer.addEventListener('state', ({ detail }) => {
      if (detail.state === 'searching' || detail.state === 'waiting') this.#tellWaiting()
      this.#server?.notify()
    })
    this.#stopStats = everySecond(() => {
      this.#tellStats()
      this.#server?.notify()
    })
    if (waitsForEver) this.#adviceTimer = setTimeout(() => this.#adviseOnSearch(), adviceMs)
  }

  async writeTo(name: string): Promise<void> {
    this.#sink = await openSink(name, this.#signal)
  }

  async serve(host: string, port: number | null): Promise<void> {
    this.#server = await startWatchServer({
      host,
      port: port ?? defaultPort,
      isPortWish: port === null,
      hub: this.#hub,
      status: () => this.#status(),
    })
    const { url, otherUrls } = this.#server
    const live = new URL('live.webm', url).href
    const show = this.#sink?.name === 'stdout' ? this.#reporter.note : this.#reporter.result
    show('listening', { url, live, otherUrls }, url)
    this.#reporter.hint(`Open it in a browser; players take ${live}`)
    if (otherUrls.length > 0) this.#reporter.hint(`From other machines: ${otherUrls.join(' ')}`)
  }

  play(player: ReturnType<typeof findPlayer>): void {
    this.#reporter.note('player', { program: player.path }, `Playing in ${player.name}.`)
    this.#playing = play(player, this.#hub, this.#ending.signal).then(
      () => this.#onplayerend(null),
      (error: unknown) => this.#onplayerend(error),
    )
  }

  /** Feeds everything until the broadcast ends or the viewer is closed. */
  async run(): Promise<void> {
    const stats = this.#viewer.stats()
    if (stats.state === 'searching' || stats.state === 'waiting') this.#tellWaiting()
    for await (const block of this.#viewer.blocks) {
      this.#hub.push(block)
      if (block.kind === 'init') this.#onepoch(block.title, block.mimeType)
      if (this.#sink !== null && !(await this.#sink.write(block.bytes))) break
    }
    if (this.#viewer.stats().state === 'ended') this.#reporter.note('ended', {}, 'The broadcast has ended.')
    this.#server?.notify()
    this.#hub.end()
    // A player shows what it has before it goes.
    await this.#playing
    if (this.#playerError !== null) throw this.#playerError
  }

  async close(): Promise<void> {
    this.#ending.abort()
    this.#stopStats()
    clearTimeout(this.#adviceTimer)
    clearTimeout(this.#waitingTimer)
    this.#hub.end()
    await this.#server?.close()
    await this.#playing
    await this.#viewer.close()
    await this.#sink?.close()
  }

  /** The player is gone: where it was all that the viewer fed, there is nothing left to do. */
  async #onplayerend(error: unknown): Promise<void> {
    const isAll = this.#sink === null && this.#server === null
    if (error !== null && !isAll) this.#reporter.warning(error)
    if (!isAll) return
    this.#playerError = error
    await this.#viewer.close()
  }

  #onepoch(title: string | null, mimeType: string): void {
    this.#title = title
    this.#mimeType = mimeType
    const name = title === null ? '' : ` "${title}"`
    const detail = { link: this.#viewer.link, title, mimeType }
    if (!this.#hasBegun) this.#reporter.note('live', detail, `Playing${name}: ${mimeType}`)
    else this.#reporter.note('epoch', detail, `The source began anew${name}: ${mimeType}`)
    this.#hasBegun = true
    this.#server?.notify()
  }

  /** Before the first picture in words; a change on air is for programs. */
  #tellMetadata(): void {
    const { metadata } = this.#viewer
    this.#server?.notify()
    if (metadata === null) return
    const words = metadataText(metadata, Date.now())
    if (words !== null) this.#reporter.note('metadata', metadataDetail(metadata), words)
  }

  #tellWaiting(): void {
    clearTimeout(this.#waitingTimer)
    const { state } = this.#viewer.stats()
    if (this.#signal.aborted) return
    if (state === 'searching') this.#reporter.note('waiting', { state }, 'Waiting for the broadcaster …')
    else this.#waitingTimer = setTimeout(() => this.#tellFound(), foundMs)
  }

  #tellFound(): void {
    const { state } = this.#viewer.stats()
    if (state !== 'waiting') return
    this.#reporter.note('waiting', { state }, 'The channel is found. Waiting for the broadcast to begin …')
  }

  #adviseOnSearch(): void {
    if (this.#viewer.stats().state !== 'searching') return
    this.#reporter.hint(
      'Nobody who has the channel was found yet. Check the link, that the broadcaster is on air, and that both use the ' +
        'same network (--bootstrap, --tracker). It goes on looking; Ctrl-C or --timeout SECONDS end it.',
    )
  }

  #status(): WatchStatus {
    return watchStatus(this.#viewer, {
      title: this.#viewer.metadata?.title ?? this.#title,
      mimeType: this.#mimeType,
      httpClients: this.#hub.clients,
    })
  }

  #tellStats(): void {
    const status = this.#status()
    this.#reporter.stats({ ...this.#viewer.stats(), httpClients: status.httpClients }, statusFields(status))
  }
}
