// Text that wants to be a script goes into every field and comes out as text.
import { check, story } from "./lib.mjs"

const [here] = process.argv.slice(2)

const payloads = [
  `<script>hacked()</script>`,
  `"><img src=x onerror=hacked()>`,
  `'"--></style></script><svg/onload=hacked()>`,
  `</textarea><img src=x onerror=hacked()>`,
  `[click](javascript:hacked()) <javascript:hacked()> ![x](javascript:hacked())`,
  `<a href="javascript:hacked()">x</a><iframe srcdoc="<script>parent.hacked()</script>">`,
  `{{constructor.constructor('hacked()')()}} \${hacked()}`,
  `javascript:hacked()`,
  `data:text/html,<script>hacked()</script>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=hacked()&gt;">`,
  `\u202e<b onmouseover=hacked()>x</b>\u0000`,
]

/** The forms of a document: every part that has one. */
const parts = ["title", "number", "services", "detection", "participants", "owner", "phases/started_at", "impact/users", "impact/counts/new", "impact/business/new",
  "impact/slos/new", "timeline/new", "accounts/new", "factors/new-root", "factors/new-contributing", "observations/new-well", "observations/new-poorly", "actions/new",
  "related/new", "sections/summary", "sections/timeline", "sections/root-causes"]

await story(async (page, context) => {
  let hacked = 0
  await context.exposeFunction("hacked", () => { hacked++ })
  page.on("dialog", d => { hacked++; void d.dismiss() })
  await page.goto(here + "/p/3")
  for (const [n, bad] of payloads.entries()) {
    // Whatever fields a form has get the text; choices keep what they show.
    const answers = await page.evaluate(async ({ parts, bad }) => {
      const headers = { "Hindcast-Script": "1" }
      const out = {}
      for (const path of parts) {
        const t = document.createElement("template")
        t.innerHTML = await (await fetch(`/p/3/part?edit=1&path=${encodeURIComponent(path)}`, { headers })).text()
        const form = t.content.querySelector("form")
        const body = new URLSearchParams(new FormData(form))
        for (const el of form.elements) if (el.matches("textarea, input:not([type=hidden], [type=checkbox], [type=datetime-local], [type=date], [inputmode=decimal])")) body.set(el.name, bad)
        out[path] = (await fetch("/p/3/part", { method: "POST", headers, body })).status
      }
      return out
    }, { parts, bad })
    for (const [path, status] of Object.entries(answers)) check(status === 200 || status === 422, `${path} with payload ${n}: status ${status}`)
    const kept = Object.values(answers).filter(s => s === 200).length
    check(kept >= 15 || bad.includes("\u0000"), `payload ${n}: only ${kept} fields kept it: ${JSON.stringify(answers)}`)
    const markdown = `# ${bad}\n\n${bad}\n\n## Timeline\n\n- 14:00 ${bad}\n\n## Action Items\n\n- [ ] ${bad}\n`
    const made = await page.request.post(here + "/new/markdown", { multipart: { text: markdown }, headers: { Origin: here } })
    const send = (path, form) => page.request.post(here + path, { form, headers: { Origin: here } })
    const view = await send("/library/views", { name: [...bad].slice(0, 60).join(""), query: "q=" + encodeURIComponent(bad) })
    check(view.ok() || bad.includes("\u0000") && view.status() === 422, `a view with payload ${n}: ${view.status()}`)
    check((await send("/settings/join", { ref: "3", reason: bad })).ok(), `joining with payload ${n}`)
    const said = await send("/p/3/review", { path: n % 2 ? "sections/summary" : "", text: bad })
    check(said.ok() || bad.includes("\u0000") && said.status() === 422, `a comment with payload ${n}: ${said.status()}`)
    check((await send("/settings/tokens", { name: bad, scope: "read" })).ok(), `a token with payload ${n}`)
    check(made.ok() || bad.includes("\u0000") && made.status() === 422, `import of payload ${n}: ${made.status()}`)
  }
  for (const path of ["/p/3", "/p/3/review", "/p/3?edit=title", "/p/3?edit=timeline/new", "/p/4", "/p/9", "/p/3/history", "/p/3/history/5", "/p/3/evidence", "/p/3/sharing", "/", "/library", "/library?q=" + encodeURIComponent(payloads[1]),
    "/library?service=" + encodeURIComponent(payloads[1]), "/actions", "/settings", "/settings/audit", "/settings/audit?act=postmortem.join", "/p/3/audit",
    "/settings/audit?incident=" + encodeURIComponent(payloads[1]), "/settings/join?ref=" + encodeURIComponent(payloads[2]), "/new", "/p/3/picture/timeline.svg", "/sign-in?next=" + encodeURIComponent(payloads[7]), "/" + encodeURIComponent(payloads[0])]) {
    await page.goto(here + path)
    if (path === "/p/3") await page.locator("hc-threads .thread").nth(payloads.length - 2).waitFor({ state: "attached" })
    for (const el of await page.locator("a[href^='javascript:' i], a[href^='data:text' i]").all()) check(false, `${path}: a link leads to ${await el.getAttribute("href")}`)
    const handlers = await page.evaluate(() => [...document.querySelectorAll("main *")].filter(el => [...el.attributes].some(a => a.name.startsWith("on"))).length)
    check(handlers === 0, `${path}: ${handlers} elements have a handler of their own`)
    check(await page.locator("main script, main iframe, main style").count() === 0, `${path}: markup came through`)
  }
  check(hacked === 0, `${hacked} scripts ran`)
})
