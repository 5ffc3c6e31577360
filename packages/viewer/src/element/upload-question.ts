/** Whether a page passes on what it receives, and the question about it to the person who has to be asked. */

/** Whether a page passes on what it receives: yes, no, or when the person who watches has said so. */
export type UploadChoice = 'on' | 'ask' | 'off'

/** The choice that an attribute names; `on` where it is left out. */
export function readUploadChoice(value: string | null): UploadChoice {
  return value === 'ask' || value === 'off' ? value : 'on'
}

/** The page's choice, and what the person has answered. */
export class UploadQuestion {
  #choice: UploadChoice = 'on'
  /** Null before the person has answered. */
  #answer: boolean | null = null
  #box: HTMLElement | null = null

  /** Whether anything may be passed on now. */
  get isAllowed(): boolean {
    return this.#choice === 'ask' ? this.#answer === true : this.#choice === 'on'
  }

  /** The page's choice; with each one that it makes a person is asked anew. */
  set choice(choice: UploadChoice) {
    this.#choice = choice
    this.#answer = null
  }

  /**
   * Listens to the answer.
   *
   * @param onanswer the person has answered
   */
  listen(root: ParentNode, onanswer: (isAllowed: boolean) => void, signal: AbortSignal): void {
    this.#box = root.querySelector<HTMLElement>('.ask')
    const onclick = (selector: string, isAllowed: boolean): void => {
      const answer = (): void => {
        this.#answer = isAllowed
        onanswer(isAllowed)
      }
      this.#box?.querySelector(selector)?.addEventListener('click', answer, { signal })
    }
    onclick('.yes', true)
    onclick('.no', false)
  }

  /** Asks where that is due, while there is a channel; takes the question away otherwise. */
  show(hasChannel: boolean): void {
    if (this.#box !== null) this.#box.hidden = !hasChannel || this.#choice !== 'ask' || this.#answer !== null
  }
}
