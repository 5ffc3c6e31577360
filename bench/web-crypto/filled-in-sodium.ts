// sodium-javascript with the one function put in, and its constants, without which no two ends of hypercore connect. What it has is
// left as it comes.
export {
  crypto_scalarmult_ed25519_BYTES,
  crypto_scalarmult_ed25519_noclamp,
  crypto_scalarmult_ed25519_SCALARBYTES,
} from '@hypervision/hypercore-web/sodium'
export * from 'sodium-javascript'
