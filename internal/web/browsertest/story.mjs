// From a folder of evidence to a post-mortem that is found, exported, and the same
// elsewhere.
import { check, setUp, shot, story, take } from "./lib.mjs"

const [here, setup, there, setupThere, evidence] = process.argv.slice(2)

/** Drops a folder of this machine onto an element. */
async function drop(page, selector, folder) {
  const box = await page.locator(selector).boundingBox()
  const at = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) }
  const cdp = await page.context().newCDPSession(page)
  const data = { items: [], files: [folder], dragOperationsMask: 1 }
  for (const type of ["dragEnter", "dragOver", "drop"]) await cdp.send("Input.dispatchDragEvent", { type, ...at, data })
}

await story(async page => {
  await setUp(page, setup)

  // The evidence is dropped and the draft appears.
  await page.keyboard.press("n")
  await page.waitForURL("**/new")
  await drop(page, "#evidence .drop", evidence)
  await page.locator("#evidence [role=status]").filter({ hasText: "files" }).waitFor()
  await page.getByRole("button", { name: "Draft the post-mortem" }).click()
  await page.getByRole("link", { name: "Read the draft" }).click()
  await page.locator("hc-document").waitFor()
  const rows = await page.locator("tr.entry").count()
  check(rows >= 12, `the draft has ${rows} entries`)
  const post = new URL(page.url()).pathname
  await shot(page, "draft")

  // One entry is corrected where it stands.
  const acknowledged = page.locator("tr.entry", { hasText: "Acknowledged by" }).first()
  const id = await acknowledged.getAttribute("data-part")
  await acknowledged.focus()
  await page.keyboard.press("Enter")
  const form = page.locator(`[data-part="${id}"] form`)
  await form.getByLabel("What happened").fill("The on-call engineer took it up by phone")
  await page.keyboard.press("Control+Enter")
  await page.locator(`tr[data-part="${id}"]`, { hasText: "took it up by phone" }).waitFor()

  // Evidence is added again, and the correction survives.
  await page.goto(here + post + "/evidence")
  await page.setInputFiles("#files", [{ name: "extra/mobile-api.log", mimeType: "text/plain",
    buffer: Buffer.from("2024-03-15T14:37:31.000Z ERROR mobile-api request failed: column \"locale\" is null\n".repeat(40)) }])
  await page.getByRole("button", { name: "Add", exact: true }).click()
  await page.getByRole("link", { name: "Read the draft" }).click()
  await page.locator(`tr[data-part="${id}"]`, { hasText: "took it up by phone" }).waitFor()
  await page.goto(here + post + "/evidence")
  await page.getByText("extra/mobile-api.log").waitFor()
  await page.goto(here + post)

  // The lint reads along in the editor, and its proposal is taken.
  await page.getByRole("link", { name: "Edit the text of Incident Summary" }).click()
  const editor = page.locator("#sections\\/summary .cm-content")
  await editor.click()
  await page.keyboard.press("Control+End")
  await page.keyboard.type("\n\nThe engineer mistakenly deployed the wrong version.")
  const undo = page.locator("#notices button", { hasText: "Undo" }).waitFor() // it is offered for some seconds alone
  const word = (await take(page, page.locator(".cm-lintRange"))).replace(/^Write “|”$/g, "").replace(/…$/, "").trim()
  await page.waitForFunction(w => document.querySelector("hc-prose").shadowRoot.textContent.includes(w), word)
  await page.locator("[data-progress]", { hasText: "Saved" }).waitFor()
  await page.keyboard.press("Control+Enter")
  await page.locator("#sections\\/summary.prose", { hasText: word }).waitFor()
  check(!(await page.locator("#sections\\/summary").textContent()).includes("mistakenly"), "the words that the lint spoke of are still there")

  // What was saved can be taken back, and brought again.
  await undo

  // An action is added.
  await page.getByRole("link", { name: "Add an action" }).click()
  const action = page.locator('[data-part="actions/new"] form')
  await action.getByLabel("What exactly will be done").fill("Run migrations against a copy with production rows before each rollout")
  await action.getByLabel("Owner").fill("platform team")
  await action.getByLabel("Due").fill("2024-03-29")
  await action.getByLabel("Done when").fill("a failing migration stops the rollout in staging")
  await action.getByRole("button", { name: "Add", exact: true }).click()
  await page.locator(".action", { hasText: "production rows" }).waitFor()
  await shot(page, "edited")

  // It is found by search, from the keyboard.
  await page.locator("h1").click()
  await page.keyboard.press("/")
  await page.keyboard.type("production rows rollout")
  await page.keyboard.press("Enter")
  await page.waitForURL("**/library?q=*")
  await page.locator(".hit").first().waitFor()
  await page.keyboard.press("j")
  await page.keyboard.press("Enter")
  await page.waitForURL("**" + post)

  // It is exported, and imported elsewhere it is the same document.
  const exported = await (await page.request.get(here + post + "/export.md")).text()
  check(exported.includes("took it up by phone") && exported.includes("platform team"), "the export lacks what was written")
  await setUp(page, setupThere)
  await page.goto(there + "/new")
  await page.setInputFiles("#md-file", [{ name: "post-mortem.md", mimeType: "text/markdown", buffer: Buffer.from(exported) }])
  await page.getByRole("button", { name: "Import" }).click()
  await page.locator("hc-document").waitFor()
  const again = await (await page.request.get(there + new URL(page.url()).pathname + "/export.md")).text()
  check(again === exported, `the imported document differs:\n${difference(exported, again)}`)
})

function difference(a, b) {
  const x = a.split("\n"), y = b.split("\n")
  const i = x.findIndex((line, n) => line !== y[n])
  return `line ${i + 1}: ${x[i]}\n     and: ${y[i]}`
}
