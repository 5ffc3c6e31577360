// The still picture of a show: any picture that the browser reads, made as small as core takes it.

/** Core takes no more. */
const maxBytes = 131_072
const [maxWidth, maxHeight] = [1280, 720]
/** The first that is small enough. */
const qualities = [0.85, 0.7, 0.5, 0.3, 0.1]
const prefix = 'data:image/jpeg;base64,'

/**
 * A picture as a text that can be kept and shown, a JPEG in a `data:` address.
 *
 * @throws Error in words for a person
 */
export async function readPoster(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new Error('This file is no picture that your browser can read. Choose a JPEG, PNG or WebP file.')
  })
  const scale = Math.min(1, maxWidth / picture.width, maxHeight / picture.height)
  const canvas = new OffscreenCanvas(Math.ceil(picture.width * scale), Math.ceil(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  for (const quality of qualities) {
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
    if (blob.size <= maxBytes) return dataUrl(blob)
  }
  throw new Error('This picture has too much detail to be made small enough. Choose another one.')
}

/** Whether a text is a picture that {@link readPoster} made. */
export function isPoster(text: unknown): text is string {
  return typeof text === 'string' && /^data:image\/jpeg;base64,[A-Za-z0-9+/]+={0,2}$/.test(text)
}

/** The file; null where there is none. */
export function posterBytes(poster: string): Uint8Array | null {
  if (!isPoster(poster)) return null
  return Uint8Array.from(atob(poster.slice(prefix.length)), (character) => character.charCodeAt(0))
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error('The picture cannot be read.'))
    reader.readAsDataURL(blob)
  })
}
