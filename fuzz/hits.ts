/** Name of the array of counters: a global of the worker, raised by the sources under test. */
export const hitsName = '__fuzzHits'
