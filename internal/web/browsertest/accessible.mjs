// Every page, light and dark, wide and narrow, held against axe and a few rules of
// our own.
import { createRequire } from "node:module"
import { check, ofColor, shot, story } from "./lib.mjs"

const [here, look] = process.argv.slice(2)
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js")

const pages = {
  home: "/", library: "/library", found: "/library?q=migration", nothing: "/library?q=xyzzy", new: "/new", actions: "/actions", board: "/actions/board", figures: "/actions/figures?days=0", reviews: "/actions/review", decided: "/actions/decided",
  post: "/p/1", review: "/p/3", form: "/p/3?edit=timeline/new", entry: "/p/3?edit=title", evidence: "/p/1/evidence", history: "/p/1/history",
  change: "/p/1/history/1", sharing: "/p/1/sharing", people: "/people", settings: "/settings", connections: "/settings/connections",
  connection: "/settings/connections/new?kind=webhook", mail: "/settings/mail", inbox: "/inbox", preferences: "/inbox/preferences", audit: "/settings/audit", keys: "/keys", whys: "/p/1/analysis", fishbone: "/p/3/analysis?view=fishbone", factor: "/p/3/analysis?view=graph&at=bone-people", factors: "/p/1/analysis?view=table",
  then: "/p/1?at=2024-03-15T14:40:30Z", decision: "/p/3/decision/new", integrity: "/p/3/integrity", replay: "/p/3/replay?rule=nothing+%3E", missing: "/nothing-here",
}

// Light and wide is held against all rules; dark against those that depend on
// color; a phone against our own, that nothing scrolls sideways.
const looks = {
  light: { colorScheme: "light", width: 1280, rules: {} },
  dark: { colorScheme: "dark", width: 1280, rules: ofColor },
  phone: { colorScheme: "light", width: 360, rules: null },
  "phone-dark": { colorScheme: "dark", width: 360, rules: null }, // for its pictures
}
const { colorScheme, width, rules } = looks[look]
const found = []
async function judge(page, what, rules) {
  const result = await page.evaluate(rules => window.axe.run(document, { resultTypes: ["violations"], ...rules }), rules)
  for (const v of result.violations) {
    if (v.impact === "serious" || v.impact === "critical") found.push(`${what}: ${v.id}: ${v.nodes.map(n => n.target.join(" ") + " " + (n.any[0]?.message ?? "")).slice(0, 3).join("; ")}`)
  }
}
await story(async (page, context) => {
  if (rules) await context.addInitScript({ path: axe }) // once for all pages, not with each
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(here + path)
    await shot(page, `${name}-${colorScheme}-${width}`)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (wide > 0) found.push(`${path} at ${width}: scrolls sideways by ${wide} px`)
    if (rules) await judge(page, `${path} ${colorScheme}`, rules)
  }
  if (!rules) return
  await page.goto(here + "/p/3")
  await page.getByRole("link", { name: "Edit the text of Incident Summary" }).click()
  await page.locator(".cm-content").waitFor()
  await judge(page, `the editor ${colorScheme}`, rules)
}, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true })
check(found.length === 0, [...new Set(found)].join("\n"))
