// How the element looks. The custom properties that it reads are public: README.md lists them.

/** The style sheet of the shadow tree. */
export const styles = `
:host {
  --accent: var(--hypervision-accent-color, #e5484d);
  --words: var(--hypervision-text-color, #fff);
  --surface: var(--hypervision-surface-color, rgb(16 17 20 / 0.9));
  display: inline-block;
  position: relative;
  width: 640px;
  max-width: 100%;
  aspect-ratio: 16 / 9;
  overflow: hidden;
  color: var(--words);
  background: var(--hypervision-background, #000);
  font: 15px/1.4 var(--hypervision-font-family, system-ui, sans-serif);
  -webkit-tap-highlight-color: transparent;
}
:host([hidden]), [hidden] { display: none !important; }
:host(:fullscreen) { max-width: none; }
/* How large it is where nobody says so: what stands around it may ask for all that there is, which is nothing otherwise. */
.extent { width: 640px; max-width: 100%; aspect-ratio: 16 / 9; visibility: hidden; }
.player { position: absolute; inset: 0; container: player / size; outline: none; }
video, ::slotted([slot='media']) {
  display: block; width: 100%; height: 100%; object-fit: var(--media-object-fit, contain); object-position: var(--media-object-position, 50% 50%);
}
button { font: inherit; color: inherit; cursor: pointer; }
:focus-visible { outline: 2px solid var(--words); outline-offset: -2px; }
.player:focus-visible::after {
  content: ''; position: absolute; inset: 0; border: 2px solid var(--words); box-shadow: inset 0 0 0 1px #000; pointer-events: none;
}
svg { display: block; width: 24px; height: 24px; fill: currentColor; }

.status {
  position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 0.4em; grid-auto-rows: max-content;
  padding: 0.8em 1.5em; text-align: center; pointer-events: none; background: rgb(0 0 0 / 0.6);
}
/* Not behind the controls. */
:host([controls]) .status:not([data-state='error'], [data-state='empty']) { padding-bottom: 76px; }
.status > * { max-width: 34em; margin: 0; overflow-wrap: anywhere; }
.status[data-state='error'], .status[data-state='empty'] { background: rgb(0 0 0 / 0.85); }
.title { font-size: 1.25em; font-weight: 600; line-height: 1.3; }
.title, .about { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; line-clamp: 3; overflow: hidden; }
.about { white-space: pre-line; opacity: 0.85; }
.about[hidden] { display: none; }
.action {
  pointer-events: auto; margin-top: 0.5em; padding: 0.5em 1.4em; font-weight: 600; color: #fff; background: #b4232a; border: 0;
  border-radius: 999px;
}
.spinner {
  width: 2em; height: 2em; border: 3px solid rgb(255 255 255 / 0.3); border-top-color: var(--words); border-radius: 50%;
  animation: turn 1s linear infinite;
}
@keyframes turn { to { transform: rotate(1turn); } }

.ask {
  position: absolute; inset: 0 0 auto; display: flex; flex-wrap: wrap; gap: 0.5em 1em; align-items: center; justify-content: center;
  padding: 0.6em 1em; background: rgb(16 17 20 / 0.92); color: #fff; font-size: 14px;
}
.ask p { margin: 0; }
.ask div { display: flex; gap: 0.6em; }
.ask button { font-weight: 600; padding: 0.35em 1em; border-radius: 999px; border: 1px solid #fff; background: none; }
.ask .yes { background: #fff; color: #111; }
.ask .yes:focus-visible { outline-color: #111; outline-offset: -4px; }

.figures {
  position: absolute; top: 0.6em; left: 0.6em; display: grid; grid-template-columns: auto auto; gap: 0 1.2em; margin: 0;
  padding: 0.6em 0.9em; max-width: calc(100% - 1.2em); max-height: calc(100% - 88px); box-sizing: border-box; overflow: auto;
  background: var(--surface); border-radius: 6px; font-size: 12px; font-variant-numeric: tabular-nums;
}
.figures div { display: contents; }
.figures dd { margin: 0; text-align: end; }

.bar {
  position: absolute; inset: auto 0 0; padding: 1.6em 8px 4px; direction: ltr; transition: opacity 0.2s; color: var(--words);
  background: linear-gradient(transparent, rgb(0 0 0 / 0.8) 70%);
}
:host(:not([controls])) .bar, .status:is([data-state='error'], [data-state='empty']):not([hidden]) ~ .bar { display: none; }
.player.idle { cursor: none; }
.player.idle .bar { opacity: 0; pointer-events: none; }
.buttons { display: flex; align-items: center; }
.buttons > button {
  flex: none; display: grid; place-items: center; min-width: 40px; height: 40px; padding: 0; border: 0; border-radius: 6px;
  background: none;
}
.buttons > button:hover { background: rgb(255 255 255 / 0.16); }
button:not([data-on]) > .on, button[data-on] > .off { display: none; }
.buttons > .live {
  display: flex; align-items: center; gap: 6px; padding: 0 8px; font-size: 13px; font-weight: 600; white-space: nowrap;
  font-variant-numeric: tabular-nums;
}
.gap { flex: 1; }
.dot { width: 8px; height: 8px; border-radius: 50%; background: #b5b5b5; }
.live[aria-pressed='true'] .dot { background: var(--accent); }
.peers { display: flex; align-items: center; gap: 4px; padding: 0 6px; font-size: 13px; font-variant-numeric: tabular-nums; }
.peers svg { width: 18px; height: 18px; }

input {
  appearance: none; box-sizing: border-box; height: 20px; margin: 0; background: none; cursor: pointer; border-radius: 4px;
  --track: linear-gradient(to right, var(--accent) var(--filled, 0%), rgb(255 255 255 / 0.4) var(--filled, 0%));
}
.seek { display: block; width: calc(100% - 12px); margin: 0 6px; }
.volume { width: 76px; margin-inline: 2px 8px; }
input::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: var(--track); }
input::-moz-range-track { height: 4px; border-radius: 2px; background: var(--track); }
input::-webkit-slider-thumb {
  appearance: none; width: 14px; height: 14px; margin-top: -5px; border: 0; border-radius: 50%; background: var(--words);
}
input::-moz-range-thumb { width: 14px; height: 14px; border: 0; border-radius: 50%; background: var(--words); }

/* One thing at a time: on a phone there is no room for two. */
.figures:not([hidden]) ~ .ask, .status[data-state='error']:not([hidden]) ~ :is(.ask, .figures) { display: none; }
@container player (width < 520px) {
  .volume { display: none; }
  .status { font-size: 13px; padding: 0.5em 1em; gap: 0.2em; }
  .spinner { width: 1.4em; height: 1.4em; border-width: 2px; }
  .action { margin-top: 0.3em; padding: 0.4em 1.2em; }
  .live:not([aria-pressed='true']) > .word { display: none; }
  .buttons > button { min-width: 36px; }
  .figures { grid-template-columns: repeat(2, auto auto); gap: 0 0.9em; padding: 0.15em 0.8em; font-size: 11px; line-height: 1.1; }
  .status:not([hidden]) ~ .ask { display: none; }
  .ask { font-size: 13px; }
}
@container player (width < 340px) { .peers { display: none; } }
@container player (width < 300px) { .buttons > .pip, .buttons > .statistics { display: none; } }
@container player (height < 180px) {
  .spinner { display: none; }
  /* There is no time to seek in yet, and so no second row of controls. */
  :host([controls]) .status:is([data-state='searching'], [data-state='waiting']) { padding-bottom: 52px; }
}
@container player (height < 150px) { .text { display: none; } }
@container player (height < 260px) { .about { display: none; } }
@container player (width > 900px) { .status { font-size: 18px; } }
@media (pointer: coarse) {
  .buttons > button { height: 44px; }
  .seek { height: 24px; }
}
@media (prefers-reduced-motion: reduce) {
  .spinner { animation: none; border-style: dotted; border-color: var(--words); }
  .bar { transition: none; }
}
@media (forced-colors: active) {
  input { --track: CanvasText; }
  input::-webkit-slider-thumb { background: Highlight; }
  .dot { forced-color-adjust: none; }
}
`
