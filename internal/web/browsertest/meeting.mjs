// A meeting from its plan to its minutes: the console of the facilitator, and who
// follows in another browser, in step within a second.
import os from "node:os"
import { text as read } from "node:stream/consumers"
import { check, giveRules, patience, setUp, shot, story } from "./lib.mjs"

const [here, setup, evidence] = process.argv.slice(2)

// accessible looks at a page when its colors have stopped changing.
async function accessible(page, where) {
  await page.waitForTimeout(50)
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(a => a.finished)))
  await giveRules(page)
  const found = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }))
  check(found.violations.length === 0, `${where}: ` + found.violations.map(v => `${v.id} at ${v.nodes.map(n => n.target).join(" ")}`).join(", "))
}

const wide = page => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** The time in seconds that a page says is left of the block. */
const left = async page => {
  const text = await page.locator("[data-clock=left]").textContent()
  const [m, s] = text.replace("-", "").split(":").map(Number)
  return (text.startsWith("-") ? -1 : 1) * (m * 60 + s)
}

/** Opens a page and waits until its stream has begun. */
async function follow(page, address) {
  const stream = page.waitForResponse(r => r.request().resourceType() === "eventsource")
  await page.goto(address)
  await stream
}

/** Does something and measures how long after the page of who did it others show it. */
async function inStep(act, own, ...others) {
  await act()
  let seen = 0
  await Promise.all([own.waitFor().then(() => { seen = performance.now() }), ...others.map(o => o.waitFor())])
  return Math.max(0, performance.now() - seen)
}

