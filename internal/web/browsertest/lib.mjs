// What the stories share.
import { chromium } from "playwright-core"
import { createRequire } from "node:module"
import { readFileSync } from "node:fs"
import http from "node:http"
import path from "node:path"

// A person's pages share one renderer: to start another takes longer than most pages.
const how = { executablePath: process.env.CHROMIUM || "chromium", args: ["--no-sandbox", "--renderer-process-limit=1"] }

/** Starts a browser that others connect to. */
export const launchServer = () => chromium.launchServer(how)

// A story that is run by hand has a browser of its own.
const open = () => process.env.BROWSER ? chromium.connect(process.env.BROWSER) : chromium.launch(how)

/** How long, in milliseconds, a page may take on a machine that compiles beside it. */
export const patience = 60_000

/**
 * Runs a story as somebody who has never been here; a failure of the page is one of
 * the story. Who else comes has a context of their own: context.browser().newContext.
 */
export async function story(tell, options = {}) {
  const browser = await open()
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: "UTC", acceptDownloads: true, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(patience)
    const failures = []
    page.on("pageerror", e => failures.push(`script failed: ${e.message}`))
    page.on("console", m => { if (m.type() === "error" && !/status of (401|404|409|422)/.test(m.text())) failures.push(`console: ${m.text()}`) })
    page.on("request", r => { if (!/^(http:\/\/127\.0\.0\.1|data:|blob:|about:)/.test(r.url())) failures.push(`asked elsewhere: ${r.url()}`) })
    await tell(page, context)
    if (failures.length) throw new Error(failures.join("\n"))
  } finally {
    await browser.close()
  }
}

export function check(ok, what) {
  if (!ok) throw new Error(what)
}

/** Keeps a picture of the page where SHOTS says, to be looked at. */
export async function shot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: path.join(process.env.SHOTS, name + ".png"), fullPage: true })
}

/** Makes the first account with the link of the terminal. */
export async function setUp(page, link) {
  await page.goto(link)
  await page.getByLabel("Address").fill("commander@example.org")
  await page.getByLabel("Name").fill("Incident commander")
  await page.getByLabel("Password").fill("a long enough password")
  await page.getByRole("button", { name: "Go on" }).click()
  await page.waitForURL("**/")
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/** Gives a page of a story with { bypassCSP: true } the rules of accessibility as window.axe, half a megabyte, unless it has them. */
export async function giveRules(page) {
  if (!await page.evaluate(() => "axe" in window)) await page.evaluate(axe)
}

/** Rules that depend on color, which are all that dark can break when light keeps the rest. */
export const ofColor = { runOnly: ["color-contrast", "link-in-text-block"] }

/** Holds a page of a story with { bypassCSP: true } against the rules of accessibility, or some of them. */
export async function judge(page, what, rules = {}) {
  await giveRules(page)
  const { violations } = await page.evaluate(rules => window.axe.run(document, { resultTypes: ["violations"], ...rules }), rules)
  const bad = violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => `${v.id} ${v.nodes[0].target}`)
  check(bad.length === 0, `${what}: ${bad.join("; ")}`)
}

const wide = page => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Judges a page in the four forms in which people see it, in dark by the rules of color. */
export async function look(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 })
      check(await wide(page) <= 0, `${name} scrolls sideways by ${await wide(page)} px at ${width}`)
      await judge(page, `${name}, ${colorScheme}, ${width}`, colorScheme === "dark" ? ofColor : {})
      await shot(page, `${name}-${colorScheme}-${width}`)
    }
  }
  await page.emulateMedia({ colorScheme: "light" })
  await page.setViewportSize({ width: 1280, height: 900 })
}

/**
 * Does something until it succeeds: a page that changes in the moment of a click or
 * under a pointer at rest, as live pages do, swallows it, and people do it again. What
 * is done must not wait for long itself (soon).
 */
export async function until(act) {
  for (const end = Date.now() + patience; ; await new Promise(done => setTimeout(done, 50))) {
    try { return await act() } catch (e) { if (Date.now() > end) throw e }
  }
}

/** How long what is done again waits for what it brings. */
export const soon = { timeout: 5_000 }

/** Follows the link of a name, of a page that is live, to where something stands. */
export const follow = (page, name, there) => until(async () => {
  const link = page.getByRole("link", { name })
  if (await link.count() > 0) await link.click(soon)
  await there.waitFor(soon)
})

/** Takes the proposal of the lint for what it marked last, and returns what the button said. */
export const take = (page, marks) => until(async () => {
  const proposal = page.locator(".cm-diagnosticAction").first()
  await page.mouse.move(5, 5)
  await marks.last().hover(soon)
  const said = await proposal.textContent(soon)
  await proposal.click(soon)
  return said
})

/** Opens an address again and again until something stands there that is made in the background. */
export const appears = (page, address, what) => until(async () => {
  await page.goto(address)
  check(await what.count() > 0, `${what} is not on ${address}`)
})

/** Starts a double of a system of others, which answers with what answer gives: status and value. */
export async function double(answer) {
  const server = http.createServer(async (q, r) => {
    let body = ""
    for await (const piece of q) body += piece
    const [status, value] = answer(q, body)
    r.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value))
  })
  await new Promise(ready => server.listen(0, "127.0.0.1", ready))
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}
