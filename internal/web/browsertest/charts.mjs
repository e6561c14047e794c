// The charts of metrics: values under the pointer, under a finger and by the keys.
import { check, shot, story } from "./lib.mjs"

const [here] = process.argv.slice(2)

const open = async page => {
  await page.goto(here + "/p/1")
  await page.locator("hc-charts").scrollIntoViewIfNeeded()
  const charts = page.getByRole("slider", { name: "Moment on the charts" })
  await charts.waitFor()
  await charts.scrollIntoViewIfNeeded()
  return charts
}
const says = page => page.locator("hc-charts .says").textContent()

await story(async page => {
  const charts = await open(page)

  // Under the pointer: time, phase, the nearest change, and a value with its unit in every panel.
  const box = await charts.boundingBox()
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  check(/^14:4\d:\d\d · worked on · after 14:42:15 action: Rollback/.test(await says(page)), `in the middle the charts say ${await says(page)}`)
  const values = await page.locator("hc-charts .read").allTextContents()
  check(values.length === 2 && values.every(v => /^[\d.,]+/.test(v)), `the panels say ${values}`)
  await shot(page, "charts")
  await page.mouse.move(5, 5)
  check((await says(page)).startsWith("Point at the charts"), "the values stay when the pointer has gone")

  // By the keys, from the first sample to the last.
  await charts.focus()
  const first = await charts.getAttribute("aria-valuetext")
  await page.keyboard.press("ArrowRight")
  const second = await charts.getAttribute("aria-valuetext")
  check(first !== second && /^14:3\d:\d\d/.test(second) && second.includes("http_success_ratio"), `after an arrow key the slider says ${second}`)
  await page.keyboard.press("End")
  check(await charts.getAttribute("aria-valuenow") === await charts.getAttribute("aria-valuemax"), "End does not lead to the last sample")
  await page.keyboard.press("Home")
  check(await charts.getAttribute("aria-valuetext") === first, "Home does not lead to the first sample")

  // What was measured later is not there as of a moment.
  const most = Number(await charts.getAttribute("aria-valuemax"))
  await page.locator("hc-moments input[type=range]").focus()
  await page.keyboard.press("Home")
  await page.waitForFunction(most => Number(document.querySelector("hc-charts [role=slider]").getAttribute("aria-valuemax")) < most, most)

  // The same as a table.
  await page.getByRole("link", { name: "Values as a table" }).click()
  await page.getByRole("heading", { name: "Values of the metrics" }).waitFor()
  check(await page.locator(".values table").count() === 2, "there is not a table for each metric")
}, { timezoneId: "UTC" })

await story(async page => {
  const charts = await open(page)
  const box = await charts.boundingBox()
  await page.touchscreen.tap(box.x + box.width * 0.7, box.y + 200)
  check(/^\d\d:\d\d:\d\d · /.test(await says(page)), `after a tap the charts say ${await says(page)}`)
  check(await page.evaluate(() => document.documentElement.scrollWidth) === 360, "the page scrolls sideways")
  await shot(page, "charts-phone")
}, { viewport: { width: 360, height: 740 }, hasTouch: true, colorScheme: "dark" })

await story(async page => {
  await page.goto(here + "/p/1")
  check(await page.locator("hc-charts img").count() === 1, "without scripts there is no picture")
  await page.getByRole("link", { name: "Values as a table" }).click()
  check(await page.locator(".values table tbody tr").count() > 20, "without scripts the tables are empty")
}, { javaScriptEnabled: false })
