import { expect, test } from 'vitest'
import { readAnnouncement } from './announcement.ts'

const id = (letter: string): string => letter.repeat(20)
const announcement = (rest: object): string =>
  JSON.stringify({ action: 'announce', info_hash: id('a'), peer_id: id('b'), ...rest })
const offersIn = (text: string): number => {
  const read = readAnnouncement(text)
  return typeof read === 'string' ? -1 : read.offers.length
}

test('10 offers are taken from an announcement, and of more the first 10', () => {
  const offers = (count: number): object => ({
    offers: Array.from({ length: count }, () => ({ offer_id: id('c'), offer: { sdp: 'v=0' } })),
  })
  expect([10, 11].map((count) => offersIn(announcement(offers(count))))).toEqual([10, 10])
})

test('a description of 16 384 characters is passed on, and none of one more', () => {
  const offer = (length: number): object => ({ offers: [{ offer_id: id('c'), offer: { sdp: 'x'.repeat(length) } }] })
  expect([16_384, 16_385].map((length) => offersIn(announcement(offer(length))))).toEqual([1, 0])
  const answer = (length: number): string =>
    announcement({ to_peer_id: id('d'), offer_id: id('c'), answer: { sdp: 'x'.repeat(length) } })
  const answers = [16_384, 16_385].map((length) => readAnnouncement(answer(length)))
  expect(answers).toMatchObject([{ answer: { to: id('d') } }, { answer: null }])
})

test('hashes and ids have 20 characters of a byte each', () => {
  for (const wrong of [id('a').slice(1), `${id('a')}a`, id('Ā'), 7, null]) {
    expect(readAnnouncement(announcement({ info_hash: wrong }))).toBe('invalid info_hash')
    expect(readAnnouncement(announcement({ peer_id: wrong }))).toBe('invalid peer_id')
  }
})
