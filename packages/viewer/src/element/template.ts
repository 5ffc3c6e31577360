// What stands in the element's shadow tree. Parts are public: README.md lists them.
import { type IconName, iconHtml } from './icons.ts'
import { styles } from './styles.ts'

/** A button with one picture, or with one for each of its two states. */
function buttonHtml(name: string, label: string, key: string, icon: IconName, pressed?: IconName): string {
  const icons = pressed === undefined ? iconHtml(icon) : iconHtml(icon, 'off') + iconHtml(pressed, 'on')
  return `<button class="${name}" part="button ${name}-button" type="button" aria-label="${label}" title="${label} (${key})" aria-keyshortcuts="${key}">${icons}</button>`
}

/** Attributes that the inner video gets as they are. */
const videoAttributes = ['muted', 'loop', 'poster', 'autoplay', 'disablepictureinpicture']

/** @param given attributes of the element */
export function templateHtml(given: Readonly<Record<string, string>>): string {
  const attributes = videoAttributes
    .filter((name) => name in given)
    .map((name) => ` ${name}="${escapeHtml(given[name] ?? '')}"`)
    .join('')
  return `<style>${styles}</style>
<div class="extent"></div>
<div class="player" part="player" role="region" aria-label="Video player">
  <slot name="media"><video part="video"${attributes} playsinline></video></slot>
  <div class="status" part="status" role="status" hidden>
    <div class="spinner" aria-hidden="true" hidden></div>
    <p class="title" part="status-title"></p>
    <p class="text" part="status-text"></p>
    <p class="about" part="status-about" hidden></p>
    <button class="action" part="action" type="button" hidden></button>
  </div>
  <dl class="figures" part="statistics" aria-label="Statistics" tabindex="0" hidden></dl>
  <div class="ask" part="ask" role="group" aria-label="Passing the video on" hidden>
    <p>Viewers pass this video on to each other. May this page upload it to others while you watch?</p>
    <div><button class="yes" type="button">Pass it on</button><button class="no" type="button">Only watch</button></div>
  </div>
  <div class="bar" part="control-bar" role="group" aria-label="Controls">
    <input class="seek" part="seek" type="range" min="0" max="1" value="1" step="any" aria-label="Time" hidden>
    <div class="buttons">
      ${buttonHtml('play', 'Play', 'k', 'play', 'pause')}
      ${buttonHtml('mute', 'Mute', 'm', 'sound', 'muted')}
      <input class="volume" part="volume" type="range" min="0" max="1" step="0.05" aria-label="Volume">
      <button class="live" part="button live-button" type="button" aria-keyshortcuts="l"><span class="dot"></span><span class="word">Live</span><span class="behind" part="behind" hidden></span></button>
      <span class="gap"></span>
      <span class="peers" part="peers" role="img">${iconHtml('peers')}<span class="count"></span></span>
      ${buttonHtml('statistics', 'Statistics', 's', 'statistics')}
      ${buttonHtml('pip', 'Picture in picture', 'p', 'pictureInPicture')}
      ${buttonHtml('fullscreen', 'Full screen', 'f', 'enterFullscreen', 'leaveFullscreen')}
    </div>
  </div>
</div>
<slot></slot>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
