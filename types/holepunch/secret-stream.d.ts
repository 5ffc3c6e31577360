declare module 'x-secret-stream' {}
