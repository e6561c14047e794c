// An admin looks after the settings by keyboard, with and without scripts: adds a
// connection, tests it, reads what became of it, keeps a view of the library and
// makes a link to the feed. Two people look at one post-mortem, and the second sees
// what the first writes.
import http from "node:http"
import { check, judge, setUp, shot, story } from "./lib.mjs"

const [here, setup] = process.argv.slice(2)
const receiver = http.createServer((q, r) => { r.statusCode = 202; r.end() })
await new Promise(ready => receiver.listen(0, "127.0.0.1", ready))
const hook = `http://127.0.0.1:${receiver.address().port}/hook`

/** Reaches what a person names by the keyboard alone. */
async function reach(page, what) {
  for (let i = 0; i < 120; i++) {
    if (await what.evaluate(el => el === document.activeElement)) return
    await page.keyboard.press("Tab")
  }
  throw new Error(`the keyboard does not reach ${what}`)
}

async function press(page, role, name) {
  await reach(page, page.getByRole(role, { name, exact: true }).first())
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")])
}

async function write(page, label, text) {
  await reach(page, page.getByLabel(label, { exact: true }).first())
  await page.keyboard.type(text)
}

let session
await story(async (page, context) => {
  await setUp(page, setup)
  session = await context.storageState()
  await page.goto(here + "/settings/connections")
  check(await page.getByText("Nothing leaves the library yet").isVisible(), "the empty list teaches nothing")
  await press(page, "link", "Add Webhook")
  await write(page, "Name", "Chat room")
  await write(page, "Address", "chat")
  await press(page, "button", "Add it")
  check(await page.getByRole("alert").innerText() === "Write an address such as https://hooks.example.org/hindcast.", "the fault does not stand at the field")
  await page.getByLabel("Address", { exact: true }).fill(hook)
  await reach(page, page.getByLabel("a post-mortem is begun"))
  await page.keyboard.press("Space")
  await press(page, "button", "Add it")
  check(/whsec_/.test(await page.locator(".once code").innerText()), "the secret is not shown")
  await judge(page, "a new connection")
  await press(page, "button", "Send a test message")
  check(/arrived/.test(await page.locator(".note").innerText()), "the test did not arrive")
  await page.goto(here + "/new")
  await page.locator("form[action='/new/blank'] input[name=title]").fill("Ledger outage")
  await page.locator("form[action='/new/blank'] input[name=title]").press("Enter")
  await page.waitForURL("**/p/1")
  await page.goto(here + "/settings/connections")
  await press(page, "link", "Chat room")
  for (let i = 0; i < 50 && !await page.locator("#deliveries .delivery-sent").count(); i++) await page.reload()
  check(await page.locator("#deliveries .delivery-sent").count() === 1, "the message is not said to be sent")
  await judge(page, "a connection with messages")
  await shot(page, "connection")
  await page.goto(here + "/settings/audit")
  check(/began #1 Ledger outage/.test(await page.locator(".acts").innerText()), "the audit trail does not say what happened")
  await judge(page, "the audit trail")
}, { bypassCSP: true })

await story(async page => {
  await page.goto(here + "/settings/connections")
  await page.getByRole("link", { name: "Chat room" }).click()
  await page.getByRole("button", { name: "Pause" }).click()
  check(await page.getByText("switched off by an admin").isVisible(), "it is not paused")
  await page.getByText("Remove it").click()
  await page.getByRole("button", { name: "Remove Chat room" }).click()
  check(await page.getByText("Nothing leaves the library yet").isVisible(), "it was not removed")
  await page.goto(here + "/library?status=draft")
  await page.getByText("Keep this view").click()
  await page.getByLabel("Name", { exact: true }).fill("Drafts")
  await page.getByRole("button", { name: "Keep it" }).click()
  check(await page.getByRole("navigation", { name: "Your views" }).getByRole("link", { name: "Drafts" }).isVisible(), "the view is not kept")
  await page.goto(here + "/settings")
  await page.getByRole("button", { name: "Make a link" }).click()
  const link = await page.locator("#feed code").innerText()
  const feed = await (await fetch(link)).text()
  check(feed.includes("<feed") && !feed.includes("Ledger"), "the feed is none, or holds a draft")
}, { storageState: session, javaScriptEnabled: false })

await story(async (page, context) => {
  const other = await context.newPage()
  await page.addInitScript(() => { window.setInterval = () => 0 }) // the stream brings it, not asking from time to time
  await page.goto(here + "/p/1")
  await other.goto(here + "/p/1?edit=owner")
  await page.bringToFront()
  const field = other.locator("form[data-form=owner] input[name=value]")
  await field.fill("Payments team")
  await field.press("Control+Enter")
  await page.getByText("Payments team").first().waitFor()
}, { storageState: session })
receiver.close()
