// Who takes part in a post-mortem asks Prometheus for metrics, with scripts and
// without: what it refuses stands at the field in its own words, the answer is
// evidence, and the timeline has what the numbers show.
import { appears, check, double, judge, look, setUp, shot, story } from "./lib.mjs"

const [here, setup] = process.argv.slice(2)
const query = "sum by (service) (rate(http_requests_failed_total[1m]))"
const failing = Date.parse("2024-06-02T14:30:00Z") / 1000

/** Answers as Prometheus does: one series that rises at a moment. */
function answer(q) {
  const asked = new URL(q.url, "http://double").searchParams
  if (q.headers.authorization !== "Bearer t0ken-of-the-metrics") return [401, { status: "error", errorType: "unauthorized", error: "no token" }]
  if (asked.get("query").includes("((")) return [400, { status: "error", errorType: "bad_data", error: `invalid parameter "query": 1:9: parse error: unclosed left parenthesis` }]
  if (asked.get("query").startsWith("ALERTS")) return [200, { status: "success", data: { resultType: "matrix", result: [] } }]
  const metric = asked.get("query") === query ? { service: "checkout" } : {}
  if (!asked.has("start")) return [200, { status: "success", data: { resultType: "vector", result: [{ metric, value: [failing, "0.2"] }] } }]
  const values = []
  for (let t = Number(asked.get("start")), i = 0; t <= Number(asked.get("end")); t += Number(asked.get("step")), i++) values.push([t, t < failing ? String(0.2 + i % 3 / 100) : String(40 + i % 5)])
  return [200, { status: "success", data: { resultType: "matrix", result: [{ metric, values }] } }]
}

const metrics = await double(answer)
const queries = page => page.getByLabel("Queries", { exact: true })
const send = page => page.getByRole("button", { name: "Ask and keep the answers" })

/** Asks about the hour around the moment at which things fail. */
async function ask(page, text) {
  await queries(page).fill(text)
  await page.getByLabel("From", { exact: true }).fill("2024-06-02T14:00")
  await page.getByLabel("To", { exact: true }).fill("2024-06-02T15:00")
  await send(page).click()
}

let session
await story(async (page, context) => {
  await setUp(page, setup)
  session = await context.storageState()
  await page.goto(here + "/new")
  await page.locator("#blank-title").fill("Checkout answers with errors")
  await page.getByRole("button", { name: "Begin" }).click()
  await page.locator("hc-document").waitFor()
  await page.goto(here + "/p/1/ask")
  await page.getByText("Nothing can be asked.").waitFor()
  await look(page, "ask-empty")

  await page.getByRole("link", { name: "Connect something" }).click()
  await page.getByRole("link", { name: "Add Prometheus", exact: true }).click()
  await judge(page, "a new connection to Prometheus")
  for (const [label, value] of [["Name", "Metrics of production"], ["Address", metrics.address], ["Queries", "up"], ["Bearer token", "t0ken-of-the-metrics"]]) await page.getByLabel(label, { exact: true }).fill(value)
  await page.getByLabel("who takes part in an incident may ask").check()
  await page.getByRole("button", { name: "Add it" }).click()
  await page.getByText("It is added").waitFor()
  await page.getByRole("button", { name: "Ask what it may do there" }).click()
  await page.getByText("every query finds something").waitFor()
  check(!(await page.content()).includes("t0ken-of-the-metrics"), "the page shows the token")
  await look(page, "connection-prometheus")

  // What is refused stands at the field, and what was written stays.
  await page.goto(here + "/p/1/evidence")
  await page.getByRole("link", { name: "Ask for metrics" }).click()
  await look(page, "ask")
  await ask(page, "sum((up)")
  const fault = page.locator("#queries-fault")
  await fault.waitFor()
  check(/unclosed left parenthesis/.test(await fault.innerText()), `the fault is ${await fault.innerText()}`)
  check(await queries(page).inputValue() === "sum((up)" && await page.getByLabel("From", { exact: true }).inputValue() === "2024-06-02T14:00", "what was written is gone")
  await look(page, "ask-fault")

  // The answer is evidence, and what rises in it stands in the timeline.
  await ask(page, query)
  await page.getByRole("link", { name: "Read the draft" }).click()
  await page.locator("tr.entry", { hasText: "checkout" }).first().waitFor()
  await shot(page, "ask-draft")
  await appears(page, here + "/p/1/evidence", page.getByText(query))
  await look(page, "ask-evidence")
}, { bypassCSP: true })

await story(async page => {
  await page.goto(here + "/p/1/ask")
  await ask(page, "sum((up)")
  check(/unclosed left parenthesis/.test(await page.locator("#queries-fault").innerText()), "without scripts the fault does not stand at the field")
  await ask(page, "sum(up)")
  await appears(page, here + "/p/1/evidence", page.getByText("sum(up)"))
}, { storageState: session, javaScriptEnabled: false })
metrics.close()
