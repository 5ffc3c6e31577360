/** Text as a terminal may have it: nothing in it but what is to be read, in lines that fit. */

/**
 * Leaves out what would steer the terminal: a title comes from whoever has broadcast it. Line breaks stay.
 *
 * @returns text without control characters (C0, C1) and without marks that turn the direction of writing
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

/**
 * Breaks text between words. A word that is longer than a line stays whole: a link has to be copied.
 *
 * @param width most characters of a line
 */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
