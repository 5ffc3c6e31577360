// What packages around hypercore name but hypercore and its connections never call: whoever does is told so in words. The sizes
// are here, since they are read before anything is called.

export const crypto_box_PUBLICKEYBYTES = 32
export const crypto_box_SECRETKEYBYTES = 32
export const crypto_box_SEALBYTES = 48

function refuse(name: string): never {
  throw new Error(
    `${name} is not part of the cryptography for pages of @hypervision/hypercore-web, which has what hypercore and its ` +
      'connections need. Use a whole sodium, such as sodium-javascript, for it.',
  )
}

/** @throws Error always */
export const crypto_box_keypair = (): never => refuse('crypto_box_keypair')

/** @throws Error always */
export const crypto_box_seed_keypair = (): never => refuse('crypto_box_seed_keypair')

/** @throws Error always */
export const crypto_box_seal = (): never => refuse('crypto_box_seal')

/** @throws Error always */
export const crypto_box_seal_open = (): never => refuse('crypto_box_seal_open')
