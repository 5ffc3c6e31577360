declare module 'x-protomux' {}
