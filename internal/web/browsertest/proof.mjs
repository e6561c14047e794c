// From the settings to an action that is shown to work: the pager and the tracker
// are connected, an incident is drafted by its number, an action becomes an issue,
// the issue is closed there, and what it changed is verified here.
import { createHmac } from "node:crypto"
import { check, judge, patience, setUp, shot, story } from "./lib.mjs"

const [here, setup, pager, github] = process.argv.slice(2)
const secret = "s3cret-of-the-webhook"

/** Adds a connection and asks what its credential may do. */
async function connect(page, kind, fields, answer) {
  await page.goto(here + "/settings/connections")
  await page.getByRole("link", { name: "Add " + kind, exact: true }).click()
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value)
  await page.getByRole("button", { name: "Add it" }).click()
  await page.getByText("It is added").waitFor()
  const hook = await page.locator(".receiving code").first().innerText()
  await page.getByRole("button", { name: "Ask what it may do there" }).click()
  await page.locator(".note").filter({ hasText: answer }).waitFor()
  check(!(await page.content()).includes(fields.Token ?? fields["API key"]), `the page shows the credential of ${kind}`)
  await judge(page, `the connection of ${kind}`)
  return hook
}

await story(async (page, context) => {
  await setUp(page, setup)
  await connect(page, "PagerDuty", { "Name": "Pager", "Address of the API": pager, "API key": "k3y-of-the-pager" }, "The key works")
  const hook = await connect(page, "GitHub",
    { "Name": "Mobile issues", "Repository": "example/mobile-api", "Token": "t0ken-of-github", "Secret of the webhook": secret, "Address of the API": github },
    "sees the private repository example/mobile-api")

  // The incident, by the number that people say.
  await page.goto(here + "/settings/incoming")
  await page.getByLabel("Draft an incident of the pager").fill("#4521")
  await page.getByRole("button", { name: "Fetch and draft" }).click()
  const drafted = page.locator("td a[href^='/p/']")
  for (let i = 0; i < patience / 250 && !await drafted.count(); i++) {
    await page.waitForTimeout(250)
    await page.reload()
  }
  await judge(page, "what came in")
  await shot(page, "proof-incoming")
  await drafted.click()
  await page.locator("hc-document").waitFor()
  const post = new URL(page.url()).pathname
  const head = await page.locator(".head").innerText()
  check(/MobileApiErrorRateHigh/.test(head) && /pager 4521/.test(head), `the draft is headed ${head}`)
  const entries = await page.locator("tr.entry").allInnerTexts()
  check(entries.some(e => /v2\.8\.0/.test(e)), "the draft has no deployment of GitHub")
  check(entries.some(e => /Acknowledged/.test(e)), "the draft has no acknowledgment of the pager")
  await shot(page, "proof-draft")

  // An action, and its issue.
  await page.getByRole("link", { name: "Add an action" }).click()
  const form = page.locator('[data-part="actions/new"] form')
  await form.getByLabel("What exactly will be done").fill("Run migrations against a copy with production rows before each rollout")
  await form.getByLabel("Owner").fill("Mobile platform team - Engineer B")
  await form.getByLabel("Done when").fill("a failing migration stops the rollout in staging")
  await form.getByLabel("Priority", { exact: true }).selectOption("critical")
  await form.getByRole("button", { name: "Add", exact: true }).click()
  await page.locator(".action", { hasText: "production rows" }).waitFor()
  await page.getByRole("link", { name: "Make tickets of them" }).click()
  await judge(page, "the tickets")
  await page.getByRole("button", { name: "Make tickets in Mobile issues" }).click()
  const ticket = page.getByRole("link", { name: "Mobile issues 1" })
  for (let i = 0; i < patience / 250 && !await ticket.count(); i++) {
    await page.waitForTimeout(250)
    await page.reload()
  }
  check(await ticket.getAttribute("href") === "https://github.com/example/mobile-api/issues/1", "the issue is not linked")
  await shot(page, "proof-ticket")

  // It is closed there, and a signed webhook says so; one that is not signed is refused.
  const issue = await (await fetch(github + "/repos/example/mobile-api/double/close")).json()
  check(String(issue.labels) === "post-mortem,incident-4521,priority/critical", `the issue has the labels ${issue.labels}`)
  check(issue.body.includes(here + post), "the issue does not lead back")
  const body = JSON.stringify({ action: "closed", issue, repository: { full_name: "example/mobile-api" } })
  const tell = signature => fetch(hook, { method: "POST", body, headers: { "content-type": "application/json", "x-github-event": "issues", "x-github-delivery": "d1", "x-hub-signature-256": "sha256=" + signature } })
  check((await tell("0".repeat(64))).status === 403, "a webhook without a signature was taken")
  check((await tell(createHmac("sha256", secret).update(body).digest("hex"))).status === 202, "a signed webhook was refused")
  await page.goto(here + "/actions?state=all")
  await page.getByRole("link", { name: /production rows/ }).first().click()
  const chip = page.locator("p.marks .chip").first()
  for (let i = 0; i < patience / 250 && await chip.innerText() !== "done"; i++) {
    await page.waitForTimeout(250)
    await page.reload()
  }
  check(/its ticket was closed in Mobile issues/.test(await page.locator(".story").innerText()), "the action does not say why it is done")

  // Done is not proven; that takes somebody who saw it.
  await page.getByText("Verify…").click()
  await page.getByLabel("What was seen").fill("a rehearsal with a failing migration stopped in staging")
  await page.getByLabel("Who saw it").fill("facilitator")
  await page.getByRole("button", { name: "Verify", exact: true }).click()
  await page.locator(".chip.action-verified").waitFor()
  await judge(page, "a verified action")
  await shot(page, "proof-verified")
  await page.goto(here + "/actions/figures?days=0")
  check(/100/.test(await page.locator("main").innerText()), "the figures do not count it")

  for (const [name, options] of [["narrow", { viewport: { width: 360, height: 740 } }], ["dark", { colorScheme: "dark" }]]) {
    const other = await context.browser().newContext({ ...options, storageState: await context.storageState() })
    const look = await other.newPage()
    for (const [what, address] of [["connections", "/settings/connections"], ["incoming", "/settings/incoming"], ["tickets", post + "/tickets"]]) {
      await look.goto(here + address)
      check(await look.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${address} is wider than the ${name} screen`)
      await shot(look, `proof-${what}-${name}`)
    }
    await other.close()
  }
}, { bypassCSP: true })
