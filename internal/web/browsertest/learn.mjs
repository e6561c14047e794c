// Reading what is published: what to learn first, what readers leave, and slides by
// the keyboard, on a phone, and without scripts.
import { check, giveRules, shot, story } from "./lib.mjs"

const [here] = process.argv.slice(2)

async function accessible(page, what) {
  await page.evaluate(() => Promise.allSettled([document.fonts.ready, ...document.getAnimations().map(a => a.finished)]))
  await giveRules(page)
  const found = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }))
  check(found.violations.length === 0, `${what}: ` + found.violations.map(v => `${v.id} at ${v.nodes[0].target}`).join(", "))
}

const wide = page => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

await story(async page => {
  await page.goto(here + "/p/1")
  await page.getByRole("link", { name: "Read", exact: true }).click()
  await page.getByRole("heading", { name: "What to learn from this" }).waitFor()
  const first = await page.locator("article h2").first().textContent()
  check(first === "What to learn from this", `the first heading is ${first}`)
  await page.locator("#learn").getByRole("link").first().click()
  check(await page.locator("li:target").count() === 1, "what is to be learned leads nowhere")

  await page.getByRole("button", { name: "Thank the team" }).click()
  await page.getByText("You said thanks").waitFor()
  await page.getByLabel("Ask a question").fill("Was the check <b>known</b>?")
  await page.getByRole("button", { name: "Ask" }).click()
  await page.locator(".asked", { hasText: "<b>known</b>" }).waitFor()
  await page.locator("summary", { hasText: "Answer" }).click()
  await page.getByLabel("Your answer").fill("It was not.")
  await page.getByRole("button", { name: "Answer" }).click()
  await page.locator(".answered", { hasText: "It was not." }).waitFor()
  await page.getByLabel("Your service").fill("billing")
  await page.getByLabel("What is useful to it").fill("The same pool")
  await page.getByRole("button", { name: "Note it" }).click()
  await page.locator(".uses").getByRole("link", { name: "billing" }).click()
  await page.getByText("The same pool").waitFor()
  await page.getByRole("link", { name: "#1 Mobile API" }).first().click()
  await shot(page, "read")

  // Slides by the keyboard, without loading the page again.
  await page.getByRole("link", { name: "Present" }).click()
  await page.locator("hc-slides").waitFor()
  await page.evaluate(() => { globalThis.kept = true })
  const count = Number((await page.locator(".slide-count").textContent()).split("/")[1])
  check(count >= 6, `only ${count} slides`)
  for (let n = 2; n <= count; n++) {
    await page.keyboard.press("ArrowRight")
    await page.locator(`[data-slide="${n}"]`).waitFor()
  }
  await page.keyboard.press("ArrowRight")
  check(await page.locator(`[data-slide="${count}"]`).count() === 1, "there is a slide after the last")
  await page.keyboard.press("p")
  await page.locator(".slide-notes").waitFor()
  await page.keyboard.press("ArrowLeft")
  await page.locator(`[data-slide="${count - 1}"]`).waitFor()
  check(await page.locator(".slide-notes").count() === 1, "the notes went with the slide")
  await page.goBack()
  await page.locator(`[data-slide="${count}"]`).waitFor()
  check(await page.evaluate(() => globalThis.kept === true), "the page was loaded again")
  check(page.url().includes(`slide=${count}`), `the address is ${page.url()}`)
  await page.keyboard.press("Escape")
  await page.waitForURL("**/p/1/read")
}, { timezoneId: "Europe/Berlin" })

// Without scripts every slide is a page.
await story(async page => {
  await page.goto(here + "/p/1/present")
  for (let n = 2; n <= 4; n++) {
    await page.getByRole("link", { name: "Next" }).click()
    await page.locator(`[data-slide="${n}"]`).waitFor()
  }
}, { javaScriptEnabled: false })

// On a phone, light and dark: nothing is wider than the page.
for (const colorScheme of ["light", "dark"]) {
  await story(async page => {
    for (const path of ["/published", "/p/1/read", "/p/1/present", "/p/1/present?slide=2", "/p/1/present?slide=3&notes=1", "/p/1/audiences"]) {
      await page.goto(here + path)
      check(await wide(page) <= 0, `${path} is wider than a phone by ${await wide(page)}`)
      await accessible(page, `${path} ${colorScheme}`)
    }
  }, { viewport: { width: 360, height: 740 }, colorScheme, bypassCSP: true })
}
