// The keys of a page that has just been opened: c begins a comment on a post-mortem
// before any of its sections was read, as soon as the page is there.
import { check, setUp, shot, story } from "./lib.mjs"

const [here, setup] = process.argv.slice(2)
const form = page => page.locator("hc-threads .composer")

/** Looks for the form of a comment on all of it, in which the next keys write. */
async function begun(page, name) {
  await form(page).waitFor()
  await page.waitForFunction(() => document.activeElement?.matches(".composer textarea"))
  await page.keyboard.type("come")
  const written = await page.evaluate(() => document.activeElement.value)
  check(written === "come", `${name}: the comment holds “${written}”`)
  const on = await form(page).innerText()
  check(/^Comment on (the whole post-mortem|Incident Summary)\n/.test(on), `${name}: the form says ${on}`)
  await shot(page, "early-" + name)
}

await story(async page => {
  await setUp(page, setup)
  await page.goto(here + "/new")
  await page.locator("#blank-title").fill("Checkout answers with errors")
  await page.getByRole("button", { name: "Begin" }).click()
  await page.locator("hc-document").waitFor()
  const post = page.url()

  // Once the tabs stand beside the text, the script that made them hears keys.
  await page.goto(post)
  await page.locator("hc-threads .beside-tabs").waitFor()
  await page.keyboard.press("c")
  await begun(page, "heard")

  // As soon as the browser says that the page is there, twice as fast as the scripts
  // of comments come; and on a page that is opened anew.
  await page.goto(post)
  await page.keyboard.press("c")
  await begun(page, "at-once")
  page.once("dialog", d => d.accept())
  await page.reload()
  await page.keyboard.press("c")
  await begun(page, "anew")
})
