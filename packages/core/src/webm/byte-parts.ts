// A run of bytes that lies in several chunks. Frames are kept as views of the chunks they came in and copied once, into
// the Cluster that they leave in; neighbours in one chunk become one part, so a Cluster is a handful of copies.

/** Shorter parts are moved together: a source of one-byte chunks must not cost an object per byte. */
const smallPartBytes = 512
const slabBytes = 4096
/** How much of the chunks may be kept alive beside the bytes that are wanted, before those are copied out. */
const slackBytes = 32 * 1024 * 1024
const nothing = new Uint8Array(0)

/** Bytes in stream order, most of them views of chunks that others made. */
export class ByteParts {
  #length = 0
  /** Parts in use; the arrays keep their memory when they are cleared, because they are filled once per frame. */
  #count = 0
  #buffers: Uint8Array[] = []
  #starts: number[] = []
  #ends: number[] = []
  #slab: Uint8Array = nothing
  #slabUsed = 0
  #chunkBytes = 0
  // Where byteAt() looked last: it is asked for rising offsets.
  #cursorPart = 0
  #cursorStart = 0

  /** Bytes in all parts. */
  get length(): number {
    return this.#length
  }

  /** Adds `bytes` from `start` to `end`. The bytes must not change while they are kept here. */
  append(bytes: Uint8Array, start: number, end: number): void {
    if (start === end) return
    this.#length += end - start
    const last = this.#count - 1
    if (last >= 0) {
      if (this.#buffers[last] === bytes) {
        if (this.#ends[last] === start) {
          this.#ends[last] = end
          return
        }
      } else {
        this.#chunkBytes += bytes.length
      }
      this.#moveLastIfSmall(last)
    } else {
      this.#chunkBytes = bytes.length
    }
    const next = this.#count++
    this.#buffers[next] = bytes
    this.#starts[next] = start
    this.#ends[next] = end
    if (this.#chunkBytes - this.#length > slackBytes) this.#compact()
  }

  /** Adds all that `other` holds; the views are shared, nothing is copied. */
  appendAll(other: ByteParts): void {
    for (let part = 0; part < other.#count; part++) {
      this.append(other.#buffers[part] ?? nothing, other.#starts[part] ?? 0, other.#ends[part] ?? 0)
    }
  }

  /** The byte at `offset`; zero beyond the end. Cheap for offsets that rise from call to call. */
  byteAt(offset: number): number {
    if (this.#count === 1) {
      return offset < this.#length ? (this.#buffers[0]?.[(this.#starts[0] ?? 0) + offset] ?? 0) : 0
    }
    if (offset < this.#cursorStart) {
      this.#cursorPart = 0
      this.#cursorStart = 0
    }
    for (; this.#cursorPart < this.#count; this.#cursorPart++) {
      const start = this.#starts[this.#cursorPart] ?? 0
      const size = (this.#ends[this.#cursorPart] ?? 0) - start
      const within = offset - this.#cursorStart
      if (within < size) return this.#buffers[this.#cursorPart]?.[start + within] ?? 0
      this.#cursorStart += size
    }
    this.#cursorPart = 0
    this.#cursorStart = 0
    return 0
  }

  /** Copies the bytes into `target`, from its `offset` on. */
  copyTo(target: Uint8Array, offset: number): void {
    let at = offset
    for (let part = 0; part < this.#count; part++) {
      const bytes = this.#buffers[part] ?? nothing
      const start = this.#starts[part] ?? 0
      const end = this.#ends[part] ?? 0
      target.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), at)
      at += end - start
    }
  }

  /** Copies everything into one array. */
  join(): Uint8Array {
    const bytes = new Uint8Array(this.#length)
    this.copyTo(bytes, 0)
    return bytes
  }

  /** Lets go of everything. What was given to another through {@link appendAll} stays as it is. */
  clear(): void {
    if (this.#count === 1) this.#buffers[0] = nothing
    else if (this.#count > 1) this.#buffers.length = 0
    this.#count = 0
    this.#length = 0
    this.#chunkBytes = 0
    this.#cursorPart = 0
    this.#cursorStart = 0
  }

  /** Moves the last part into the slab when a view of its chunk would cost more than its bytes. */
  #moveLastIfSmall(last: number): void {
    const bytes = this.#buffers[last] ?? nothing
    const start = this.#starts[last] ?? 0
    const end = this.#ends[last] ?? 0
    const size = end - start
    if (size >= smallPartBytes || bytes === this.#slab) return
    if (this.#slabUsed + size > this.#slab.length) {
      this.#slab = new Uint8Array(slabBytes)
      this.#slabUsed = 0
    }
    const at = this.#slabUsed
    for (let index = start; index < end; index++) this.#slab[this.#slabUsed++] = bytes[index] ?? 0
    const previous = last - 1
    if (previous >= 0 && this.#buffers[previous] === this.#slab && this.#ends[previous] === at) {
      this.#ends[previous] = this.#slabUsed
      this.#count--
    } else {
      this.#buffers[last] = this.#slab
      this.#starts[last] = at
      this.#ends[last] = this.#slabUsed
    }
    this.#cursorPart = 0
    this.#cursorStart = 0
  }

  #compact(): void {
    const bytes = this.join()
    this.clear()
    this.append(bytes, 0, bytes.length)
  }
}
