// What stands in the element's shadow tree. Parts and custom properties are public: README.md lists them.

const styles = `
:host {
  --accent: var(--hypervision-accent-color, #e5484d);
  --text: var(--hypervision-text-color, #fff);
  --surface: var(--hypervision-surface-color, rgb(16 17 20 / 0.88));
  display: inline-block;
  position: relative;
  width: 640px;
  max-width: 100%;
  aspect-ratio: 16 / 9;
  line-height: 1.4;
  color: var(--text);
  background: var(--hypervision-background, #000);
  font: 15px/1.4 var(--hypervision-font-family, system-ui, sans-serif);
  overflow: hidden;
}
:host([hidden]) { display: none; }
[hidden] { display: none !important; }
media-controller {
  --media-primary-color: var(--text);
  --media-control-background: transparent;
  --media-control-hover-background: rgb(255 255 255 / 0.16);
  --media-range-bar-color: var(--accent);
  --media-focus-box-shadow: inset 0 0 0 2px var(--text);
  --media-live-button-indicator-color: var(--accent);
  --media-live-button-icon-color: rgb(200 200 200);
  --media-font-family: inherit;
  width: 100%;
  height: 100%;
  background: transparent;
}
video { width: 100%; height: 100%; object-fit: var(--media-object-fit, contain); }
/* The controller sets it to nothing. */
.status, .ask, .figures, .viewers, .figures-button { line-height: 1.4; }
.bar { width: 100%; background: linear-gradient(transparent, rgb(0 0 0 / 0.75)); padding-top: 1.5em; }
:host(:not([controls])) .bar { display: none; }
media-time-range { flex: 1; min-width: 3em; }
.viewers, .figures-button { font: inherit; font-size: 13px; color: inherit; white-space: nowrap; }
.viewers { align-self: center; padding: 0 0.6em; }
.figures-button { background: none; border: 0; padding: 0 0.8em; cursor: pointer; }
button:focus-visible { outline: 2px solid var(--text); outline-offset: -2px; }
.status {
  position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 0.4em;
  padding: 1em; text-align: center; pointer-events: none; background: rgb(0 0 0 / 0.45);
}
.status > * { pointer-events: auto; max-width: 34em; margin: 0; }
.title { font-size: 1.25em; font-weight: 600; overflow-wrap: anywhere; }
.text { overflow-wrap: anywhere; }
.action {
  margin-top: 0.6em; padding: 0.5em 1.3em; font: inherit; font-weight: 600; color: #fff; background: #b4232a; border: 0;
  border-radius: 999px; cursor: pointer;
}
.spinner {
  width: 2em; height: 2em; border: 3px solid rgb(255 255 255 / 0.3); border-top-color: var(--text); border-radius: 50%;
  animation: turn 1s linear infinite;
}
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { .spinner { animation-duration: 6s; } }
.ask {
  position: absolute; inset: 0 0 auto; display: flex; flex-wrap: wrap; gap: 0.5em 1em; align-items: center; justify-content: center;
  padding: 0.6em 1em; background: rgb(16 17 20 / 0.92); font-size: 14px;
}
.ask p { margin: 0; }
.ask button {
  font: inherit; font-weight: 600; padding: 0.3em 1em; border-radius: 999px; border: 1px solid #fff; background: none; color: #fff;
  cursor: pointer;
}
.ask .yes { background: #fff; color: #111; }
.figures {
  position: absolute; top: 0.6em; left: 0.6em; display: grid; grid-template-columns: auto auto; gap: 0 1em; margin: 0; padding: 0.6em 0.9em;
  max-height: calc(100% - 5em); overflow: auto; background: var(--surface); border-radius: 6px; font-size: 12px;
  font-variant-numeric: tabular-nums;
}
/* One thing at a time: on a phone there is no room for two. */
.figures:not([hidden]) ~ .ask, .status[data-state='error']:not([hidden]) ~ :is(.ask, .figures) { display: none; }
.status[data-state='error'] { background: rgb(0 0 0 / 0.85); }
.figures dd { margin: 0; text-align: end; }
@container (max-width: 420px) { media-volume-range, .viewers { display: none; } }
:host { container-type: inline-size; }
`

/** @param attributes of the video element, as HTML */
export function templateHtml(attributes: string): string {
  return `<style>${styles}</style>
<media-controller part="controller" defaultstreamtype="live" liveedgeoffset="2" noautoseektolive>
  <slot name="media" slot="media"><video part="video"${attributes} playsinline></video></slot>
  <div class="status" part="status" role="status" slot="centered-chrome" noautohide hidden>
    <div class="spinner" aria-hidden="true" hidden></div>
    <p class="title" part="status-title"></p>
    <p class="text" part="status-text"></p>
    <button class="action" part="action" type="button" hidden></button>
  </div>
  <dl class="figures" part="statistics" aria-label="Statistics" slot="top-chrome" noautohide hidden></dl>
  <div class="ask" part="ask" role="group" aria-label="Passing the video on" slot="top-chrome" noautohide hidden>
    <p>Viewers pass this video on to each other. May this page upload it to others while you watch?</p>
    <button class="yes" type="button">Pass it on</button><button class="no" type="button">Only watch</button>
  </div>
  <media-control-bar class="bar" part="control-bar">
    <media-play-button></media-play-button>
    <media-live-button></media-live-button>
    <media-mute-button></media-mute-button>
    <media-volume-range></media-volume-range>
    <media-time-range></media-time-range>
    <span class="viewers" part="peers"></span>
    <button class="figures-button" type="button" aria-expanded="false">Statistics</button>
    <media-pip-button></media-pip-button>
    <media-fullscreen-button></media-fullscreen-button>
  </media-control-bar>
</media-controller>
<slot></slot>`
}
