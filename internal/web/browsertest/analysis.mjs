// The causes of the deployment incident, entered as a person would: with the mouse,
// or by the keyboard alone. What is drawn in the end is kept for the test to
// compare.
import { writeFileSync } from "node:fs"
import path from "node:path"
import { check, setUp, shot, story } from "./lib.mjs"

const [here, setup, out, hand] = process.argv.slice(2)

const title = "Mobile API answered no request after the rollout of v2.8.0"
const whys = [
  "The code referenced a database column that did not exist",
  "The database migration failed to add the column",
  "The migration added a NOT NULL column without a default value to a table with existing data",
  "The staging database had no existing rows in the affected table",
  "The staging data refresh process only copied schema, not data",
]
/** What each is, by the words of the forms. */
const known = [
  { tag: "contributing", category: "Code Defect", bone: "technology" },
  { tag: "contributing", category: "Code Defect", bone: "technology" },
  { tag: "root", category: "Code Defect", bone: "technology", answer: "no", because: "with a default value the migration would have added the column" },
  { tag: "contributing", category: "Process Gap", bone: "environment" },
  { tag: "root", category: "Process Gap", bone: "process", answer: "no", because: "with rows in staging the migration would have failed there" },
]
const runbook = "No runbook described how to roll back during a deployment incident"
const image = "The image of v2.8.0 was damaged"

await story(async page => {
  await setUp(page, setup)
  const person = hand === "mouse" ? mouse(page) : keyboard(page)
  const panel = page.locator("#panel")
  const picture = page.locator("hc-analysis [data-picture] svg")

  await person.begin()
  await picture.waitFor()

  // Five whys: each answer is asked about in turn.
  await person.ask("incident")
  for (const [n, answer] of whys.entries()) {
    await panel.locator(".asking .kicker", { hasText: `Why ${n + 1}` }).waitFor()
    await person.answer(answer)
  }
  await page.waitForFunction(() => document.querySelector("#panel .asking")?.textContent.includes("not addressed"))
  await person.leave()
  await page.locator(`svg [data-factor]`, { hasText: "only copied schema" }).first().waitFor()
  await shot(page, `analysis-whys-${hand}`)

  // What each factor is. A root needs its answer first.
  for (const [n, k] of known.entries()) {
    await person.choose(whys[n])
    if (k.tag === "root" && n === 2) {
      await person.tag("root")
      await panel.locator(".fault", { hasText: "would the incident have happened" }).waitFor()
      await shot(page, `analysis-refused-${hand}`)
    }
    await person.fill(k)
    await page.waitForFunction(() => !document.querySelector("#panel .fault"))
  }

  // An empty bone asks, and takes the answer.
  await person.turn("Fishbone")
  await person.ask("bone-people")
  await panel.locator(".asking", { hasText: "what people could know" }).waitFor()
  await person.answer(runbook)
  await page.locator("svg [data-factor]", { hasText: "No runbook" }).waitFor()

  // A hypothesis did not hold, and stays with what ruled it out.
  await person.turn("Graph")
  await person.ask("incident")
  await person.answer(image)
  await person.leave()
  await person.ruleOut(image, "the deployment logs show that the image was pushed and started")
  await page.locator("svg .struck", { hasText: "damaged" }).first().waitFor()

  // A circle is refused where it is made.
  await person.link(whys[0], whys[4])
  await panel.locator(".fault", { hasText: "that would make a circle" }).waitFor()
  await shot(page, `analysis-circle-${hand}`)
  await person.leave()
  await person.link(runbook, whys[1], "the rollback had to be improvised")
  await page.locator("svg title", { hasText: "had to be improvised" }).first().waitFor({ state: "attached" })

  // What was done last is taken back, and done again.
  await person.undo()
  await page.locator("svg title", { hasText: "had to be improvised" }).first().waitFor({ state: "detached" })
  await person.link(runbook, "incident", "it took 9 minutes to find the commands")
  await page.locator("svg title", { hasText: "9 minutes" }).first().waitFor({ state: "attached" })
  await person.turn("Whys")
  await page.locator("svg", { hasText: "Why 5" }).waitFor()
  await shot(page, `analysis-done-${hand}`)

  // The pictures and the document, as anybody gets them.
  const post = new URL(page.url()).pathname.match(/\/p\/\d+/)[0]
  for (const name of ["picture/whys.svg", "picture/fishbone.svg", "picture/graph.svg", "export.md"]) {
    const r = await page.request.get(here + post + "/" + name)
    check(r.ok(), `${name}: ${r.status()}`)
    writeFileSync(path.join(out, path.basename(name)), await r.body())
  }
})

