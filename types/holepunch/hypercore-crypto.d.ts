declare module 'x-hypercore-crypto' {}
