// One static site that works from any folder of any server. The player for other people's sites is put beside it as it was built.
import { createReadStream, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const fileOf = (specifier: string) => fileURLToPath(import.meta.resolve(specifier))
const viewer = (path: string) => fileOf('@hypervision/viewer/package.json').replace('package.json', path)

/** Address on the site → file. */
const playerFiles: Readonly<Record<string, string>> = {
  'player/embed.html': viewer('embed.html'),
  'player/dist/script/element.js': viewer('dist/script/element.js'),
}

/** What share links of the studio point to: `player/embed.html` for an iframe, `player/dist/script/element.js` for a script tag. */
function playerForOtherSites(): Plugin {
  return {
    name: 'player-for-other-sites',
    generateBundle() {
      for (const [fileName, file] of Object.entries(playerFiles)) {
        this.emitFile({ type: 'asset', fileName, source: readFileSync(file) })
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const file = playerFiles[(request.url ?? '').replace(/^\/|\?.*$/g, '')]
        if (file === undefined) return next()
        response.setHeader('content-type', file.endsWith('.js') ? 'text/javascript' : 'text/html')
        createReadStream(file).pipe(response)
      })
    },
  }
}

export default defineConfig({
  base: './',
  plugins: [playerForOtherSites()],
  // core is one chunk of 600 kB, which is loaded when somebody goes live or watches.
  build: { target: 'es2022', chunkSizeWarningLimit: 1000 },
})
