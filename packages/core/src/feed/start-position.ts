/**
 * Where to begin: at the live edge, at the oldest block there is, so many seconds before the live edge, or at a moment.
 * It is always the newest keyframe at or before the place that was asked for.
 */
export type StartPosition = 'live' | 'start' | { readonly secondsAgo: number } | { readonly time: Date }
