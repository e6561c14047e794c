// What is said about the text, beside it: threads at their parts, words that can be
// selected to speak of them, and what others say as they say it. On a screen that
// has no room beside the text it is a drawer at its foot.
import { ask, button, element, localize, notice, writing } from "../layout/kit"
import { Bar } from "./bar"
import { keep, kept, merge, type Shown } from "./keep"
import { Marks, slot } from "./marks"
import { close as closeNames, offer, pressed as pressedName } from "./mention"
import type { Chosen, Speak } from "../write/keys"
import { fits, hit, nameOf, newIn, nowhere, partAt, partOf, type Place, selected, whole } from "./places"

const wide = matchMedia("(min-width: 76.01rem)")

class HcThreads extends HTMLElement {
  private doc!: HTMLElement
  private paper!: HTMLElement
  private tabs!: HTMLElement
  private cards = document.createElement("div")
  private bar = new Bar(suggest => this.begin(suggest))
  private add = button("beside-add", "Comment")
  private form: HTMLElement | null = null // of a new thread
  private place: Place = nowhere
  private names: string[] = []
  private said = -1
  private sent = new WeakMap<Element, string>() // threads as the server sent them
  private marks!: Marks
  private range: Range | null = null // of the words that a new thread is about
  private chosen: Chosen | null = null // in an open editor
  private active = ""
  private only = "" // the part whose threads the drawer shows; all when empty
  private loading: Promise<void> | null = null
  private again = false
  private frame = 0
  private barFrame = 0
  private seen!: MutationObserver
  private sized!: ResizeObserver
  private end = new AbortController() // of what is heard outside
  ready = Promise.resolve() // once what is said was read

  connectedCallback(): void {
    this.doc = this.closest("hc-document")!
    this.paper = this.doc.querySelector(".paper")!
    this.tabs = this.querySelector(".beside-tabs")! // see script.ts
    delete this.dataset.shows
    this.marks = new Marks(this.paper, path => this.open(path))
    this.build()
    this.listen()
    this.seen = new MutationObserver(() => this.soon())
    this.watch()
    this.sized = new ResizeObserver(() => this.soon())
    this.sized.observe(this.paper)
    this.sized.observe(this.cards)
    const here = [...this.paper.querySelectorAll(":hover, :focus")].at(-1)
    if (here) this.near(here)
    this.soonBar()
    this.ready = this.load(true)
  }

  disconnectedCallback(): void {
    this.end.abort()
    cancelAnimationFrame(this.frame)
    cancelAnimationFrame(this.barFrame)
    this.seen.disconnect()
    this.sized.disconnect()
    this.bar.el.remove()
    delete this.doc.dataset.beside
    for (const el of this.paper.querySelectorAll(".beside-mark, .beside-add")) el.remove()
    CSS.highlights?.clear()
  }

  private watch(): void { this.seen.observe(this.paper, { childList: true, subtree: true, attributes: true, attributeFilter: ["open", "hidden"] }) }

  private build(): void {
    for (const b of this.tabs.querySelectorAll<HTMLElement>("[data-show]")) {
      const what = b.dataset.show as Shown
      b.addEventListener("click", () => { this.show(what, true); if (!wide.matches) this.drawer(what === "comments" && !this.hasAttribute("data-open")) })
    }
    const shut = button("shut plain", "Close")
    shut.addEventListener("click", () => this.drawer(false))
    this.tabs.append(shut)
    this.cards.className = "cards"
    this.append(this.cards)
    this.add.addEventListener("click", () => {
      const at = partAt(this.add)
      if (at) this.compose(whole(at.path), nameOf(at.part, at.path))
    })
  }

