/** EventTarget with the events of a class spelled out, so that listeners are typed. */

/** An event that carries plain data in `detail`. */
export class DetailEvent<Detail> extends Event {
  /** What the event tells. */
  readonly detail: Detail

  /** Makes an event of a type. */
  constructor(type: string, detail: Detail) {
    super(type)
    this.detail = detail
  }
}

/** A listener of one event. */
export type DetailListener<Detail> = (event: DetailEvent<Detail>) => void

/** How to listen; as in the DOM. */
export interface ListenOptions {
  /** Hear only the first one. */
  readonly once?: boolean
  /** Stops listening when it aborts. */
  readonly signal?: AbortSignal
}

/** The listening side of an EventTarget whose events are the keys of `Events` and whose details are its values. */
export interface TypedEventTarget<Events extends object> {
  /** Listens to an event. Adding the same listener again changes nothing, as in the DOM. */
  addEventListener<Type extends keyof Events & string>(
    type: Type,
    listener: DetailListener<Events[Type]>,
    options?: ListenOptions,
  ): void
  /** Stops listening. */
  removeEventListener<Type extends keyof Events & string>(type: Type, listener: DetailListener<Events[Type]>): void
}

/** The owner's side: it can also dispatch. */
export class EventSource<Events extends object> implements TypedEventTarget<Events> {
  readonly #target = new EventTarget()

  addEventListener<Type extends keyof Events & string>(
    type: Type,
    listener: DetailListener<Events[Type]>,
    options?: ListenOptions,
  ): void {
    this.#target.addEventListener(type, listener as unknown as (event: Event) => void, options)
  }

  removeEventListener<Type extends keyof Events & string>(type: Type, listener: DetailListener<Events[Type]>): void {
    this.#target.removeEventListener(type, listener as unknown as (event: Event) => void)
  }

  /** Tells the listeners, in the order in which they came. */
  protected emit<Type extends keyof Events & string>(type: Type, detail: Events[Type]): void {
    this.dispatch(type, detail)
  }

  /** Tells the listeners of an event that somebody else has checked. */
  protected dispatch(type: string, detail: unknown): void {
    this.#target.dispatchEvent(new DetailEvent(type, detail))
  }
}
