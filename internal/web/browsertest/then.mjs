// What was known when: the slider, links without scripts, a decision as of its own
// moment; and what two people do to one factor.
import { check, follow, shot, story } from "./lib.mjs"

const [here] = process.argv.slice(2)

await story(async page => {
  await page.goto(here + "/p/3")
  const slider = page.getByRole("slider", { name: "What was known" })
  const all = await page.locator("tr.entry:visible").count()
  await slider.focus()
  await page.keyboard.press("Home")
  await page.locator("hc-moments [role=status]", { hasText: "nobody knew yet" }).waitFor()
  const early = await page.locator("tr.entry:visible").count()
  check(early < all, `${early} of ${all} entries are shown as of the first moment`)
  check(await page.locator(".factor:visible").count() === 0, "causes are shown before anybody looked for them")
  await page.keyboard.press("ArrowRight")
  check(await page.locator("tr.entry:visible").count() > early, "the next moment shows no more")
  await page.locator(".picture svg", { hasText: "as of" }).first().waitFor()
  await shot(page, "then")
  await page.keyboard.press("End")
  check(await page.locator("tr.entry:visible").count() === all, "not all is shown again today")

  // A decision opens as of its own moment.
  await page.locator("a[data-moment]").first().click()
  await page.locator("hc-moments [role=status]", { hasText: "nobody knew yet" }).waitFor()
  check(await page.locator("tr.entry:visible").count() < all, "the decision opens with what is known today")

  // What was known is proposed, and kept as people say.
  await page.goto(here + "/p/3/decision/new")
  await page.getByLabel("When").fill("2024-05-12T18:30:00")
  await page.getByLabel("What had to be decided").fill("Restart the database, or look elsewhere first?")
  await page.getByLabel("Who decided").fill("on-call engineer")
  await page.getByRole("button", { name: "Add" }).click()
  const known = page.getByRole("group", { name: "What they could know" }).getByRole("checkbox")
  check(await known.count() > 2 && await known.first().isChecked(), "nothing is proposed as known")
  await known.first().uncheck()
  await page.getByLabel("Choice").fill("look elsewhere")
  await page.getByRole("button", { name: "Save" }).click()
  await page.locator(".decision", { hasText: "look elsewhere" }).waitFor()
})

// Without scripts the same is links and forms.
await story(async page => {
  await page.goto(here + "/p/3")
  await page.getByLabel("What was known").selectOption({ index: 1 })
  await page.getByRole("button", { name: "Show" }).click()
  await page.locator(".moments", { hasText: "nobody knew yet" }).waitFor()
  await page.getByRole("link", { name: "after", exact: true }).click()
  await page.locator(".moments", { hasText: "nobody knew yet" }).waitFor()

  await page.goto(here + "/p/3/analysis")
  await page.locator("svg a[data-factor]").nth(1).locator("rect").first().click()
  await page.getByRole("link", { name: "Evidence", exact: true }).click()
  await page.getByRole("button", { name: "Attach" }).click()
  await page.locator("#panel li", { hasText: "Detach" }).first().waitFor()
  await page.getByRole("link", { name: "Split" }).click()
  await page.getByLabel("One thought on each line").fill("The gateway client has no timeout\nThe gateway client has no circuit breaker")
  await page.getByRole("button", { name: "Split" }).click()
  await page.locator("svg", { hasText: "no circuit" }).waitFor()
  await page.getByRole("link", { name: "Merge" }).click()
  await page.getByLabel("Which says the same").selectOption({ label: (await page.getByLabel("Which says the same").locator("option", { hasText: "no circuit breaker" }).textContent()).trim() })
  await page.getByRole("button", { name: "Merge" }).click()
  await page.locator(".saved").waitFor()
  await page.getByRole("button", { name: "Undo" }).click()
  await page.locator("svg", { hasText: "no circuit" }).waitFor()
}, { javaScriptEnabled: false })

// An alert rule is tried, and kept with the action that improves detection.
await story(async page => {
  await page.goto(here + "/p/3")
  await follow(page, "Would an alert have helped?", page.getByLabel("Rule"))
  await page.getByLabel("Rule").fill("error_ratio >")
  await page.getByRole("button", { name: "Replay" }).click()
  await page.locator(".fault").waitFor()
  await page.getByLabel("Rule").fill('"connection is not available" in checkout-api >= 2 per 1m')
  await page.getByRole("button", { name: "Replay" }).click()
  await page.getByRole("heading", { name: "What it would have done" }).waitFor()
  await shot(page, "replay")
  await page.getByRole("button", { name: "Attach" }).click()
  await page.waitForURL(/\/p\/3\b.*#actions\//)
  check((await (await page.request.get(here + "/p/3/export.md")).text()).includes("connection is not available\" in checkout-api"), "the action does not have the rule")
  await follow(page, "Integrity of the timeline", page.getByRole("heading", { name: "Integrity of the timeline" }))
})

// Two people change one factor: the second sees both versions and decides.
await story(async (page, context) => {
  const other = await context.newPage()
  for (const p of [page, other]) {
    await p.goto(here + "/p/3/analysis")
    await p.locator("svg a[data-factor]").nth(2).locator("rect").first().click()
    await p.locator("#panel").waitFor()
  }
  await page.locator("#panel").getByLabel("How it was identified").focus()
  await other.locator("#panel").getByLabel("How it was identified").fill("reading the design review")
  await other.locator("#panel").getByRole("button", { name: "Save" }).click()
  await other.locator("#panel [data-progress]", { hasText: "Saved" }).waitFor()
  await page.locator("#panel").getByLabel("How it was identified").fill("a talk with the vendor")
  await page.locator("#panel").getByRole("button", { name: "Save" }).click()
  await page.locator("#panel .conflict", { hasText: "reading the design review" }).waitFor()
  await shot(page, "analysis-conflict")
  check(await page.locator("#panel").getByLabel("How it was identified").inputValue() === "a talk with the vendor", "what was written is lost")
  await page.locator("#panel").getByRole("button", { name: "Save" }).click()
  await page.locator("#panel [data-progress]", { hasText: "Saved" }).waitFor()
})