  private listen(): void {
    const until = { signal: this.end.signal }
    document.addEventListener("hc-beside", e => { if ((e as CustomEvent<number>).detail !== this.said) void this.load() }, until)
    document.addEventListener("hc-refreshed", () => void this.load(), until)
    document.addEventListener("selectionchange", () => this.soonBar(), until)
    document.addEventListener("hc-chosen", e => { this.chosen = (e as CustomEvent<Chosen | null>).detail; this.soonBar() }, until)
    document.addEventListener("hc-speak", e => this.begin((e as CustomEvent<Speak>).detail.suggest), until)
    document.addEventListener("keydown", e => this.key(e), until)
    this.paper.addEventListener("click", e => this.clickedText(e), until)
    this.paper.addEventListener("pointerover", e => this.near(e.target as Element), until)
    this.paper.addEventListener("focusin", e => this.near(e.target as Element), until)
    this.addEventListener("click", e => this.clicked(e))
    this.addEventListener("focusin", e => { const t = (e.target as Element).closest<HTMLElement>(".thread"); if (t) this.activate(t.id, false) })
    this.addEventListener("submit", e => { e.preventDefault(); void this.submitted(e.target as HTMLFormElement, e.submitter) })
    this.addEventListener("input", e => { if (e.target instanceof HTMLTextAreaElement && /^(text|why)$/.test(e.target.name)) offer(e.target, this.names) })
    this.addEventListener("focusout", () => closeNames())
    this.addEventListener("toggle", () => this.soon(), true)
    wide.addEventListener("change", () => this.soon(), until)
    window.addEventListener("resize", () => this.soonBar(), until)
    window.addEventListener("scroll", () => this.soonBar(), { passive: true, ...until })
  }

  private threads(): HTMLElement[] { return [...this.cards.querySelectorAll<HTMLElement>(".thread")] }

  // --- reading

  /** Asks for what is said now. What is being written here stays. */
  private load(first = false): Promise<void> {
    if (this.loading) { this.again = true; return this.loading }
    this.loading = this.read(first).finally(() => {
      this.loading = null
      if (this.again) { this.again = false; void this.load() }
    })
    return this.loading
  }

  private async read(first: boolean): Promise<void> {
    const r = await ask(this.dataset.source!).catch(() => null)
    if (r?.status === 403 || r?.status === 404) return this.remove() // one takes no part any more
    if (!r?.ok) return
    const now = element(await r.text())
    if (!now) return
    this.said = Number(now.dataset.said)
    this.names = JSON.parse(now.dataset.names ?? "[]") as string[]
    localize(now)
    for (const t of now.querySelectorAll<HTMLElement>(".thread")) this.sent.set(t, t.outerHTML)
    const root = this.cards.firstElementChild as HTMLElement | null
    if (root) {
      this.news(new Map(this.threads().map(t => [t.id, t])), now)
      merge(root, now, (a, b) => this.sent.get(a) === this.sent.get(b))
    } else this.cards.append(now)
    for (const t of this.threads()) t.tabIndex = 0
    const busy = this.doc.querySelector(".margin")?.contains(document.activeElement)
    if (!this.dataset.shows || !kept() && this.dataset.shows === "progress" && !busy) this.show(kept() ?? (this.threads().length > 0 ? "comments" : "progress"), false)
    if (this.active && !document.getElementById(this.active)) this.active = ""
    this.lay()
    if (first && /^#thread-[\w-]+$/.test(location.hash)) this.activate(location.hash.slice(1), true)
  }

  /** Tells of what somebody else said. */
  private news(here: Map<string, HTMLElement>, now: HTMLElement): void {
    for (const t of now.querySelectorAll<HTMLElement>(".thread")) {
      const said = t.querySelectorAll<HTMLElement>(".comment")
      const last = said[said.length - 1]
      if (!last || last.classList.contains("mine") || said.length <= (here.get(t.id)?.querySelectorAll(".comment").length ?? 0)) continue
      notice(`${last.querySelector(".by b")?.textContent} ${last.querySelector(".suggestion") ? "suggests something for" : "commented on"} ${t.dataset.name}.`, { name: "Show", run: () => this.activate(t.id, true) })
    }
  }

  // --- where things stand

  private soon(): void {
    cancelAnimationFrame(this.frame)
    this.frame = requestAnimationFrame(() => this.lay())
  }

  /** Marks the parts and words that something is said about, and puts the threads beside them. */
  private lay(): void {
    this.seen.disconnect()
    const looked = this.form ? "composer" : this.active
    this.marks.place(this.threads(), this.form ? this.place : null, this.range, looked)
    this.watch()
    this.marks.light(looked)
    const list = this.threads()
    const n = list.length
    this.tabs.querySelector("[data-show=comments]")!.textContent = n > 0 ? `Comments ${n}` : "Comments"
    this.toggleAttribute("data-some", n > 0)
    const all = [...list, ...(this.form ? [this.form] : [])]
    for (const el of all) {
      el.classList.toggle("active", el.id === this.active || el === this.form)
      el.hidden = !wide.matches && (this.form !== null ? el !== this.form : this.only !== "" && el.dataset.path !== this.only)
      el.style.top = ""
    }
    const after = this.cards.querySelector<HTMLElement>(".after")
    if (after) after.style.top = ""
    this.cards.style.height = ""
    if (!wide.matches || this.dataset.shows !== "comments") return
    const foot = this.marks.stack(this.cards, all, el => el === (this.form ?? document.getElementById(this.active)))
    if (after) after.style.top = `${foot}px`
    this.cards.style.height = `${foot + (after?.offsetHeight ?? 0)}px`
  }

  // --- going about

  private show(what: Shown, chosen: boolean): void {
    this.dataset.shows = what
    this.doc.dataset.beside = what
    if (chosen) keep(what)
    for (const b of this.tabs.querySelectorAll<HTMLElement>("[data-show]")) b.setAttribute("aria-pressed", String(b.dataset.show === what))
    this.soon()
  }

  private drawer(open: boolean): void {
    if (!open) {
      const path = this.active ? document.getElementById(this.active)?.dataset.path : this.place.path
      if (this.contains(document.activeElement) && path) partOf(this.paper, path)?.focus({ preventScroll: true })
      this.only = ""
      this.cancel()
    }
    this.toggleAttribute("data-open", open)
    this.soon()
  }

  /** Shows what is said about a part. */
  private open(path: string): void {
    const first = this.threads().find(t => t.dataset.path === path)
    if (!first) return
    this.only = path
    this.activate(first.id, true)
  }

  private activate(id: string, go: boolean): void {
    const t = document.getElementById(id)
    if (!t) return
    this.active = id
    if (go) {
      this.show("comments", false)
      if (!wide.matches) { this.only = t.dataset.path ?? ""; this.toggleAttribute("data-open", true) }
      this.lay()
      this.sight(id, t.dataset.path)?.scrollIntoView({ block: wide.matches ? "nearest" : "start" }) // above the drawer
      t.focus({ preventScroll: !wide.matches })
      if (wide.matches) t.scrollIntoView({ block: "nearest" })
    }
    this.soon()
  }

  /** What a thread is about: its words, or else its part. */
  private sight(id: string, path = ""): Element | null { return this.marks.ranges.get(id)?.startContainer.parentElement ?? (path ? partOf(this.paper, path) : null) }

  /** Goes to the next thread in the order of the text, or the one before. */
  private step(by: number): void {
    if (this.form) return
    const list = this.threads().sort((a, b) => this.marks.height(a) - this.marks.height(b))
    if (list.length === 0) return notice("Nothing is said here yet. Select words, or press c at a part.")
    const at = list.findIndex(t => t.id === this.active)
    this.only = ""
    this.activate(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length]!.id, true)
  }