await story(async (page, context) => {
  await setUp(page, setup)
  await page.goto(here + "/new")
  const box = await page.locator("#evidence .drop").boundingBox()
  const cdp = await page.context().newCDPSession(page)
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await cdp.send("Input.dispatchDragEvent", { type, x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2), data: { items: [], files: [evidence], dragOperationsMask: 1 } })
  }
  await page.locator("#evidence [role=status]").filter({ hasText: "files" }).waitFor()
  await page.getByRole("button", { name: "Draft the post-mortem" }).click()
  await page.getByRole("link", { name: "Read the draft" }).click()
  await page.locator("hc-document").waitFor()
  const post = new URL(page.url()).pathname

  // Somebody else takes part, in a browser of their own.
  await page.goto(here + "/people")
  await page.getByLabel("Invite by address").fill("engineer@example.org")
  await page.getByRole("button", { name: "Make a link" }).click()
  const link = new URL(await page.locator(".once code").textContent()).pathname
  const other = await (await context.browser().newContext({ viewport: { width: 360, height: 740 }, timezoneId: "UTC", colorScheme: "dark" })).newPage()
  other.setDefaultTimeout(patience)
  const failures = []
  other.on("pageerror", e => failures.push(e.message))
  await other.goto(here + link)
  await other.getByLabel("Name").fill("Engineer A")
  await other.getByLabel("Password").fill("a long enough password")
  await other.getByRole("button", { name: "Go on" }).click()
  await other.waitForURL("**/")

  const stranger = await other.goto(here + post + "/meeting")
  check(stranger.status() === 404, `who takes no part gets ${stranger.status()} for the meeting`)
  await page.goto(here + post + "/sharing")
  await page.locator("select[name=person]").selectOption({ label: "Engineer A" }).catch(async () => page.locator("[name=person]").first().fill("engineer@example.org"))
  await page.locator("form[action$='/share'] button").click()
  await page.getByText("Engineer A").first().waitFor()

  // The plan, and its invitation.
  await page.goto(here + post)
  await page.getByRole("link", { name: "Meeting", exact: true }).click()
  await page.getByLabel("Place").fill("Room 3")
  await page.getByLabel("Others").fill("payments team")
  await accessible(page, "the plan")
  await shot(page, "meeting-plan")
  await page.getByRole("button", { name: "Plan the meeting" }).click()
  const start = page.getByRole("button", { name: "Start the meeting" })
  await start.waitFor()
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Invitation for a calendar" }).click()])
  const ics = await read(await file.createReadStream())
  check(/METHOD:REQUEST\r\n/.test(ics) && /ATTENDEE;CN="Engineer A"/.test(ics.replaceAll("\r\n ", "")), `the invitation is ${ics}`)
  await shot(page, "meeting-planned")

  await follow(other, here + post + "/meeting")
  await other.getByRole("heading", { name: "Invited" }).waitFor()
  check(await other.getByRole("button", { name: "Start the meeting" }).count() === 0, "who follows can start the meeting")

  // In step: every step of the console is on the other page within a second.
  const onConsole = name => page.getByRole("heading", { level: 1, name })
  const title = name => other.getByRole("heading", { level: 1, name })
  const took = {}
  took.start = await inStep(() => start.click(), onConsole("Introduction"), title("Introduction"))
  await page.locator(".opening").waitFor()
  await shot(page, "meeting-opening")
  const url = page.url()
  const id = (await page.locator("hc-meeting").getAttribute("data-self"))
  const screen = await page.context().newPage()
  await screen.setViewportSize({ width: 1920, height: 1080 })
  await follow(screen, here + id + "/screen")
  await screen.getByRole("heading", { level: 1, name: "Introduction" }).waitFor()
  check(await screen.locator("button:visible, input:visible").count() === 0, "the shared screen has controls")
  await shot(screen, "meeting-screen-opening")

  took.next = await inStep(() => page.keyboard.press("ArrowRight"), onConsole("Timeline"), title("Timeline"), screen.getByRole("heading", { level: 1, name: "Timeline" }))
  const row = page.locator(".items li").nth(2)
  const what = await row.getAttribute("data-path")
  took.show = await inStep(() => row.getByRole("button", { name: "Show" }).click(), page.locator(`.items li.shown[data-path="${what}"]`), other.locator(`.items li.shown[data-path="${what}"]`), screen.locator(`.items li.shown[data-path="${what}"]`))
  await page.getByRole("heading", { name: "Ask about this" }).waitFor()
  await shot(page, "meeting-timeline")
  await shot(screen, "meeting-screen")
  await shot(other, "meeting-follow-phone")

  // What somebody is typing stays when the room changes.
  await other.getByLabel("Note for the minutes").fill("half a thou")
  took.extend = await inStep(() => page.keyboard.press("e"), page.locator(".agenda .here", { hasText: "+5" }), other.locator(".agenda .here", { hasText: "+5" }))
  check(await other.getByLabel("Note for the minutes").inputValue() === "half a thou", "what was being typed is gone")
  const [a, b] = await Promise.all([left(page), left(other)])
  check(Math.abs(a - b) <= 1, `the clocks say ${a} and ${b} seconds`)
  check(a > 29 * 60 && a <= 30 * 60, `${a} s are left of 25 and 5 minutes`)

  // Pause stops both clocks, and a page that is loaded again knows.
  took.pause = await inStep(() => page.keyboard.press(" "), page.getByRole("button", { name: "Go on" }), other.getByText("paused"))
  const still = await left(other)
  await page.reload()
  await page.getByRole("button", { name: "Go on" }).waitFor()
  check(await left(page) === still && await left(other) === still, "a paused clock runs")
  took.resume = await inStep(() => page.getByRole("button", { name: "Go on" }).click(), page.getByRole("button", { name: "Pause" }), other.locator(".room[data-running=true]"))

  // Notes, the parking lot, questions: from both sides.
  took.park = await inStep(async () => { await other.getByLabel("A remedy comes up early").fill("Alert on errors by version"); await other.getByRole("button", { name: "Park" }).click() }, other.locator(".parked", { hasText: "Alert on errors" }), page.locator(".parked", { hasText: "Alert on errors" }))
  await page.keyboard.press("m")
  await page.keyboard.type("The dashboard showed nothing")
  await page.getByRole("button", { name: "Note", exact: true }).click()
  await other.locator(".minutes", { hasText: "The dashboard showed nothing" }).waitFor()
  await page.getByLabel("A question somebody finds out").fill("How long was it so?")
  await page.getByLabel("Who finds it out").selectOption({ label: "Engineer A" })
  await page.getByRole("button", { name: "Assign" }).click()
  await other.getByText("How long was it so?").waitFor()

  // Into the document.
  await page.getByLabel("In a sentence").fill("The responders looked at the database first")
  await page.getByLabel("When").fill("14:41")
  await page.getByLabel("Who or what").fill("on-call engineer")
  took.write = await inStep(() => page.getByRole("button", { name: "Write", exact: true }).click(), page.locator(".items", { hasText: "looked at the database first" }), other.locator(".items", { hasText: "looked at the database first" }))

  await page.keyboard.press("ArrowRight")
  await title("What went well").waitFor()
  await page.keyboard.press("s")
  await title("Causes").waitFor()
  await other.locator(".agenda .skipped", { hasText: "What went well" }).waitFor()
  await page.getByLabel("In a sentence").fill("Nothing compared errors between versions")
  await page.getByRole("button", { name: "Write", exact: true }).click()
  for (const at of [page, other]) await at.locator(".items", { hasText: "Nothing compared errors" }).waitFor() // a key before the page is new is lost with it
  await shot(page, "meeting-causes")
  await page.keyboard.press("ArrowLeft")
  await title("What went well").waitFor()
  for (const name of ["Causes", "Action items"]) {
    await page.keyboard.press("ArrowRight")
    await title(name).waitFor()
  }
  await page.getByText("Decide", { exact: true }).click()
  await page.locator(".parked").getByLabel("Owner").fill("platform team")
  await page.getByRole("button", { name: "Make it an action item" }).click()
  await other.locator(".items", { hasText: "Alert on errors by version" }).waitFor()
  await shot(page, "meeting-actions")
  await page.keyboard.press("ArrowRight")
  await title("Review and next steps").waitFor()
  await page.getByLabel("Engineer A").check()
  await page.getByRole("button", { name: "Keep", exact: true }).click()
  await accessible(page, "the console")
  await accessible(other, "the follow-along view")
  await accessible(screen, "the shared screen")
  check(await wide(other) <= 0, `the follow-along view is wider than a phone by ${await wide(other)}`)
  check(await wide(screen) <= 0, `the shared screen is wider than 1920 by ${await wide(screen)}`)
  await page.setViewportSize({ width: 360, height: 740 })
  check(await wide(page) <= 0, `the console is wider than a phone by ${await wide(page)}`)
  await shot(page, "meeting-console-phone")
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.emulateMedia({ colorScheme: "dark" })
  await shot(page, "meeting-console-dark")
  await accessible(page, "the console, dark")
  await page.emulateMedia({ colorScheme: "light" })

  // It does not close before all is settled.
  const close = page.getByRole("button", { name: "Close, and keep the minutes" })
  await page.getByLabel("Owner of the document").fill("platform team")
  await close.click()
  await page.getByText(/before the meeting closes, settle when it is published; the day of the follow-up/i).waitFor()
  await page.getByLabel("Published on").fill("2026-12-24")
  await page.getByLabel("Follow-up on").fill("2027-01-15")
  took.close = await inStep(() => close.click(), page.getByText("2026-12-24"), other.getByText("2026-12-24"))
  await page.getByRole("link", { name: "Minutes in the evidence" }).click()
  await page.getByRole("link", { name: /-minutes\.md/ }).first().click()
  await page.getByText("The dashboard showed nothing").waitFor()
  await page.getByText("Alert on errors by version: became an action item").waitFor()
  await page.goto(url)
  await shot(page, "meeting-after")

  console.log(`load ${os.loadavg()[0].toFixed(1)}, in step after ms: ` + Object.entries(took).map(([k, ms]) => `${k} ${Math.round(ms)}`).join(", "))
  check(failures.length === 0, failures.join("\n"))
}, { bypassCSP: true })
