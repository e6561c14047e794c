// The exported page: it needs no server, and its slider leaves out what nobody
// knew yet. Without scripts it is the whole page.
import { check, shot, story } from "./lib.mjs"

const [, , here] = process.argv
const body = await (await fetch(here + "/p/1/export.html")).text()
const open = async page => {
  await page.route("http://127.0.0.1/offline.html", r => r.fulfill({ contentType: "text/html", body }))
  await page.goto("http://127.0.0.1/offline.html")
}
const shown = page => page.$$eval("li[id^='timeline/']", all => all.filter(e => e.offsetParent).length)
const says = page => page.textContent("#asof-says")

await story(async page => {
  await open(page)
  const all = await shown(page)
  check(all > 10 && (await says(page)).startsWith("Today"), "the page does not begin whole")
  await page.getByLabel("What could they know?").focus()
  await page.keyboard.press("Home")
  check(await shown(page) === 1, "the first moment does not show the first entry alone")
  check(/As of .*: \d+ things nobody knew yet/.test(await says(page)), `it says ${await says(page)}`)
  check(!(await page.getByRole("heading", { name: "Root Cause Analysis" }).isVisible()), "causes are shown before they were known")
  check(!(await page.getByText("went on although its database migration").isVisible()), "prose is shown, which is written with hindsight")
  await page.keyboard.press("ArrowRight")
  check(await shown(page) >= 1 && await shown(page) < all, "the next moment shows everything")
  await shot(page, "offline")
  await page.keyboard.press("End")
  check(await shown(page) === all, "the last position is not the whole page")
  check(await page.getByRole("heading", { name: "Root Cause Analysis" }).isVisible(), "the causes do not come back")
})

await story(async page => {
  await open(page)
  check(!(await page.isVisible("#asof")) && await shown(page) > 10, "without scripts it is not the plain page")
}, { javaScriptEnabled: false })
