/** A program that npm does not carry. */
export interface Program {
  readonly name: string
  readonly variable: string
  readonly files: readonly string[]
  readonly debian: string
}

export const programs: Readonly<Record<'ffmpeg' | 'ffprobe' | 'chromium' | 'firefox', Program>>
export function findProgram(program: Program): string | undefined
export function needProgram(program: Program): string
export function isProgram(path: string): boolean
