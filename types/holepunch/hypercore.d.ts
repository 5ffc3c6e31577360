declare module 'x-hypercore' {}