  private key(e: KeyboardEvent): void {
    if (pressedName(e)) return
    if (e.key === "Escape" && !e.defaultPrevented) this.leave(e)
    if ((e.ctrlKey || e.metaKey) && e.key === "Enter" && this.contains(e.target as Node)) {
      (e.target as Element).closest("form")?.requestSubmit()
      return
    }
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || writing(e)) return
    const act: Record<string, () => void> = { "c": () => this.begin(false), "s": () => this.begin(true), "t": () => this.step(1), "T": () => this.step(-1) }
    const run = act[e.key]
    if (!run || document.querySelector("dialog[open]") || this.inPicture(e)) return
    e.preventDefault()
    run()
  }

  /** Pictures of an analysis have keys of their own. */
  private inPicture(e: KeyboardEvent): boolean { return e.key !== "c" && (e.target as Element).closest?.("hc-analysis") !== null }

  private leave(e: KeyboardEvent): void {
    if (!this.contains(e.target as Node) && !this.hasAttribute("data-open")) return
    e.preventDefault()
    const path = this.form ? this.place.path : document.getElementById(this.active)?.dataset.path
    const dirty = [...this.form?.querySelectorAll<HTMLTextAreaElement>("textarea") ?? []].some(a => a.value !== a.defaultValue)
    if (dirty && !confirm("Leave what you have written?")) return
    this.active = ""
    this.drawer(false)
    if (path) partOf(this.paper, path)?.focus({ preventScroll: true })
  }

  /** Opens the thread whose words are clicked. */
  private clickedText(e: MouseEvent): void {
    if ((e.target as Element).closest("a, button, summary, input, textarea, select") || !(getSelection()?.isCollapsed ?? true)) return
    for (const [id, range] of this.marks.ranges) if (id !== "composer" && hit(range, e.clientX, e.clientY)) return this.activate(id, true)
  }

  /** Offers to speak of the part that is pointed at or has the focus. */
  private near(el: Element): void {
    const at = partAt(el)
    if (!at || this.add.closest("[data-part], hc-timeline, hc-analysis, details.charts") === at.part) return
    this.add.setAttribute("aria-label", `Comment on ${nameOf(at.part, at.path)}`)
    this.seen.disconnect()
    slot(at.part).append(this.add)
    this.watch()
  }

  // --- selected words

  private soonBar(): void {
    cancelAnimationFrame(this.barFrame)
    this.barFrame = requestAnimationFrame(() => this.bar.offer(this.paper, this.chosen))
  }

  /** Begins a thread on what is selected, or on the part that has the focus. */
  private begin(suggest: boolean): void {
    const now = selected(this.paper)
    if (now) {
      this.range = now.range
      this.compose(now.place, nameOf(now.part, now.place.path), suggest)
      return
    }
    const written = document.activeElement?.matches("hc-prose") ? this.chosen : null
    const part = written && partOf(this.paper, written.path)
    if (written && part) {
      const { path, quote, prefix, suffix, settle } = written
      return this.compose({ path, quote, prefix: quote && prefix, suffix: quote && suffix, prose: true, settle }, nameOf(part, path), suggest && quote !== "")
    }
    const reply = document.activeElement?.closest("hc-threads .thread")?.querySelector<HTMLElement>(".reply textarea")
    if (reply) return reply.focus()
    const at = partAt(document.activeElement === document.body ? this.section() : document.activeElement)
    this.range = null
    if (at) this.compose(whole(at.path), nameOf(at.part, at.path), suggest)
    else this.compose(nowhere, "the whole post-mortem", suggest)
  }

  /** The text of the section that is being read; null before the first. */
  private section(): Element | null {
    const section = this.doc.querySelector(".rail .here")?.getAttribute("href")?.slice(1)
    return section ? this.paper.querySelector(`#${CSS.escape(section)} .prose`) : null
  }

  /** Shows the form of a new thread. */
  private compose(place: Place, name: string, suggest = false): void {
    const form = (this.cards.querySelector("template")?.content.cloneNode(true) as DocumentFragment | undefined)?.querySelector("form")
    if (!form) return
    this.cancel()
    this.place = place
    for (const key of ["path", "quote", "prefix", "suffix"] as const) form.querySelector<HTMLInputElement>(`[name=${key}]`)!.value = place[key]
    if (place.settle) form.querySelector<HTMLInputElement>("[name=read]")!.value = "" // the words are those of the source
    form.querySelector("[data-name]")!.textContent = name
    const quote = form.querySelector<HTMLElement>("[data-quote]")!
    quote.textContent = place.quote
    quote.hidden = place.quote === ""
    for (const b of form.querySelectorAll<HTMLElement>("[data-suggest]")) b.hidden = !fits(b.dataset.suggest!, place)
    this.put(form)
    if (suggest && place.prose && place.quote) this.reword()
    else if (suggest && fits("self", place)) void this.suggest("self")
    else form.querySelector<HTMLElement>("[name=text]")!.focus({ preventScroll: wide.matches })
  }

  /** Puts the form of a new thread beside what it is about. */
  private put(form: HTMLElement): void {
    this.form?.remove()
    this.form = form
    form.dataset.path = this.place.path
    this.cards.append(form)
    this.active = ""
    this.bar.el.hidden = true
    getSelection()?.removeAllRanges()
    this.show("comments", false)
    if (!wide.matches) this.toggleAttribute("data-open", true)
    this.lay()
    if (wide.matches) form.scrollIntoView({ block: "nearest" })
    else this.sight("composer", this.place.path)?.scrollIntoView({ block: "start" })
  }

  private cancel(): void {
    this.form?.remove()
    this.form = null
    this.place = nowhere
    this.range = null
    this.soon()
  }

  private reword(): void {
    const field = this.form?.querySelector<HTMLElement>("[data-words]")
    const area = field?.querySelector("textarea")
    if (!field || !area) return
    field.hidden = area.disabled = false
    area.value = area.defaultValue = this.place.quote
    this.form!.querySelector<HTMLElement>("[data-suggests]")!.hidden = true
    this.form!.querySelector<HTMLElement>("[data-send]")!.textContent = "Suggest"
    area.focus({ preventScroll: wide.matches })
    area.select()
    this.lay()
  }

  /** Shows the form of a suggestion of a part, or of something new at this place. */
  private async suggest(what: string): Promise<void> {
    if (what === "words") return this.reword()
    const path = what === "self" ? this.place.path : newIn(what, this.place.path)
    const why = this.form?.querySelector<HTMLTextAreaElement>("[name=text]")?.value ?? ""
    const r = await ask(`/p/${this.dataset.num}/review/suggest?${new URLSearchParams({ path, about: this.place.path })}`)
    if (!r.ok) return notice(await r.text())
    const form = element(await r.text())
    if (!form) return
    this.put(form)
    const area = form.querySelector<HTMLTextAreaElement>("[name=why]")
    if (area) area.value = why
    form.querySelector<HTMLElement>("form :is(input:not([type=hidden]), textarea, select)")?.focus({ preventScroll: wide.matches })
  }

  // --- sending

  private clicked(e: MouseEvent): void {
    const at = e.target as Element
    const suggest = at.closest<HTMLElement>("[data-suggest]")?.dataset.suggest
    if (suggest) return void this.suggest(suggest)
    if (at.closest("[data-whole]")) return this.compose(nowhere, "the whole post-mortem")
    const leaves = at.closest(".composer .buttons a")
    if (leaves || at.closest("[data-cancel]")) {
      e.preventDefault()
      this.cancel()
      if (!wide.matches && this.threads().length === 0) this.drawer(false)
      return
    }
    const link = at.closest<HTMLAnchorElement>(".thread h3 a")
    const t = at.closest<HTMLElement>(".thread")
    if (link && t) {
      e.preventDefault()
      if (!wide.matches) this.drawer(false)
      this.sight(t.id, t.dataset.path)?.scrollIntoView({ block: "center" })
      partOf(this.paper, t.dataset.path!)?.focus({ preventScroll: true })
    } else if (t && t.id !== this.active) this.activate(t.id, false)
  }

  private async submitted(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    const path = new URL(form.action).pathname
    const body = new URLSearchParams(new FormData(form, submitter) as unknown as Record<string, string>)
    const thread = form.closest<HTMLElement>(".thread")
    if (submitter instanceof HTMLButtonElement) submitter.disabled = true
    const there = !this.form?.contains(form) || await (this.place.settle?.() ?? true)
    const r = there ? await ask(form.action, body).catch(() => null) : null
    if (submitter instanceof HTMLButtonElement) submitter.disabled = false
    if (!r) return this.fault(form, "The server does not answer. What you wrote is still here.")
    if (path.endsWith("/suggest") && (r.status === 422 || r.status === 409)) {
      const again = element(await r.text())
      if (again) { this.put(again); again.querySelector<HTMLElement>("[aria-invalid], .fault")?.focus() }
      return
    }
    if (!r.ok) return this.fault(form, await r.text())
    const done = await r.json() as { thread: string; version?: number; revision?: number }
    form.reset()
    if (this.form?.contains(form)) this.cancel()
    await this.load()
    this.told(path, done, thread, body.has("open"))
  }

  /** Says what came of what was sent, and puts the focus where one goes on. */
  private told(path: string, done: { thread: string; version?: number; revision?: number }, thread: HTMLElement | null, opened: boolean): void {
    if (done.revision) document.dispatchEvent(new CustomEvent("hc-saved", { detail: { version: done.version, revision: done.revision } }))
    if (path.includes("/resolve/") && !opened) {
      notice("Resolved.", { name: "Undo", run: () => void this.reopen(path) })
      const about = thread?.dataset.path
      if (about) partOf(this.paper, about)?.focus({ preventScroll: true })
      if (!wide.matches && !this.threads().some(t => !t.hidden)) this.drawer(false)
      return
    }
    if (done.thread) this.activate(`thread-${done.thread}`, true)
  }

  private async reopen(path: string): Promise<void> {
    const r = await ask(path, new URLSearchParams({ open: "1" }))
    if (!r.ok) return notice(await r.text())
    await this.load()
    this.activate(`thread-${path.split("/").at(-1)}`, true)
  }

  private fault(form: HTMLFormElement, text: string): void {
    const p = form.closest(".composer")?.querySelector<HTMLElement>("[data-fault]")
    if (!p) return notice(text)
    p.textContent = text
    p.hidden = false
    this.soon()
  }
}

customElements.define("hc-threads", HcThreads)

/** Returns once threads and their forms are there. */
export async function ready(threads: HTMLElement): Promise<void> { await (threads as HcThreads).ready }
