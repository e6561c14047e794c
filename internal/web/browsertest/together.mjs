// Two people, each in a browser of their own, make one post-mortem: they type
// together, speak of words, suggest and accept, approve and publish, and find it in
// the feed and in the PDF. A third, who takes no part, gets nothing of what is said.
import { execFileSync } from "node:child_process"
import { check, giveRules, patience, setUp, shot, story, until } from "./lib.mjs"

const [here, setup] = process.argv.slice(2)
const failures = []

async function accessible(page, where) {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(a => a.finished))) // of colors
  await giveRules(page)
  const found = (await page.evaluate(() => window.axe.run({ include: [["hc-threads"], [".beside-bar"], ["#s-summary"], ["#s-timeline .entries"]] }, { resultTypes: ["violations"] }))).violations
  check(found.length === 0, `${where}: ${found.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(" ")}`).join("\n")}`)
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  check(over <= 0, `${where}: scrolls sideways by ${over} px`)
}

/** Opens the library as somebody new, in a browser of their own. */
async function invite(page, browser, name, options) {
  await page.goto(here + "/people")
  await page.getByLabel("Invite by address").fill(name.toLowerCase().replaceAll(" ", ".") + "@example.org")
  await page.getByRole("button", { name: "Make a link" }).click()
  const link = new URL(await page.locator(".once code").textContent()).pathname
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: "UTC", bypassCSP: true, ...options })
  const other = await context.newPage()
  other.setDefaultTimeout(patience)
  other.on("pageerror", e => failures.push(`${name}: script failed: ${e.message}`))
  other.on("console", m => { if (m.type() === "error" && !/status of (401|403|404|409|422)/.test(m.text())) failures.push(`${name}: ${m.text()}`) })
  await other.goto(here + link)
  await other.getByLabel("Name").fill(name)
  await other.getByLabel("Password").fill("a long enough password")
  await other.getByRole("button", { name: "Go on" }).click()
  await other.waitForURL("**/")
  return other
}

/** Where words are in the window. */
function boxOf(page, part, words) {
  return page.evaluate(([part, words]) => {
    const walk = document.createTreeWalker(document.querySelector(`[data-part="${part}"]`), NodeFilter.SHOW_TEXT)
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      const i = n.data.indexOf(words)
      if (i < 0) continue
      const r = document.createRange()
      r.setStart(n, i)
      r.setEnd(n, i + words.length)
      n.parentElement.scrollIntoView({ block: "center" })
      const box = r.getBoundingClientRect()
      return { left: box.left, right: box.right, y: box.top + box.height / 2 }
    }
    throw new Error(`${part} does not say ${words}`)
  }, [part, words])
}

/** Selects words with the mouse. */
async function drag(page, part, words) {
  let got = ""
  for (let tries = 0; tries < 5 && got !== words; tries++) { // what others do may draw the part anew meanwhile
    const box = await boxOf(page, part, words)
    await page.mouse.move(box.left + 0.5, box.y)
    await page.mouse.down()
    await page.mouse.move(box.right - 4, box.y, { steps: 4 })
    await page.mouse.move(box.right - 0.5, box.y)
    await page.mouse.up()
    got = await page.evaluate(() => getSelection().toString().trim())
  }
  check(got === words, `the mouse selected “${got}”, want “${words}”`)
}

const thread = (page, text) => page.locator("hc-threads .thread", { hasText: text })
const lit = page => page.evaluate(() => [...CSS.highlights.get("said") ?? [], ...CSS.highlights.get("said-now") ?? []].map(r => r.toString()))

async function beside(page, want) { await page.waitForFunction(w => document.querySelector("hc-threads .beside-tabs [data-show=comments]")?.textContent === w, want) }

async function typed(page, text) {
  const lines = () => page.locator("hc-prose .cm-content").evaluate(el => [...el.querySelectorAll(".cm-line")].map(l => { const c = l.cloneNode(true); c.querySelectorAll(".peer, .cm-widgetBuffer").forEach(p => p.remove()); return c.textContent }).join("\n"))
  await until(async () => {
    const got = await lines()
    check(got === text, `the editor says “${got}”, want “${text}”`)
  })
}

/** Selects words in an open editor by the keyboard. */
async function choose(page, before, words) {
  await page.locator("hc-prose .cm-content").focus()
  await page.keyboard.press("Control+Home")
  for (let i = 0; i < before.length; i++) await page.keyboard.press("ArrowRight")
  for (let i = 0; i < words.length; i++) await page.keyboard.press("Shift+ArrowRight")
}

/** Both have the text open: one speaks of its words, and the other sees and accepts. */
async function speakWhileWriting(page, engineer) {
  const said = p => p.locator("hc-prose .said").allTextContents()
  await choose(engineer, "At 14:02 UTC. The ", "**pool** of")
  await engineer.locator(".beside-bar").getByRole("button", { name: "Comment" }).waitFor()
  await shot(engineer, "together-writing-selected")
  await engineer.keyboard.press("Control+Alt+m")
  check(await engineer.locator(".composer blockquote").textContent() === "**pool** of", "the composer quotes other words")
  await page.locator("hc-prose .cm-content").focus()
  await page.keyboard.press("Control+Home")
  await page.keyboard.type("So: ") // what the other is about to speak of moves
  await engineer.getByLabel("Comment @ names").fill("Of how many?")
  await engineer.keyboard.press("Control+Enter")
  for (const p of [engineer, page]) {
    await thread(p, "Of how many?").waitFor()
    await p.waitForFunction(() => document.querySelector("hc-prose").shadowRoot.querySelector(".said"))
    check((await said(p)).join("") === "**pool** of", `colored in the editor is “${await said(p)}”`)
  }
  const [line, card] = [await page.locator("hc-prose .said").first().boundingBox(), await thread(page, "Of how many?").boundingBox()]
  check(Math.abs(line.y - card.y) < 60, `the thread stands ${card.y - line.y} px from its words`)
  await shot(page, "together-writing-said")
  await choose(engineer, "So: ", "At 14:02 UTC")
  await engineer.locator(".beside-bar").getByRole("button", { name: "Suggest" }).click()
  await engineer.getByLabel("Other words in their place").fill("At 14:03 UTC")
  await engineer.keyboard.press("Control+Enter")
  await thread(page, "At 14:03 UTC").click()
  await thread(page, "At 14:03 UTC").getByRole("button", { name: "Accept" }).click()
  for (const p of [page, engineer]) await typed(p, "So: At 14:03 UTC. The **pool** of the ledger ran dry. Requests failed for a while.")
  await thread(page, "Of how many?").click()
  await thread(page, "Of how many?").getByRole("button", { name: "Resolve" }).click()
  await thread(engineer, "Of how many?").waitFor({ state: "detached" })
  await page.locator("hc-prose .cm-content").focus()
  await page.keyboard.press("Control+Home")
  for (let i = 0; i < "So: At 14:03".length; i++) await page.keyboard.press("Delete")
  await page.keyboard.type("At 14:02")
  await page.locator("[data-progress]", { hasText: "Saved" }).waitFor()
  await typed(engineer, "At 14:02 UTC. The **pool** of the ledger ran dry. Requests failed for a while.")
}

await story(async (page, context) => {
  const browser = context.browser()
  await setUp(page, setup)
  await page.goto(here + "/new")
  await page.locator("#blank-title").fill("Connection pool ran dry")
  await page.getByRole("button", { name: "Begin" }).click()
  await page.locator("hc-document").waitFor()
  const post = new URL(page.url()).pathname
  const engineer = await invite(page, browser, "Engineer A", { colorScheme: "dark" })
  const reader = await invite(page, browser, "Engineer R", {})
  await page.goto(here + post + "/sharing")
  await page.getByLabel("Person").selectOption({ label: "Engineer A" })
  await page.getByRole("button", { name: "Add", exact: true }).click()
  await page.locator(".people", { hasText: "Engineer A" }).waitFor()
  await page.goto(here + post)
  await engineer.goto(here + post)

  // They type together.
  for (const p of [page, engineer]) {
    await p.getByRole("link", { name: "Edit the text of Incident Summary" }).click()
    await p.locator("form[data-together]").waitFor()
  }
  await page.locator("hc-prose .cm-content").click()
  await page.keyboard.press("Control+a")
  await page.keyboard.type("The **pool** of the ledger ran dry.")
  await typed(engineer, "The **pool** of the ledger ran dry.")
  await engineer.locator("hc-prose .cm-content").click()
  await engineer.keyboard.press("Control+End")
  await page.keyboard.press("Control+Home")
  await Promise.all([page.keyboard.type("At 14:02 UTC. ", { delay: 15 }), engineer.keyboard.type(" Requests failed for a while.", { delay: 15 })])
  const both = "At 14:02 UTC. The **pool** of the ledger ran dry. Requests failed for a while."
  await typed(page, both)
  await typed(engineer, both)
  await page.locator("[data-progress]", { hasText: "Saved" }).waitFor()
  await speakWhileWriting(page, engineer)
  for (const p of [page, engineer]) {
    await p.locator("hc-prose .cm-content").focus()
    await p.keyboard.press("Escape")
    await p.locator("#sections\\/summary.prose", { hasText: "failed for a while" }).waitFor()
  }

  // One speaks of words, over the marks in their source, and names the other.
  await drag(engineer, "sections/summary", "of the ledger ran")
  await shot(engineer, "together-selected")
  await engineer.locator(".beside-bar").getByRole("button", { name: "Comment" }).click()
  await engineer.getByLabel("Comment @ names").fill("Which ledger was it, @inc")
  await engineer.getByRole("option", { name: "Incident commander" }).waitFor()
  await accessible(engineer, "a new comment, dark")
  await engineer.keyboard.press("Enter")
  await engineer.keyboard.press("Control+Enter")
  await thread(engineer, "Which ledger was it, @Incident commander").waitFor()

  // The other sees it come, at the words, and answers in place.
  await thread(page, "Which ledger").waitFor()
  await beside(page, "Comments 1")
  await page.locator("#notices", { hasText: "Engineer A commented on Incident Summary." }).waitFor()
  check((await lit(page)).join() === "of the ledger ran", `colored are “${await lit(page)}”`)
  await page.getByRole("button", { name: "1 comment on Incident Summary" }).click()
  check(await page.evaluate(() => document.activeElement.matches(".thread.active")), "the thread has not the focus")
  await thread(page, "Which ledger").getByLabel("Your answer").fill("That of orders.")
  await thread(page, "Which ledger").getByRole("button", { name: "Answer" }).click()
  await thread(engineer, "That of orders.").waitFor()
  await accessible(page, "a thread, light")

  // What one is writing survives what the other says.
  await thread(engineer, "Which ledger").click()
  await thread(engineer, "Which ledger").getByLabel("Your answer").fill("Thank y")
  await thread(page, "Which ledger").getByLabel("Your answer").fill("Since Monday it is alone.")
  await page.keyboard.press("Control+Enter")
  await thread(engineer, "Since Monday it is alone.").waitFor()
  check(await thread(engineer, "Which ledger").getByLabel("Your answer").inputValue() === "Thank y", "what was being written is lost")
  await engineer.keyboard.type("ou")
  await engineer.keyboard.press("Control+Enter")
  await thread(page, "Thank you").waitFor()
  await thread(page, "Which ledger").getByRole("button", { name: "Resolve" }).click()
  await thread(engineer, "Which ledger").waitFor({ state: "detached" })
  await page.locator("#notices").getByRole("button", { name: "Undo" }).click()
  await thread(engineer, "Which ledger").waitFor()

  // Other words are suggested by the keyboard, which selects more and more of
  // them; the text around them changes before they are accepted.
  await drag(engineer, "sections/summary", "for")
  for (let i = 0; i < " a while".length; i++) await engineer.keyboard.press("Shift+ArrowRight")
  check(await engineer.evaluate(() => getSelection().toString()) === "for a while", `the keyboard selected “${await engineer.evaluate(() => getSelection().toString())}”`)
  await engineer.keyboard.press("s")
  await engineer.getByLabel("Other words in their place").fill("for 23 minutes")
  await engineer.keyboard.press("Control+Enter")
  await thread(page, "for 23 minutes").waitFor()
  await shot(page, "together-words")
  await page.getByRole("link", { name: "Edit the text of Incident Summary" }).click()
  await page.locator("form[data-together]").waitFor()
  await page.locator("hc-prose .cm-content").click()
  await page.keyboard.press("Control+Home")
  await page.keyboard.type("Orders stood still. ")
  await page.locator("[data-progress]", { hasText: "Saved" }).waitFor()
  await page.keyboard.press("Escape")
  await thread(page, "for 23 minutes").click()
  await thread(page, "for 23 minutes").getByRole("button", { name: "Accept" }).click()
  for (const p of [page, engineer]) await p.locator("#sections\\/summary.prose", { hasText: "Orders stood still. At 14:02 UTC. The pool of the ledger ran dry. Requests failed for 23 minutes." }).waitFor()
  check((await lit(engineer)).join() === "of the ledger ran", `after an edit “${await lit(engineer)}” are colored`)

  // An entry is suggested from where one stands, and accepted into its place.
  await page.getByRole("link", { name: "Add an entry" }).click()
  const entry = page.locator('[data-part="timeline/new"] form')
  await entry.getByLabel("When it happened").fill("2024-03-15T14:02:00")
  await entry.getByLabel("What happened").fill("The alert of the ledger fired")
  await entry.getByRole("button", { name: "Add", exact: true }).click()
  const row = engineer.locator("tr.entry", { hasText: "The alert of the ledger fired" })
  await row.waitFor()
  await row.focus()
  await engineer.keyboard.press("c")
  await engineer.getByRole("button", { name: "an entry" }).click()
  const form = engineer.locator("hc-threads .composer form")
  check(await form.getByLabel("When it happened").inputValue() === "2024-03-15T14:02:00" || await form.getByLabel("When it happened").inputValue() === "2024-03-15T14:02", "the form does not begin at the time of the entry")
  await form.getByLabel("When it happened").fill("2024-03-15T14:09:30")
  await form.getByLabel("What happened").fill("Traffic was moved to the other ledger")
  await form.getByLabel("Why").fill("The chat says so.")
  await shot(engineer, "together-suggest")
  await accessible(engineer, "a suggestion, dark")
  await form.getByRole("button", { name: "Suggest it" }).click()
  await thread(page, "Traffic was moved").waitFor()
  await page.getByRole("button", { name: /comment on “The alert of the ledger fired”/ }).click()
  await shot(page, "together-suggested")
  await thread(page, "Traffic was moved").getByRole("button", { name: "Accept" }).click()
  for (const p of [page, engineer]) await p.locator("tr.entry", { hasText: "Traffic was moved to the other ledger" }).waitFor()
  check(await page.locator("tr.entry").last().locator("text=Traffic was moved").count() === 1, "the entry is not in its place")
  await thread(engineer, "Traffic was moved").waitFor({ state: "detached" })

  // Words of a record are spoken of like those of prose.
  const moved = await engineer.locator("tr.entry", { hasText: "Traffic was moved" }).getAttribute("data-part")
  await drag(engineer, moved, "the other ledger")
  await engineer.locator(".beside-bar").getByRole("button", { name: "Comment" }).click()
  await engineer.getByLabel("Comment @ names").fill("Is there one?")
  await engineer.keyboard.press("Control+Enter")
  await thread(page, "Is there one?").waitFor()
  await page.waitForFunction(() => [...CSS.highlights.get("said")].some(r => r.toString() === "the other ledger"))
  await thread(page, "Is there one?").click()
  await thread(page, "Is there one?").getByRole("button", { name: "Resolve" }).click()
  await thread(engineer, "Is there one?").waitFor({ state: "detached" })

  // A suggestion is declined with a reason.
  await page.locator("tr.entry").first().focus()
  await page.keyboard.press("s")
  await page.locator("hc-threads .composer form").getByLabel("What happened").fill("An alert fired")
  await page.getByRole("button", { name: "Suggest it" }).click()
  await thread(engineer, "An alert fired").click()
  await thread(engineer, "An alert fired").getByText("Decline…").click()
  await thread(engineer, "An alert fired").getByLabel("Why").fill("Which one matters.")
  await thread(engineer, "An alert fired").getByRole("button", { name: "Decline" }).click()
  await thread(page, "Which one matters.").waitFor()

  // From thread to thread by the keyboard, and back to the text.
  await page.locator("h1").click()
  await page.keyboard.press("t")
  await page.waitForFunction(() => document.activeElement.matches(".thread") && document.activeElement.textContent.includes("Which ledger"))
  await page.keyboard.press("t")
  await page.waitForFunction(() => document.activeElement.textContent.includes("An alert fired"))
  await page.keyboard.press("Shift+T")
  await page.waitForFunction(() => document.activeElement.textContent.includes("Which ledger"))
  await page.keyboard.press("Escape")
  check(await page.evaluate(() => document.activeElement.dataset.part) === "sections/summary", "the focus is not back in the text")

  // On a phone threads are a drawer, and a finger is enough.
  const phone = await (await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, timezoneId: "UTC", bypassCSP: true, colorScheme: "light", storageState: await engineer.context().storageState() })).newPage()
  phone.setDefaultTimeout(patience)
  phone.on("pageerror", e => failures.push(`phone: script failed: ${e.message}`))
  await phone.goto(here + post)
  await phone.getByRole("button", { name: /comments on Incident Summary/ }).tap()
  await thread(phone, "Which ledger").waitFor()
  check(await thread(phone, "An alert fired").isHidden(), "the drawer shows threads of other parts")
  await accessible(phone, "the drawer")
  await shot(phone, "together-phone")
  await phone.emulateMedia({ colorScheme: "dark" })
  await accessible(phone, "the drawer, dark")
  await phone.screenshot(process.env.SHOTS ? { path: process.env.SHOTS + "/together-phone-dark.png" } : {})
  await phone.getByRole("button", { name: "Close" }).tap()
  await phone.evaluate(() => {
    const p = document.querySelector("#sections\\/summary p")
    p.scrollIntoView({ block: "center" })
    getSelection().selectAllChildren(p)
  })
  await phone.locator(".beside-bar").getByRole("button", { name: "Comment" }).tap()
  await phone.getByLabel("Comment @ names").fill("Written on the way.")
  await phone.locator(".composer").getByRole("button", { name: "Comment" }).tap()
  await thread(page, "Written on the way.").waitFor()
  await phone.context().close()

  // Words that are gone: the thread stays and says so.
  await page.getByRole("link", { name: "Edit the text of Incident Summary" }).click()
  await page.locator("form[data-together]").waitFor()
  await page.locator("hc-prose .cm-content").click()
  await page.keyboard.press("Control+a")
  await page.keyboard.type("Orders stood still from 14:02 to 14:25 UTC.")
  await page.locator("[data-progress]", { hasText: "Saved" }).waitFor()
  await page.keyboard.press("Escape")
  await thread(engineer, "Which ledger").getByText("These words are not there any more.").waitFor()
  check((await lit(engineer)).length === 0, "words are colored that are gone")

  // Without scripts the same is on the page of the review.
  const plain = await (await browser.newContext({ javaScriptEnabled: false, storageState: await page.context().storageState() })).newPage()
  await plain.goto(here + post)
  await plain.getByRole("link", { name: "Review: comments, suggestions, reviewers" }).click()
  await plain.locator(".thread", { hasText: "Which ledger" }).waitFor()
  await plain.context().close()

  // The review is asked for, given, and it is published.
  await page.goto(here + post + "/review")
  await page.getByText("Ask for a review").click()
  await page.getByLabel("Engineer A").check()
  await page.getByLabel("it cannot be approved without them").check()
  const question = page.waitForResponse((answer) => answer.request().method() === "POST")
  await page.getByRole("button", { name: "Ask", exact: true }).click()
  await question
  await page.goto(here + post)
  await page.locator("hc-threads").getByRole("button", { name: "Progress" }).click()
  await page.locator(".margin").getByRole("button", { name: "Ask for review" }).click()
  await engineer.goto(here + post + "/review")
  await engineer.getByLabel("I approve it").check()
  await engineer.getByRole("button", { name: "Send" }).click()
  await engineer.locator(".asked .chip", { hasText: "approved" }).waitFor()
  await page.locator("hc-threads").getByRole("button", { name: "Progress" }).click()
  await page.locator(".margin").getByRole("button", { name: "Approve" }).click()
  await page.locator(".head .chip", { hasText: "approved" }).waitFor()
  await page.locator(".margin").getByRole("button", { name: "Publish" }).click()
  await page.locator(".head .chip", { hasText: "published" }).waitFor()
  await page.locator("hc-threads").getByRole("button", { name: /Comments/ }).click()
  await thread(page, "Written on the way.").waitFor()
  await shot(page, "together-published")

  // It is in the feed and in the PDF, and what was said is in neither.
  const feed = await (await reader.request.get(here + "/feed.atom")).text()
  check(feed.includes("Connection pool ran dry"), "the feed does not have it")
  const pdf = await (await reader.request.get(here + post + "/export.pdf")).body()
  check(pdf.subarray(0, 5).toString() === "%PDF-", "the PDF is none")
  let read = ""
  try { read = execFileSync("pdftotext", ["-", "-"], { input: pdf }).toString() } catch (e) { console.log(`the PDF was not read: ${e.message}`) }
  if (read) check(read.includes("Traffic was moved to the other ledger") && read.includes("Orders stood still"), `the PDF does not say what was accepted:\n${read}`)

  // Who takes no part has nothing of it, not even the script.
  const asked = []
  reader.on("request", r => asked.push(new URL(r.url()).pathname))
  let all = feed + read
  for (const path of ["/read", "?whole=1", "/present", "/export.md", "/export.html", "/export.json"]) {
    if (!path.startsWith("/export")) await reader.goto(here + post + path)
    all += await (await reader.request.get(here + post + path)).text()
  }
  check(all.includes("Traffic was moved to the other ledger"), "the reader does not see the post-mortem")
  for (const said of ["Which ledger was it", "That of orders", "Written on the way", "Which one matters", "hc-threads"]) check(!all.includes(said), `the reader is told “${said}”`)
  check(!asked.some(p => p.startsWith("/assets/beside")), "the reader loads the script of threads")
  const refused = await reader.request.get(here + post + "/review/beside", { headers: { "Hindcast-Script": "1" } })
  check(refused.status() === 403, `the reader asks for threads: ${refused.status()}`)
  check(failures.length === 0, failures.join("\n"))
}, { bypassCSP: true })
