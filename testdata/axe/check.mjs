// Checks pages for accessibility faults: node check.mjs FILE.html…
//
// Each page is opened in Debian's headless chromium from a copy beside it, with
// axe-core added and its own content security policy left out (the policy
// forbids scripts, which is the point of it; a test of its own holds it).
// Prints one JSON object: {"file": [{"id", "impact", "help", "nodes": [html…]}]}.
// Exit: 0 no fault, 1 faults, 3 could not tell.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// The answer leaves the page as text between two marks of its title.
const ask = `axe.run(document, {runOnly: ${JSON.stringify(tags)}}).then(
  r => ({violations: r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => n.html)})), passes: r.passes.length}),
  e => ({error: String(e)})).then(a => { document.title = '@@' + btoa(unescape(encodeURIComponent(JSON.stringify(a)))) + '@@' })`

async function check (file) {
  const profile = mkdtempSync(join(tmpdir(), 'axe-'))
  const copy = join(dirname(resolve(file)), `.axe-${process.pid}.html`)
  try {
    const page = readFileSync(file, 'utf8').replace(/<meta[^>]*http-equiv=["']?content-security-policy[^>]*>/gi, '')
    writeFileSync(copy, page.replace(/<\/body>|$/i, () => `<script>${axe}</script><script>${ask}</script></body>`))
    const { stdout } = await promisify(execFile)('chromium', [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', `--user-data-dir=${profile}`, '--window-size=1280,2000',
      '--virtual-time-budget=20000', '--dump-dom', pathToFileURL(copy).href
    ], { maxBuffer: 1 << 28, timeout: 60000 })
    const answer = stdout.match(/@@([A-Za-z0-9+/=]+)@@/)
    if (!answer) throw new Error(`${file}: the page gave no answer`)
    const { violations, passes, error } = JSON.parse(Buffer.from(answer[1], 'base64').toString())
    if (error) throw new Error(`${file}: ${error}`)
    if (passes === 0) throw new Error(`${file}: axe-core found nothing to check`)
    return violations
  } finally {
    rmSync(copy, { force: true })
    rmSync(profile, { recursive: true, force: true })
  }
}

try {
  const found = {}
  for (const file of process.argv.slice(2)) found[file] = await check(file)
  console.log(JSON.stringify(found, null, 1))
  process.exitCode = Object.values(found).some(v => v.length > 0) ? 1 : 0
} catch (e) {
  console.error(e.message)
  process.exitCode = 3
}
