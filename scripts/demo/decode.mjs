// Decodes WebM with the libraries of ffmpeg in WebAssembly: an independent judge on a machine that has only Node.
import LibAVFactory from '@libav.js/variant-webm'

/** Packets that are decoded at once, so that only few pictures are in memory. */
const batch = 30

/**
 * Decodes every frame; throws where a decoder complains.
 *
 * @param {Uint8Array} bytes a WebM stream that begins with its init segment
 * @returns what was found: frames of picture and sound, the picture's size, the seconds they span, and how much of the
 *   picture changed from the first to the last frame (mean difference of brightness, 0 to 255)
 */
export async function decode(bytes) {
  const libav = await LibAVFactory.LibAV({ noworker: true })
  try {
    await libav.av_log_set_level(libav.AV_LOG_FATAL)
    await libav.writeFile('live.webm', bytes)
    const [context, streams] = await libav.ff_init_demuxer_file('live.webm')
    const packet = await libav.av_packet_alloc()
    const [, packets] = await libav.ff_read_frame_multi(context, packet)
    const result = { videoFrames: 0, audioFrames: 0, width: 0, height: 0, seconds: 0, change: 0 }
    for (const stream of streams) {
      const own = packets[stream.index] ?? []
      if (stream.codec_type === libav.AVMEDIA_TYPE_VIDEO) Object.assign(result, await video(libav, stream, own))
      else if (stream.codec_type === libav.AVMEDIA_TYPE_AUDIO) {
        for await (const frames of framesOf(libav, stream, own)) result.audioFrames += frames.length
      }
    }
    return result
  } finally {
    libav.terminate()
  }
}

async function video(libav, stream, packets) {
  const result = { videoFrames: 0, width: 0, height: 0, seconds: 0, change: 0 }
  let first = null
  let last = null
  for await (const frames of framesOf(libav, stream, packets)) {
    result.videoFrames += frames.length
    first ??= frames[0] ?? null
    last = frames.at(-1) ?? last
  }
  if (first === null) return result
  const tick = stream.time_base_num / stream.time_base_den
  const { width, height } = last
  return { ...result, width, height, seconds: (last.pts - first.pts) * tick, change: difference(first, last) }
}

async function* framesOf(libav, stream, packets) {
  const [, context, packet, frame] = await libav.ff_init_decoder(stream.codec_id, { codecpar: stream.codecpar })
  for (let at = 0; at < packets.length; at += batch) {
    const isLast = at + batch >= packets.length
    yield await libav.ff_decode_multi(context, packet, frame, packets.slice(at, at + batch), isLast)
  }
  await libav.ff_free_decoder(context, packet, frame)
}

/** Mean difference of the brightness plane, which comes first in every planar format. */
function difference(one, other) {
  const size = one.width * one.height
  let sum = 0
  for (let at = 0; at < size; at++) sum += Math.abs(one.data[at] - other.data[at])
  return sum / size
}
