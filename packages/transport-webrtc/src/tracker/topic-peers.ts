/** Who is on a topic, such that a few of them are picked at random as fast from ten thousand as from ten. */

/** A set of members by their id. */
export class TopicPeers<Member> {
  readonly #members: { readonly id: string; readonly member: Member }[] = []
  readonly #places = new Map<string, number>()

  get size(): number {
    return this.#members.length
  }

  get(id: string): Member | undefined {
    const place = this.#places.get(id)
    return place === undefined ? undefined : this.#members[place]?.member
  }

  /** Adds a member whose id is not in use. */
  add(id: string, member: Member): void {
    this.#places.set(id, this.#members.length)
    this.#members.push({ id, member })
  }

  remove(id: string): void {
    const place = this.#places.get(id)
    const last = this.#members.pop()
    if (place === undefined || last === undefined) return
    this.#places.delete(id)
    if (last.id === id) return
    this.#members[place] = last
    this.#places.set(last.id, place)
  }

  /** Up to `count` members other than one, each once, in random order. */
  pick(count: number, except: string, random: () => number = Math.random): Member[] {
    const picked: Member[] = []
    const members = this.#members
    // The first places are shuffled as far as they are needed, which the next pick does again.
    for (let at = 0; at < members.length && picked.length < count; at++) {
      this.#swap(at, at + Math.floor(random() * (members.length - at)))
      const one = members[at]
      if (one !== undefined && one.id !== except) picked.push(one.member)
    }
    return picked
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#members[a], this.#members[b]]
    if (first === undefined || second === undefined) return
    this.#members[a] = second
    this.#members[b] = first
    this.#places.set(second.id, a)
    this.#places.set(first.id, b)
  }
}