/** What both hands do alike: they wait for what they did to be there. */
function common(page) {
  const panel = page.locator("#panel")
  return {
    panel,
    node: id => page.locator(`hc-analysis [data-factor="${id}"]`).first(),
    turned: name => page.locator(`hc-analysis [data-picture] svg[aria-label^="${name === "Graph" ? "Causal graph" : name}: "]`).waitFor(),
    title: () => page.waitForFunction(() => document.querySelector("hc-analysis [data-picture] svg [data-factor]")),
    /** The board has drawn and put in place what it was asked for. */
    idle: () => page.locator("hc-analysis:not([aria-busy])").waitFor(),
    saved: () => page.locator("#panel [data-progress]", { hasText: "Saved" }).waitFor(),
  }
}

function mouse(page) {
  const c = common(page), { panel } = c
  // people point at factors by their number, which stands before their words
  const labeled = async text => (await panel.getByLabel("Which").locator("option", { hasText: text }).first().textContent()).trim()
  const idOf = async text => (await page.locator("hc-analysis [data-picture] a[data-factor]").evaluateAll((all, t) => all.find(a => a.querySelector("title").textContent.replace(/^F\d+ /, "") === t)?.dataset.factor, text))
  const click = async id => { await c.idle(); await c.node(id).locator("rect").first().click(); await page.locator(`#panel[data-panel="${id}"]`).waitFor() }
  return {
    async begin() {
      await page.getByRole("link", { name: "New", exact: true }).click()
      const form = page.locator("#blank")
      await form.getByLabel("What happened").fill(title)
      await form.getByLabel("Started").fill("2024-03-15T14:37")
      await form.getByLabel("Resolved").fill("2024-03-15T15:00")
      await form.getByRole("button", { name: "Begin" }).click()
      await page.locator("hc-analysis").scrollIntoViewIfNeeded()
      await page.locator("hc-analysis svg [data-factor]").first().waitFor()
      await page.getByRole("link", { name: "Large" }).click({ modifiers: [] })
      await c.title()
    },
    ask: click,
    async answer(text) {
      await panel.getByLabel("Answer").fill(text)
      await panel.locator("button.primary").click()
      await page.waitForFunction(t => [...document.querySelectorAll("hc-analysis [data-picture] svg title")].some(x => x.textContent.replace(/^F\d+ /, "") === t), text)
    },
    async leave() { await panel.locator("[data-leave-act], [data-close]").last().click(); await page.waitForFunction(() => !document.querySelector("#panel form.stack")) },
    async choose(text) { await click(await idOf(text)) },
    async tag(t) { await panel.getByRole("group", { name: "The part it played" }).getByLabel(t).check() },
    async fill(k) {
      if (k.answer) {
        await panel.getByRole("group", { name: "Without it" }).getByLabel(k.answer, { exact: true }).check()
        await panel.getByLabel("Because").fill(k.because)
      }
      await this.tag(k.tag)
      await panel.getByLabel("Category").selectOption({ label: await panel.locator("select[name=category] option", { hasText: k.category }).textContent() })
      await panel.getByLabel("Bone").selectOption(k.bone)
      await panel.getByRole("button", { name: "Save" }).click()
      await c.saved()
    },
    async turn(name) { await c.idle(); await page.getByRole("link", { name, exact: true }).click(); await c.turned(name) },
    async ruleOut(text, by) {
      await click(await idOf(text))
      await panel.getByRole("link", { name: "Rule out" }).click()
      await panel.getByLabel("What ruled it out").fill(by)
      await panel.getByRole("button", { name: "Rule out" }).click()
    },
    async link(from, to, how = "") {
      await click(await idOf(from))
      await panel.getByRole("link", { name: "Link", exact: true }).click()
      await panel.getByLabel("Which").selectOption(to === "incident" ? "incident" : { label: await labeled(to) })
      await panel.getByLabel("How").fill(how)
      await panel.getByRole("button", { name: "Link" }).click()
    },
    async undo() { await page.locator("#notices button", { hasText: "Undo" }).click() },
  }
}

