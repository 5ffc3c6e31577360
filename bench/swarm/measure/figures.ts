/** What one run measured, by name; null where the nodes do not say it. */
export type Figures = Readonly<Record<string, number | null>>
