// A tracker takes the credential back: a ticket waits, who asked and the admin are
// told, and with a new credential it is made once by itself; another is given up.
import { appears, check, double, look, setUp, shot, story } from "./lib.mjs"

const [here, setup] = process.argv.slice(2)
const issues = []
let token = "first-t0ken"

/** Answers as GitHub does about one repository. */
function answer(q, body) {
  const what = new URL(q.url, "http://double").pathname.replace("/repos/example/checkout", "")
  if (q.headers.authorization !== "Bearer " + token) return [401, { message: "Bad credentials", documentation_url: "https://docs.github.com/rest", status: "401" }]
  if (what === "") return [200, { full_name: "example/checkout", private: true, has_issues: true, permissions: { push: true } }]
  if (what === "/issues" && q.method === "POST") {
    const number = issues.length + 1
    issues.push({ ...JSON.parse(body), number, state: "open", html_url: `https://github.com/example/checkout/issues/${number}` })
    return [201, issues.at(-1)]
  }
  if (what === "/issues") return [200, issues]
  const one = issues[Number(what.replace("/issues/", "")) - 1]
  return one ? [200, one] : [404, { message: "Not Found" }]
}

const github = await double(answer)
const button = (page, name) => page.getByRole("button", { name, exact: true })
const row = (page, text) => page.locator("tbody tr", { hasText: text })

async function act(page, text) {
  await page.goto(here + "/p/1")
  await page.getByRole("link", { name: "Add an action" }).click()
  const form = page.locator('[data-part="actions/new"] form')
  await form.getByLabel("What exactly will be done").fill(text)
  await form.getByRole("button", { name: "Add", exact: true }).click()
  await page.locator(".action", { hasText: text }).waitFor()
}

await story(async page => {
  await setUp(page, setup)
  await page.goto(here + "/settings/connections")
  await page.getByRole("link", { name: "Add GitHub", exact: true }).click()
  for (const [label, value] of [["Name", "Checkout issues"], ["Repository", "example/checkout"], ["Token", token], ["Address of the API", github.address]]) await page.getByLabel(label, { exact: true }).fill(value)
  await button(page, "Add it").click()
  await button(page, "Ask what it may do there").click()
  await page.getByText("sees the private repository").waitFor()
  await look(page, "connection-github")
  await page.goto(here + "/new")
  await page.locator("#blank-title").fill("Checkout answers with errors")
  await button(page, "Begin").click()
  await page.locator("hc-document").waitFor()
  await act(page, "Alert on the error rate of checkout")
  await act(page, "Rehearse the failover of the ledger")

  // The credential is not accepted any more: the ticket waits, and says for what.
  token = "second-t0ken"
  await page.goto(here + "/p/1/tickets")
  await button(page, "Make tickets in Checkout issues").click()
  await appears(page, here + "/p/1/tickets", page.getByText("waits for a credential").nth(1))
  await look(page, "tickets-stuck")
  await page.goto(here + "/inbox")
  await page.getByText("Checkout issues").first().waitFor()
  await shot(page, "stuck-inbox")
  await page.goto(here + "/actions/board")
  await shot(page, "stuck-board")

  // One is given up, for a ticket that was made by hand.
  await page.goto(here + "/p/1/tickets")
  const given = row(page, "Rehearse the failover")
  await given.getByText("Give it up").click()
  await given.getByLabel("Address of the ticket").fill("https://github.com/example/checkout/issues/77")
  await look(page, "tickets-give-up")
  await given.getByRole("button", { name: "Make no ticket in Checkout issues" }).click()
  await row(page, "Rehearse the failover").getByRole("link", { name: "issues/77" }).waitFor()
  check(!await row(page, "Rehearse the failover").getByRole("checkbox").isChecked(), "what was made by hand is chosen to be made")

  // The admin connects it again; what waits is made once.
  await row(page, "Alert on the error rate").getByRole("link", { name: "Connect it again" }).click()
  await page.getByText("1 ticket waits for a credential.").waitFor()
  await look(page, "connection-stuck")
  await page.getByLabel(/^Token/).fill(token)
  await button(page, "Save").click()
  await page.getByText("It is saved.").waitFor()
  await appears(page, here + "/p/1/tickets", page.getByRole("link", { name: "Checkout issues 1" }))
  await look(page, "tickets-made")
  check(issues.length === 1 && /error rate/.test(issues[0].title), `made were ${issues.map(i => i.title).join("; ")}`)
}, { bypassCSP: true })
github.close()