function keyboard(page) {
  const c = common(page), { panel } = c, k = page.keyboard
  const at = () => page.evaluate(() => document.activeElement?.closest?.("[data-factor]")?.getAttribute("data-factor") ?? "")
  /** Tabs until what has the focus is what is looked for. */
  async function tabTo(what, matches, arg, key = "Tab") {
    for (let i = 0; i < 120; i++) {
      if (await page.evaluate(matches, arg)) return
      await k.press(key)
    }
    throw new Error(`the keyboard does not reach ${what}`)
  }
  const field = name => tabTo(name, n => document.activeElement?.labels?.[0]?.textContent.trim().startsWith(n) || document.activeElement?.matches?.("input[type=radio]") && document.activeElement.closest("fieldset")?.querySelector("legend").textContent.startsWith(n), name)
  const button = name => tabTo(name, n => document.activeElement?.matches?.("button, a") && document.activeElement.textContent.trim() === n, name)
  /** Goes to a factor by Tab into the picture and arrow keys in it. */
  async function go(id) {
    await c.idle()
    await tabTo("the picture", () => !!document.activeElement?.closest?.("[data-picture] [data-factor]"), null, "Shift+Tab")
    const seen = new Set([await at()])
    for (const turn of ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"].flatMap((_, n, all) => [...all.slice(n), ...all.slice(0, n)]).concat(["ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp"])) {
      for (let i = 0; i < 12; i++) {
        if (await at() === id) return
        const before = await at()
        await k.press(turn)
        seen.add(await at())
        if (await at() === before) break
      }
    }
    throw new Error(`the arrow keys do not reach ${id}; they reached ${[...seen].join(", ")}`)
  }
  const idOf = text => page.locator("hc-analysis [data-picture] a[data-factor]").evaluateAll((all, t) => all.find(a => a.querySelector("title").textContent.replace(/^F\d+ /, "") === t)?.dataset.factor, text)
  const when = async time => { await k.type("03152024"); await k.press("Tab"); await k.type(time) }
  async function choose(id) {
    await go(id)
    await k.press("Enter")
    await page.locator(`#panel[data-panel="${id}"]`).waitFor()
    await c.idle()
    await page.waitForFunction(() => document.querySelector("#panel").contains(document.activeElement))
  }
  async function act(id, key, form) {
    await go(id)
    await k.press(key)
    await panel.locator(`form[data-do="${form}"]`).waitFor()
    await c.idle()
    await page.waitForFunction(() => document.querySelector("#panel form.stack")?.contains(document.activeElement))
  }
  /** What a factor is called in the picture: its number, then its words. */
  const numbered = text => page.locator("hc-analysis [data-picture] svg title").evaluateAll((all, t) => all.map(x => x.textContent).find(x => x.replace(/^F\d+ /, "") === t), text)
  /** Chooses an option by typing its beginning. */
  async function option(name, text) {
    await field(name)
    await k.type(text)
    check((await page.evaluate(() => document.activeElement.selectedOptions[0].textContent)).startsWith(text), `${name}: typing ${text} chose something else`)
  }
  /** Chooses among buttons of which one is on, by the arrow keys. */
  async function radio(name, value) {
    await field(name)
    for (let i = 0; i < 6 && await page.evaluate(() => document.activeElement.checked ? document.activeElement.labels[0].textContent.trim() : "") !== value; i++) await k.press(i === 0 && !await page.evaluate(() => document.activeElement.checked) ? "Space" : "ArrowDown")
  }
  return {
    async begin() {
      await k.press("n")
      await page.waitForURL("**/new")
      await tabTo("the form", () => document.activeElement?.id === "blank-title")
      await k.type(title)
      await tabTo("when it started", () => document.activeElement?.id === "blank-started")
      await when("0237PM")
      await tabTo("when it was resolved", () => document.activeElement?.id === "blank-resolved")
      await when("0300PM")
      await button("Begin")
      await k.press("Enter")
      await page.locator("hc-analysis").waitFor()
      await tabTo("the analysis", () => document.activeElement?.matches?.("hc-analysis [data-view]"))
      await page.locator("hc-analysis svg [data-factor]").first().waitFor()
      await k.press("f")
      await c.title()
    },
    ask: id => id.startsWith("bone-") ? choose(id) : act(id, "w", "add"),
    async answer(text) {
      await page.waitForFunction(() => document.activeElement?.name === "description" && document.activeElement.value === "")
      await k.type(text)
      await k.press("Enter")
      await page.waitForFunction(t => [...document.querySelectorAll("hc-analysis [data-picture] svg title")].some(x => x.textContent.replace(/^F\d+ /, "") === t), text)
    },
    async leave() { await c.idle(); await k.press("Escape"); await page.waitForFunction(() => !document.querySelector("#panel form.stack")) },
    async choose(text) { await choose(await idOf(text)) },
    async tag(t) { await radio("The part it played", t) },
    async fill(x) {
      await radio("The part it played", x.tag)
      if (x.answer) {
        await radio("Without it", x.answer)
        await field("Because")
        await k.type(x.because)
      }
      await option("Category", x.category)
      await option("Bone", x.bone)
      await button("Save")
      await k.press("Enter")
      await c.saved()
    },
    async turn(name) {
      await c.idle()
      await tabTo("the picture or the panel", () => !!document.activeElement?.closest?.("hc-analysis") && !document.activeElement.matches("textarea, select, input"), null, "Shift+Tab")
      await k.press(String(["Whys", "Fishbone", "Graph", "Table"].indexOf(name) + 1))
      await c.turned(name)
    },
    async ruleOut(text, by) {
      await act(await idOf(text), "x", "rule-out")
      await k.type(by)
      await k.press("Enter")
    },
    async link(from, to, how = "") {
      await act(await idOf(from), "l", "link")
      if (to !== "incident") await option("Which", await numbered(to))
      await field("How")
      await k.type(how)
      await k.press("Enter")
    },
    async undo() {
      await c.idle()
      await tabTo("the picture", () => !!document.activeElement?.closest?.("[data-picture] [data-factor]"), null, "Shift+Tab")
      await k.press("u")
    },
  }
}
