// Sixty factors: all of them at a glance, a part of them beside a map, and a link made
// by dragging one onto another.
import { check, shot, story } from "./lib.mjs"

const [here] = process.argv.slice(2)

const factors = [...Array(60).keys()].map(n => `- Factor ${n} <!-- f:f${n} -->
  - Category: process gap
  - Bone: ${["people", "process", "technology", "environment"][n % 4]}
  - Led to:
    - ${n > 3 ? `Factor ${n >> 1} <!-- f:f${n >> 1} -->` : "the incident <!-- f:incident -->"}`).join("\n")

let post = ""

await story(async page => {
  await page.goto(here + "/new")
  await page.setInputFiles("#md-file", [{ name: "many.md", mimeType: "text/markdown", buffer: Buffer.from(`# Sixty factors\n\n## Contributing Factors\n\n${factors}\n`) }])
  await page.getByRole("button", { name: "Import" }).click()
  await page.waitForURL(/\/p\/\d+/)
  post = new URL(page.url()).pathname.match(/\/p\/\d+/)[0]
  await page.goto(here + post + "/analysis?view=graph")
  const picture = page.locator("hc-analysis [data-picture]")
  const size = () => page.locator("[data-scale=one]").textContent()
  const map = page.locator("hc-analysis .map")
  await map.waitFor()
  check(await map.locator(".cause").count() >= 60, "the map does not show every factor")

  // All of it, by the keyboard, and back.
  await page.locator('hc-analysis [data-factor="incident"]').focus()
  await page.keyboard.press("0")
  check(await picture.evaluate(p => p.scrollWidth <= p.clientWidth + 1 && p.scrollHeight <= p.clientHeight + 1), "all of it does not fit")
  check(await map.isHidden(), "there is a map of what is seen as a whole")
  await shot(page, "overview")
  await page.keyboard.press("0")
  check(await size() === "100 %", `back from all of it the size is ${await size()}`)
  await page.keyboard.press("-")
  check(await size() === "80 %", `a step smaller is ${await size()}`)
  await page.keyboard.press("+")
  await page.getByRole("button", { name: "Larger" }).click()
  check(await size() === "125 %", `a step larger is ${await size()}`)
  await page.locator("[data-scale=one]").click()

  // The map leads elsewhere, and says where one is.
  const box = await map.boundingBox()
  const scrolled = () => picture.evaluate(p => [p.scrollLeft, p.scrollTop])
  await page.mouse.click(box.x + 5, box.y + 5)
  check((await scrolled()).join() === "0,0", `the corner of the map leads to ${await scrolled()}`)
  await page.mouse.click(box.x + box.width - 5, box.y + box.height - 5)
  const [left, top] = await scrolled()
  check(left > 0 && top > 0, `the other corner of the map leads to ${left}, ${top}`)
  const seen = await map.locator(".seen").elementHandle()
  await page.waitForFunction(([rect, x]) => Math.abs(Number(rect.getAttribute("x")) - x) < 2, [seen, left]) // the map follows a frame after the picture
  await shot(page, "overview-map")

  // Empty space is taken by the hand.
  const p = await picture.boundingBox()
  await page.keyboard.press("Escape")
  const [x, y] = await page.evaluate(({ x, y, height }) => {
    for (let at = y + 4; at < y + height - 4; at += 4) {
      if (!document.elementFromPoint(x + 4, at).closest("[data-factor], .map")) return [x + 4, at]
    }
    return [x + 4, y + 4]
  }, p)
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 100, y + 60, { steps: 3 })
  await page.mouse.up()
  check((await scrolled())[0] === left - 100, "the picture does not move with the hand")

  // One factor dragged onto another is linked with it; what is chosen stays in sight.
  await page.getByRole("button", { name: "Whole" }).click()
  const middle = async id => { const b = await page.locator(`hc-analysis [data-factor="${id}"] rect`).first().boundingBox(); return [b.x + b.width / 2, b.y + b.height / 2] }
  await page.mouse.move(...await middle("f59"))
  await page.mouse.down()
  await page.mouse.move(...await middle("f7"), { steps: 4 })
  await page.mouse.up()
  await page.locator('#panel form[data-do="link"] select[name=to]').waitFor()
  await page.locator("hc-analysis:not([aria-busy])").waitFor()
  check(await page.locator('#panel select[name=to]').inputValue() === "f7", "the form does not name the factor that was aimed at")
  check(await picture.evaluate(p => { const a = p.querySelector('[data-factor="f59"] rect').getBoundingClientRect(), b = p.getBoundingClientRect(); return a.left >= b.left && a.right <= b.right && a.bottom <= b.bottom }), "what was chosen is out of sight")
  await page.locator("#panel").getByRole("button", { name: "Link" }).click()
  await page.locator("svg title", { hasText: /Factor 59 led to F[0-9]+ Factor 7/ }).waitFor({ state: "attached" })
})

// Without scripts it is a still picture that can be scrolled.
await story(async page => {
  await page.goto(here + post + "/analysis?view=graph")
  const picture = page.locator("[data-picture]")
  check(await picture.locator("svg").count() === 1 && await page.getByRole("group", { name: "Size" }).count() === 0, "there are buttons that do nothing")
  check(await picture.evaluate(p => p.scrollWidth > p.clientWidth && getComputedStyle(p).overflowX === "auto" && p.tabIndex === 0), "the picture cannot be scrolled by the keyboard")
}, { javaScriptEnabled: false })
