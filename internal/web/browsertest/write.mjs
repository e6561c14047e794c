// Two people write one section at the same time, each in a browser of their own.
import { check, giveRules, patience, setUp, shot, story, take, until } from "./lib.mjs"

const [here, setup] = process.argv.slice(2)

const content = page => page.locator("hc-prose .cm-content")
const text = page => content(page).evaluate(el => [...el.querySelectorAll(".cm-line")].map(l => {
  const copy = l.cloneNode(true)
  for (const p of copy.querySelectorAll(".peer, .cm-widgetBuffer")) p.remove()
  return copy.textContent
}).join("\n"))

/** Waits until a page says something in its editor. */
const says = (page, want) => until(async () => {
  const got = await text(page)
  check(got === want, `the editor says ${JSON.stringify(got)}, want ${JSON.stringify(want)}`)
})

async function accessible(page, where) {
  await page.emulateMedia({ reducedMotion: "reduce" }) // a name that fades out has no contrast on its way
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(a => a.finished)))
  await giveRules(page)
  const found = (await page.evaluate(() => window.axe.run("form[data-together]", { resultTypes: ["violations"] }))).violations
  check(found.length === 0, `${where}: ${found.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(" ")}`).join("\n")}`)
}

async function write(page, post) {
  await page.goto(here + post)
  await page.getByRole("link", { name: "Edit the text of Incident Summary" }).click()
  await content(page).waitFor()
  await page.locator("form[data-together]").waitFor()
}

/** Invites somebody and opens the library as them in a browser of its own. */
async function invite(page, browser, failures, options = {}) {
  await page.goto(here + "/people")
  await page.getByLabel("Invite by address").fill("engineer@example.org")
  await page.getByRole("button", { name: "Make a link" }).click()
  const link = new URL(await page.locator(".once code").textContent()).pathname
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: "UTC", ...options })
  const other = await context.newPage()
  other.setDefaultTimeout(patience)
  other.on("pageerror", e => failures.push(`script failed: ${e.message}`))
  await other.goto(here + link)
  await other.getByLabel("Name").fill("Engineer A")
  await other.getByLabel("Password").fill("a long enough password")
  await other.getByRole("button", { name: "Go on" }).click()
  await other.waitForURL("**/")
  return other
}

await story(async (page, context) => {
  const browser = context.browser()
  const failures = []
  await setUp(page, setup)
  await page.goto(here + "/new")
  await page.locator("#blank-title").fill("Connection pool ran dry")
  await page.getByRole("button", { name: "Begin" }).click()
  await page.locator("hc-document").waitFor()
  const post = new URL(page.url()).pathname
  const other = await invite(page, browser, failures, { colorScheme: "dark" })
  await page.goto(here + post + "/sharing")
  await page.getByLabel("Person").selectOption({ label: "Engineer A" })
  await page.getByRole("button", { name: "Add", exact: true }).click()
  await page.locator(".people", { hasText: "Engineer A" }).waitFor()

  // Both open the summary and see each other.
  await write(page, post)
  await write(other, post)
  await page.getByText("Engineer A is here too").waitFor()
  await other.getByText("Incident commander is here too").waitFor()

  // One types, the other reads along, and sees the cursor.
  await content(page).click()
  await page.keyboard.press("Control+a")
  await page.keyboard.type("The pool of the ledger ran dry.")
  await says(other, "The pool of the ledger ran dry.")
  await other.locator("hc-prose .peer .name", { hasText: "Incident commander" }).waitFor({ state: "attached" })

  // Both type at once, one in front and one behind, with characters of two units.
  await content(other).click()
  await other.keyboard.press("Control+Home")
  await page.keyboard.press("Control+End")
  await Promise.all([
    other.keyboard.type("At 14:02 🚒 ", { delay: 15 }),
    page.keyboard.type(" Requests failed. 😀", { delay: 15 }),
  ])
  const both = "At 14:02 🚒 The pool of the ledger ran dry. Requests failed. 😀"
  await says(page, both)
  await says(other, both)
  await page.locator("[data-progress]", { hasText: "Saved" }).waitFor()
  await shot(page, "write-together")
  await accessible(page, "light")
  await accessible(other, "dark")

  // Undo takes back one's own, not the other's.
  await page.keyboard.press("Control+z")
  await other.waitForFunction(() => true)
  check((await text(page)).startsWith("At 14:02 🚒 "), "undo took back what the other wrote")
  await page.keyboard.press("Control+y")
  await says(other, both)

  // Somebody edits the same section by another way: those who write see it.
  const api = await page.evaluate(async ([path, post]) => {
    const part = await (await fetch(`${post}/part?path=${path}&edit=1`, { headers: { "Hindcast-Script": "1" } })).text()
    const form = new DOMParser().parseFromString(part, "text/html").querySelector("form")
    const body = new URLSearchParams(new FormData(form))
    body.set("text", body.get("text").replace("Requests", "Most requests"))
    body.delete("base")
    let r
    for (let i = 0; i < 50; i++) { // the document follows after a moment
      const now = new DOMParser().parseFromString(await (await fetch(`${post}/part?path=${path}&edit=1`, { headers: { "Hindcast-Script": "1" } })).text(), "text/html").querySelector("form")
      const fields = new URLSearchParams(new FormData(now))
      if (!fields.get("text").includes("😀")) { await new Promise(d => setTimeout(d, 100)); continue }
      fields.set("text", fields.get("text").replace("Requests", "Most requests"))
      r = await fetch(`${post}/part`, { method: "POST", body: fields, headers: { "Hindcast-Script": "1" } })
      break
    }
    return r ? r.status : 0
  }, ["sections/summary", post])
  check(api === 200, `the form was answered ${api}`)
  const third = "At 14:02 🚒 The pool of the ledger ran dry. Most requests failed. 😀"
  await says(page, third)
  await says(other, third)

  // One loses the connection and goes on writing; both are brought together.
  await other.context().setOffline(true)
  await other.keyboard.press("Control+Home")
  await other.keyboard.type("Obviously UTC: ")
  await other.getByText("Not connected").waitFor()
  await page.keyboard.press("Control+End")
  await page.keyboard.type(" Then it recovered.")
  await other.context().setOffline(false)
  await other.locator("hc-prose .cm-lintRange").first().waitFor() // the lint reads again, too
  await other.keyboard.press("Control+Home")
  for (let i = 0; i < "Obviously ".length; i++) await other.keyboard.press("Delete")
  const merged = "UTC: At 14:02 🚒 The pool of the ledger ran dry. Most requests failed. 😀 Then it recovered."
  await says(page, merged)
  await says(other, merged)

  // A tab that is closed without a connection loses nothing.
  await other.context().setOffline(true)
  await other.keyboard.press("Control+Home")
  await other.keyboard.type("All times ")
  await other.getByText("Not connected").waitFor()
  other.on("dialog", d => d.accept())
  await other.context().setOffline(false)
  await other.route("**/write/**", r => r.abort())
  await other.goto(here + "/")
  await other.unroute("**/write/**")
  await write(other, post)
  await says(page, "All times " + merged)
  await says(other, "All times " + merged)

  // The lint reads along, and its findings can be taken.
  await page.keyboard.press("Control+End")
  await page.keyboard.type("\n\nThe engineer mistakenly deployed the wrong version.")
  await page.locator("hc-prose .cm-lintRange").last().waitFor()
  await shot(page, "write-lint")
  await take(page, page.locator("hc-prose .cm-lintRange"))
  await page.waitForFunction(() => !document.querySelector("hc-prose").shadowRoot.textContent.includes("mistakenly"))

  // Escape leaves, and the page reads what was written.
  await page.keyboard.press("Escape")
  await page.locator("#sections\\/summary.prose", { hasText: "Then it recovered" }).waitFor()
  await other.getByText("is here too").waitFor({ state: "detached" }).catch(() => {})
  await other.getByRole("button", { name: "Done" }).click()
  await other.locator("#sections\\/summary.prose", { hasText: "All times UTC" }).waitFor()
  await shot(other, "write-done")

  // Both stand in the history, and nobody in the text.
  await other.goto(here + post + "/history")
  await other.locator("tbody tr", { hasText: "Incident commander, Engineer A" }).first().waitFor()
  await other.goto(here + post)

  // Who reads sees it come without doing anything.
  await write(page, post)
  await page.keyboard.press("Control+End")
  await page.keyboard.type(" Nobody was paged.")
  await other.locator("#sections\\/summary.prose", { hasText: "Nobody was paged" }).waitFor()

  // Who does not take part any more cannot write.
  await write(other, post)
  await page.evaluate(async post => {
    const page = new DOMParser().parseFromString(await (await fetch(post + "/sharing")).text(), "text/html")
    const form = [...page.querySelectorAll("form[action$='/unshare']")].at(-1)
    await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)) })
  }, post)
  await other.locator("hc-prose .cm-content[contenteditable=false]").waitFor()
  check(failures.length === 0, failures.join("\n"))
})
