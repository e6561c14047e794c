// Actions get done: cards are dragged and moved by keys, one is verified with what
// was seen, a review is walked through by keys, and the figures lead to their lists.
import { check, judge, shot, story } from "./lib.mjs"

const [here] = process.argv.slice(2)
const cards = (page, status) => page.locator(`[data-column="${status}"] .card`)

await story(async page => {
  await page.goto(here + "/actions/board")
  await page.locator("[data-scripted]").waitFor() // the script is there
  const name = await cards(page, "open").first().getAttribute("data-action")
  const card = page.locator(`[data-action="${name}"]`)
  const open = await cards(page, "open").count()

  // By mouse, and back.
  await card.dragTo(page.locator('[data-column="in-progress"]'))
  await page.locator(`[data-column="in-progress"] [data-action="${name}"]`).waitFor()
  check(await cards(page, "open").count() === open - 1, "the card is in two columns")
  check((await page.locator('[data-column="in-progress"] [data-count]').textContent()).trim() === String(await cards(page, "in-progress").count()), "the count of the column is wrong")
  await shot(page, "board-dragged")
  await page.locator("#notices button").click()
  await page.locator(`[data-column="open"] [data-action="${name}"]`).waitFor()

  // A column that takes it only with evidence is not one that it can go to from here.
  await card.dragTo(page.locator('[data-column="verified"]'))
  check(await page.locator(`[data-column="open"] [data-action="${name}"]`).count() === 1, "a card was verified by dragging")

  // By keys: begun, done, and on to what verifying asks for.
  await card.focus()
  await page.keyboard.press("]")
  await page.locator(`[data-column="in-progress"] [data-action="${name}"]`).waitFor()
  check(await card.evaluate(c => c === document.activeElement), "the moved card lost the keyboard")
  await page.keyboard.press("]")
  await page.locator(`[data-column="done"] [data-action="${name}"]`).waitFor()
  await page.keyboard.press("[")
  await page.waitForURL("**?to=in-progress#move")
  check(await page.getByLabel("Why it is taken up again").isVisible(), "taking up again asks for no reason")
  await page.goto(here + "/actions/board")
  await card.focus()
  await page.keyboard.press("]")
  await page.waitForURL("**?to=verified#move")
  const owner = await page.locator("dl.answers dd").first().innerText()
  await page.getByLabel("What was seen").fill("a rehearsal with the new version paged after 80 s")
  await page.getByLabel("Who saw it").fill(owner)
  await judge(page, "the form that verifies")
  await page.getByRole("button", { name: "Verify", exact: true }).click()
  await page.getByRole("alert").waitFor()
  check((await page.getByRole("alert").innerText()).includes("owns this action"), "the owner verified silently")
  check(await page.getByLabel("What was seen").inputValue() !== "", "what was written is lost")
  await page.getByLabel("Who saw it").fill("facilitator")
  await page.getByRole("button", { name: "Verify", exact: true }).click()
  await page.locator(".chip.action-verified").waitFor()
  check((await page.locator(".story").innerText()).includes("verified"), "the story of the action does not end verified")
  await shot(page, "action-verified")

  // The review, by keys.
  await page.goto(here + "/actions/review")
  await page.getByRole("button", { name: "Begin" }).click()
  await page.waitForURL("**/actions/review/*")
  await judge(page, "a review")
  const left = async () => Number(/(\d+) left/.exec(await page.locator(".progress-line").innerText())[1])
  const all = await left()
  check(all > 3, `${all} actions to look at; the demo has more`)
  for (const key of ["1", "3"]) {
    const before = await page.locator("article.looking").getAttribute("data-action")
    await page.keyboard.press(key)
    await page.waitForFunction(before => document.querySelector("article.looking")?.dataset.action !== before, before)
  }
  await page.keyboard.press("d")
  await page.keyboard.type("03152099")
  await page.getByRole("button", { name: "Set", exact: true }).click()
  await page.locator("form.told").waitFor()
  check(await left() === all - 3, `${await left()} left of ${all} after three`)
  await shot(page, "review")
  await page.getByRole("button", { name: "End the review" }).click()
  await page.getByRole("heading", { name: "Result" }).waitFor()
  const counts = await page.locator(".counts").innerText()
  check(/1 changed/.test(counts) && /1 go on as they are/.test(counts) && /1 left for next time/.test(counts), `the result says ${counts}`)

  // The figures, and the list behind a point.
  await page.goto(here + "/actions/figures?days=0")
  await judge(page, "the figures")
  const point = page.locator(".chart:not(.narrow) svg a").first()
  check(/carried out after|agreed in/.test(await point.getAttribute("aria-label")), "a point has no words")
  await point.click()
  await page.waitForURL("**/actions?*")
  check(await page.locator("tbody tr").count() >= 1, "the list behind a point is empty")

  // Many at once, and back with a key.
  await page.goto(here + "/actions?state=open")
  const words = () => page.locator("hc-chosen").innerText()
  const boxes = page.locator("tbody input[type=checkbox]")
  await page.getByLabel("Choose all that are listed").check()
  check(await words() === `Change the ${await boxes.count()} that are chosen`, `all are chosen, and it says ${await words()}`)
  await page.getByLabel("Choose all that are listed").uncheck()
  await boxes.nth(0).click()
  await boxes.nth(2).click({ modifiers: ["Shift"] })
  check(await words() === "Change the 3 that are chosen", `three are chosen by Shift, and it says ${await words()}`)
  await page.locator("tbody tr").nth(2).focus()
  await page.keyboard.press("x")
  check(!await boxes.nth(2).isChecked(), "x did not take back the choice of the row")
  await page.getByText("Change the 2 that are chosen").click()
  await page.locator("#b-owner").fill("Reliability team")
  await page.getByRole("button", { name: "Change", exact: true }).click()
  await page.locator("form.told").waitFor()
  check(await page.locator("td", { hasText: "Reliability team" }).count() === 2, "two actions did not change")
  await page.keyboard.press("u")
  await page.waitForFunction(() => ![...document.querySelectorAll("td")].some(t => t.textContent.includes("Reliability team")))
}, { bypassCSP: true })
