declare module 'x-hyperswarm' {}
