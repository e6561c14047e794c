// What the stories share.
import { chromium } from "playwright-core"
import path from "node:path"

const how = { executablePath: process.env.CHROMIUM || "chromium", args: ["--no-sandbox"] }

/** Starts a browser that others connect to. */
export const launchServer = () => chromium.launchServer(how)

// A story that is run by hand has a browser of its own.
const open = () => process.env.BROWSER ? chromium.connect(process.env.BROWSER) : chromium.launch(how)

/**
 * Runs a story as somebody who has never been here; a failure of the page is one of
 * the story. Who else comes has a context of their own: context.browser().newContext.
 */
export async function story(tell, options = {}) {
  const browser = await open()
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: "UTC", acceptDownloads: true, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
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
