// Reading a post-mortem: times in the reader's zone, rows and marks that belong
// together, lines of evidence in place, the picture's lanes and scale, the keyboard.
import { check, shot, story } from "./lib.mjs"

const [here] = process.argv.slice(2)

await story(async page => {
  await page.goto(here + "/p/1")
  await page.locator("hc-document").waitFor()

  // Times are the reader's, UTC is said on hover.
  const alert = page.locator("tr.entry", { hasText: "FIRING" }).first()
  const time = alert.locator("time").first()
  check(await time.textContent() === "15:38:45", `the alert is shown at ${await time.textContent()}, want 15:38:45 in Berlin`)
  check(await time.getAttribute("title") === "2024-03-15 14:38:45 UTC", `the title says ${await time.getAttribute("title")}`)
  check(/GMT\+1|CET/.test(await page.locator(".facts [data-zone]").textContent()), "the zone is not named")
  check((await page.locator(".picture text[data-at]").nth(1).textContent()).startsWith("15:"), "the picture's axis is in another zone than the table")

  // A row lights its mark, a mark its row.
  await alert.hover()
  const id = (await alert.getAttribute("id")).replace("timeline/", "")
  check(await page.locator(`.picture a.lit[data-entry="${id}"]`).count() === 1, "the mark of the row is not lit")
  await page.mouse.move(5, 5)
  await page.locator(`.picture a[data-entry="${id}"]`).focus()
  check(await page.locator(`tr.lit[id="timeline/${id}"]`).count() === 1, "the row of the mark is not lit")

  // The raw line opens in place and closes again.
  const mark = alert.locator("[data-line]").first()
  await mark.click()
  const raw = page.locator("tr.raw-line .meant")
  await raw.first().waitFor()
  await shot(page, "raw-line")
  await mark.click()
  await page.locator("tr.raw-line").waitFor({ state: "detached" })

  // Lanes by service, four times as wide, without leaving the page.
  await page.getByRole("link", { name: "by service" }).click()
  await page.locator(".picture text.lane", { hasText: "mobile-api" }).waitFor()
  await page.getByRole("link", { name: "4×" }).click()
  await page.waitForFunction(() => document.querySelector(".picture svg").getAttribute("width") > 2800)
  check(await page.locator(".picture text.lane", { hasText: "mobile-api" }).count() === 1, "zooming changed the lanes")
  check(new URL(page.url()).search === "", "the page was left")

  // j and k walk, ? helps, Esc closes.
  await page.locator("h1").click()
  await page.keyboard.press("j")
  await page.keyboard.press("j")
  await page.keyboard.press("k")
  check(await page.evaluate(() => document.activeElement.matches("[data-part], .record, .finding, tr")), "j and k walk nothing")
  await page.keyboard.press("?")
  await page.locator("dialog.help").waitFor()
  await page.keyboard.press("Escape")
  await page.locator("dialog.help").waitFor({ state: "detached" })
  await page.keyboard.press("g")
  await page.keyboard.press("l")
  await page.waitForURL("**/library")
}, { timezoneId: "Europe/Berlin" })

// Two people write the same part: the second sees both versions and decides.
await story(async (page, context) => {
  await page.goto(here + "/p/3")
  const other = await context.newPage()
  await other.goto(here + "/p/3")
  const edit = async (p, text) => {
    await p.locator('[data-part="owner"] [data-edit]').click()
    await p.locator('form[data-form="owner"] [name=value]').fill(text)
  }
  await page.locator('[data-part="owner"] [data-edit]').click()
  await edit(other, "Shop team")
  await other.keyboard.press("Control+Enter")
  await other.locator("#owner", { hasText: "Shop team" }).waitFor()
  await page.locator('form[data-form="owner"] [name=value]').fill("Payments team")
  await page.keyboard.press("Control+Enter")
  await page.locator(".conflict", { hasText: "Shop team" }).waitFor()
  await shot(page, "conflict")
  check(await page.locator('form[data-form="owner"] [name=value]').inputValue() === "Payments team", "what was written is lost")
  await page.getByRole("button", { name: "Save" }).click()
  await page.locator("#owner.line", { hasText: "Payments team" }).waitFor()

  // Undo takes it back, by key.
  await page.locator("h1").click()
  await page.keyboard.press("u")
  await page.locator("#owner.line", { hasText: "Shop team" }).waitFor()
})

// Without scripts the same is done with forms.
await story(async page => {
  await page.goto(here + "/new")
  await page.locator("#near-miss").getByLabel("What almost happened").fill("The certificate of the login page had 20 minutes left")
  await page.locator("#near-miss").getByLabel("What kept it from happening").fill("A customer asked about a warning")
  await page.getByRole("button", { name: "Keep it" }).click()
  await page.locator("h1", { hasText: "20 minutes left" }).waitFor()
  await page.getByRole("link", { name: "Add an action" }).click()
  await page.getByLabel("What exactly will be done").fill("Renew certificates 30 days before they end")
  await page.getByLabel(/^Due/).fill("2026-12-24")
  await page.getByRole("button", { name: "Add", exact: true }).click()
  await page.locator(".action", { hasText: "30 days before" }).waitFor()
  await page.getByRole("button", { name: "Undo" }).click()
  await page.locator(".action", { hasText: "30 days before" }).waitFor({ state: "detached" })
  await page.getByRole("searchbox", { name: "Search the library" }).fill("certificate login")
  await page.keyboard.press("Enter")
  await page.locator(".hit", { hasText: "20 minutes left" }).waitFor()
}, { javaScriptEnabled: false })
