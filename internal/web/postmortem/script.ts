// The document: every part is edited where it stands, saved by itself, and can be
// taken back. Whoever else writes is seen after a few seconds.
import { ask, element, localize, notice, styled } from "../layout/kit"
import { beside, follow, type News } from "../live/follow"
import { type Leaving, together } from "../write/script"

const quiet = 900 // milliseconds without a key before a form is saved
/** How long news wait for the answer to what was saved here, of which they may be, in ms. */
const grace = 500

class HcDocument extends HTMLElement {
  private timers = new Map<string, ReturnType<typeof setTimeout>>()
  private dirty = new Set<string>()
  private sending = new Set<HTMLFormElement>()
  private revision = 0
  private told = { by: "", at: 0 }
  private shown = new Map<string, string>() // sections as the server sent them last
  private unfollow = (): void => {}

  connectedCallback(): void {
    this.addEventListener("click", e => this.clicked(e))
    this.addEventListener("dblclick", e => this.doubleClicked(e))
    this.addEventListener("submit", e => this.submitted(e))
    this.addEventListener("input", e => this.written(e))
    this.addEventListener("change", e => this.written(e))
    this.addEventListener("keydown", e => this.pressed(e))
    this.addEventListener("mouseover", e => this.light(e.target as Element))
    this.addEventListener("focusin", e => this.light(e.target as Element))
    document.addEventListener("hc-undo", this.undoLast)
    document.addEventListener("hc-saved", this.savedElsewhere)
    window.addEventListener("beforeunload", this.leave)
    this.unfollow = follow(this.url("/live"), () => this.dataset.version ?? "", news => void this.heard(news), () => void this.look())
    this.follow()
  }

  disconnectedCallback(): void {
    document.removeEventListener("hc-undo", this.undoLast)
    document.removeEventListener("hc-saved", this.savedElsewhere)
    window.removeEventListener("beforeunload", this.leave)
    this.unfollow()
  }

  private url(rest: string): string { return `/p/${this.dataset.num}${rest}` }

  private partAt(path: string): HTMLElement | null { return this.querySelector(`[data-part="${CSS.escape(path)}"]`) }

  private leave = (e: BeforeUnloadEvent): void => { if (this.dirty.size > 0) e.preventDefault() }

  /** What the analysis saved is undone like all else, and is seen in the rest of the page. */
  private savedElsewhere = (e: Event): void => {
    const { version, revision } = (e as CustomEvent<{ version: number; revision: number }>).detail
    this.dataset.version = String(version)
    this.offerUndo(revision)
    void this.refresh(true)
  }

  private undoLast = (): void => { if (this.revision > 0) void this.undo(this.revision) }

  // --- opening and closing forms

  private clicked(e: MouseEvent): void {
    if (e.ctrlKey || e.metaKey || e.shiftKey) return
    const link = (e.target as Element).closest<HTMLElement>("[data-edit], [data-leave], [data-line]")
    if (!link) return
    e.preventDefault()
    const path = link.closest<HTMLElement>("[data-part]")?.dataset.part
    if (path && link.hasAttribute("data-edit")) void this.open(path)
    else if (path && link.hasAttribute("data-leave")) void this.close(path)
    else void this.line(link as HTMLAnchorElement)
  }

  private doubleClicked(e: MouseEvent): void {
    const part = (e.target as Element).closest<HTMLElement>("[data-part]")
    if (!part || part.classList.contains("editing") || (e.target as Element).closest("a, button, summary, input, textarea, select")) return
    if (part.querySelector("[data-edit]")) void this.open(part.dataset.part!)
  }

  private async fetchPart(path: string, edit: boolean): Promise<HTMLElement | null> {
    const [r] = await Promise.all([ask(this.url(`/part?path=${encodeURIComponent(path)}${edit ? "&edit=1" : ""}`)), edit && styled()])
    if (!r.ok) { notice(await r.text()); return null }
    return element(await r.text())
  }

  private put(path: string, el: HTMLElement): void {
    this.partAt(path)?.replaceWith(el)
    localize(el)
  }

  async open(path: string): Promise<void> {
    const el = await this.fetchPart(path, true)
    if (!el) return
    this.put(path, el)
    el.querySelector<HTMLElement>("form :is(input:not([type=hidden]), textarea, select)")?.focus()
    el.scrollIntoView({ block: "nearest" })
  }

  private async close(path: string): Promise<void> {
    clearTimeout(this.timers.get(path))
    const prose = this.partAt(path)?.querySelector<HcProse>("hc-prose")
    if (prose?.together) {
      const left = await prose.together.leave()
      if (!left) return notice("The server does not have all of it yet. The editor stays open until it has.")
      this.offerUndo(left.revision)
    }
    const form = this.partAt(path)?.querySelector("form")
    if (form && this.dirty.has(path) && !form.hasAttribute("data-new") && !(await this.save(form, null))) return
    this.dirty.delete(path)
    const el = await this.fetchPart(path, false)
    if (!el) return
    this.put(path, el)
    el.focus({ preventScroll: true })
    await this.refresh()
  }

  private pressed(e: KeyboardEvent): void {
    const form = (e.target as Element).closest("form")
    const path = form?.dataset.form
    if (!form || !path) return
    if (e.key === "Escape") { e.preventDefault(); void this.close(path) }
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); form.requestSubmit() }
  }

  // --- saving

  private written(e: Event): void {
    const form = (e.target as Element).closest<HTMLFormElement>("form[data-form]")
    if (!form || form.hasAttribute("data-together")) return
    const path = form.dataset.form!
    this.dirty.add(path)
    if (form.hasAttribute("data-new")) return
    clearTimeout(this.timers.get(path))
    this.timers.set(path, setTimeout(() => void this.save(form, null), quiet))
  }

  private submitted(e: SubmitEvent): void {
    const form = e.target as HTMLFormElement
    if (form.matches("form[data-form]")) {
      e.preventDefault()
      void this.finish(form, e.submitter)
    } else if (/\/(suggestion|ignore|undo|attest|waive)$/.test(new URL(form.action).pathname)) {
      e.preventDefault()
      void this.carryOut(form)
    }
  }

  private async finish(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    const path = form.dataset.form!
    if (form.hasAttribute("data-together")) return this.close(path)
    if (this.sending.has(form)) return // pressed twice
    clearTimeout(this.timers.get(path))
    this.sending.add(form)
    const saved = await this.save(form, submitter, true).finally(() => this.sending.delete(form))
    if (!saved) return
    const isNew = form.hasAttribute("data-new")
    if (isNew || submitter?.getAttribute("name") === "remove") {
      const placeholder = isNew ? await this.fetchPart(path, false) : null
      if (placeholder) this.put(path, placeholder)
      else this.partAt(path)?.remove()
      await this.refresh()
      this.partAt(saved)?.focus()
      return
    }
    await this.close(path)
  }

  /** Saves a form, and again, closing it then when finish says so, until the server answers; answers the path of what was saved, empty when it was not. */
  private async save(form: HTMLFormElement, submitter: HTMLElement | null, finish = false): Promise<string> {
    const path = form.dataset.form!
    const say = (text: string) => { const p = form.querySelector("[data-progress]"); if (p) p.textContent = text }
    const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>)
    const name = submitter?.getAttribute("name")
    if (name) body.append(name, submitter!.getAttribute("value") ?? "")
    let r: Response
    try {
      r = await ask(this.url("/part"), body)
    } catch {
      say("Not saved: the server does not answer. Trying again.")
      this.timers.set(path, setTimeout(() => void (finish ? this.finish(form, submitter) : this.save(form, submitter)), 5_000))
      return ""
    }
    if (r.status === 409 || r.status === 422 && (submitter || form.hasAttribute("data-new"))) {
      const el = element(await r.text())
      if (el) { this.put(path, el); el.querySelector<HTMLElement>("[aria-invalid], .conflict")?.focus() }
      return ""
    }
    if (!r.ok) {
      say(r.status === 422 ? "Not saved yet: a field is not right." : "Not saved: " + await r.text())
      return ""
    }
    const done = await r.json() as { path: string; base: string; revision: number; version: number }
    form.querySelector<HTMLInputElement>("[name=base]")!.value = done.base ?? ""
    this.dirty.delete(path)
    this.dataset.version = String(done.version)
    say("Saved")
    this.offerUndo(done.revision)
    return done.path
  }

  private async carryOut(form: HTMLFormElement): Promise<void> {
    const r = await ask(form.action, new URLSearchParams(new FormData(form) as unknown as Record<string, string>))
    if (!r.ok) return notice(await r.text())
    const done = await r.json() as { revision: number }
    form.closest(".saved")?.remove()
    this.offerUndo(done.revision)
    await this.refresh(true)
  }

  private offerUndo(revision: number): void {
    if (!revision || revision === this.revision) return
    this.revision = revision
    notice("Saved.", { name: "Undo", run: () => void this.undo(revision) })
  }

  private async undo(revision: number): Promise<void> {
    const r = await ask(this.url("/undo"), new URLSearchParams({ revision: String(revision) }))
    if (!r.ok) return notice(await r.text())
    this.revision = 0
    notice("Taken back.")
    await this.refresh(true)
  }

  // --- what others do

  private async look(): Promise<void> {
    if (document.hidden) return
    const r = await ask(this.url("/version")).catch(() => null)
    if (!r?.ok) return
    const now = await r.json() as News & { said: number }
    beside(now.said)
    await this.heard(now)
  }

  private async heard(now: News): Promise<void> {
    await new Promise(done => setTimeout(done, grace))
    if (now.version <= Number(this.dataset.version)) return
    await this.refresh()
    const told = this.told
    this.told = { by: now.by, at: Date.now() }
    // Who writes together sees it happen, and who goes on writing is news once.
    if (this.querySelector("[data-together]") || told.by === now.by && this.told.at - told.at < 60_000) return
    notice(`${now.by} changed this page.`)
  }

  /** Shows the present, but leaves alone what is being written. */
  async refresh(all = false): Promise<void> {
    if (this.hasAttribute("data-quiet")) {
      const r = await ask(this.url("/version")).catch(() => null)
      if (r?.ok) this.tell((await r.json() as { version: number }).version)
      return
    }
    const r = await fetch(this.url(location.search.includes("lanes=") ? location.search : ""), { credentials: "same-origin" }).catch(() => null)
    if (!r?.ok) return
    const page = new DOMParser().parseFromString(await r.text(), "text/html")
    const next = page.querySelector<HTMLElement>("hc-document")
    if (!next) return
    this.tell(Number(next.dataset.version))
    for (const live of next.querySelectorAll<HTMLElement>("[data-live]")) {
      const here = this.querySelector<HTMLElement>(`[data-live="${live.dataset.live}"]`)
      if (!here || !all && this.same(live)) continue
      if (here.querySelector("form[data-form]")) this.refreshParts(here, live)
      else if (all || !here.contains(document.activeElement) || document.activeElement?.hasAttribute("data-part")) this.replaceLive(here, live)
    }
    this.follow()
  }

  /** Whether a section is as it was the last time, and what a reader selected in it may stay. */
  private same(live: HTMLElement): boolean {
    if (live.localName !== "div") return false // what stands beside the text looks after itself
    const before = this.shown.get(live.dataset.live!)
    this.shown.set(live.dataset.live!, live.outerHTML)
    return before === live.outerHTML
  }

  /** Tells what looks after itself on the page which version there is now. */
  private tell(version: number): void {
    this.dataset.version = String(version)
    document.dispatchEvent(new CustomEvent("hc-refreshed", { detail: version }))
  }

  private replaceLive(here: HTMLElement, live: HTMLElement): void {
    const focus = here.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset.part : undefined
    const open = [...here.querySelectorAll("details[open] > summary")].map(s => s.textContent)
    for (const s of live.querySelectorAll("details > summary")) if (open.includes(s.textContent)) (s.parentElement as HTMLDetailsElement).open = true
    here.replaceWith(live)
    localize(live)
    if (focus) this.partAt(focus)?.focus({ preventScroll: true })
  }

  private refreshParts(here: HTMLElement, live: HTMLElement): void {
    for (const part of live.querySelectorAll<HTMLElement>("[data-part]")) {
      const old = here.querySelector<HTMLElement>(`[data-part="${CSS.escape(part.dataset.part!)}"]`)
      if (!old || old.querySelector("form[data-form]")) continue
      old.replaceWith(part)
      localize(part)
    }
  }

  // --- reading

  /** Lights a row with its mark, and the other way round. */
  private light(at: Element): void {
    for (const el of this.querySelectorAll(".lit")) el.classList.remove("lit")
    const told = at.closest<HTMLElement>("tr.entry, [data-entry]")
    const id = told?.dataset.entry ?? told?.id.replace("timeline/", "")
    if (id) for (const el of this.querySelectorAll(`[data-entry="${CSS.escape(id)}"], #${CSS.escape("timeline/" + id)}`)) el.classList.add("lit")
  }

  /** Opens the line of evidence behind a foot mark, in place. */
  private async line(link: HTMLAnchorElement): Promise<void> {
    const row = link.closest("tr")
    const key = link.getAttribute("href")!
    if (row?.nextElementSibling?.getAttribute("data-raw") === key) return row.nextElementSibling.remove()
    if (!row) { location.href = link.href; return }
    const [r] = await Promise.all([ask(link.href.split("#")[0]!), styled()])
    if (!r.ok) return notice(await r.text())
    const raw = element(await r.text())
    if (!raw) return
    if (row.nextElementSibling?.hasAttribute("data-raw")) row.nextElementSibling.remove()
    const tr = document.createElement("tr")
    tr.className = "raw-line"
    tr.setAttribute("data-raw", key)
    const td = tr.insertCell()
    td.colSpan = 5
    const where = document.createElement("a")
    where.href = link.href
    where.textContent = link.title
    const p = document.createElement("p")
    p.className = "aside"
    p.append(where)
    td.append(p, raw)
    row.after(tr)
    raw.querySelector<HTMLElement>(".meant")?.scrollIntoView({ block: "nearest" })
  }

  /** Marks in the rail where the reader is. */
  private follow(): void {
    const links = new Map<string, Element>()
    for (const a of this.querySelectorAll(".rail li a")) links.set(a.getAttribute("href")!.slice(1), a)
    const seen = new IntersectionObserver(list => {
      for (const e of list) if (e.isIntersecting) {
        for (const a of links.values()) { a.classList.remove("here"); a.removeAttribute("aria-current") }
        links.get(e.target.id)?.classList.add("here")
        links.get(e.target.id)?.setAttribute("aria-current", "location")
      }
    }, { rootMargin: "-80px 0px -70% 0px" })
    for (const s of this.querySelectorAll(".section[id]")) seen.observe(s)
  }
}

/** The timeline's picture, whose lanes and scale can be changed. */
class HcTimeline extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", e => {
      const link = (e.target as Element).closest<HTMLElement>("[data-look]")
      if (!link || e.ctrlKey || e.metaKey) return
      e.preventDefault()
      void this.draw(link.dataset.look!)
    })
  }

  private async draw(look: string): Promise<void> {
    const r = await ask(`${this.dataset.source}?${look}`)
    if (!r.ok) return notice(await r.text())
    const place = this.querySelector(".picture")!
    const svg = element(await r.text())
    if (!svg) return
    const old = place.querySelector("svg")
    const middle = old ? (place.scrollLeft + place.clientWidth / 2) / old.getBoundingClientRect().width : 0
    place.replaceChildren(svg)
    localize(place)
    place.scrollLeft = middle * svg.getBoundingClientRect().width - place.clientWidth / 2
    const want = new URLSearchParams(look)
    for (const a of this.querySelectorAll<HTMLElement>("[data-look]")) {
      const has = new URLSearchParams(a.dataset.look)
      const lanes = a.closest("[aria-label=Lanes]") !== null
      has.set(lanes ? "zoom" : "lanes", want.get(lanes ? "zoom" : "lanes")!)
      a.dataset.look = has.toString()
      a.toggleAttribute("aria-current", false)
      if (has.get(lanes ? "lanes" : "zoom") === want.get(lanes ? "lanes" : "zoom")) a.setAttribute("aria-current", "true")
    }
  }
}

/** A field of Markdown, which becomes an editor when it is opened: for a section one in which people write together. */
class HcProse extends HTMLElement {
  together: Leaving | null = null

  async connectedCallback(): Promise<void> {
    const area = this.querySelector("textarea")
    const form = this.closest<HTMLFormElement>("form[data-form]")
    const doc = this.closest<HTMLElement>("hc-document")
    if (!area || !form || !doc) return
    const judge = (body: URLSearchParams): Promise<Response> => ask(`/p/${doc.dataset.num}/lint`, body)
    const path = form.dataset.form!
    if (path.startsWith("sections/") && (this.together = await together(this, form, `/p/${doc.dataset.num}/write/${encodeURIComponent(path.slice(9))}`, judge))) return
    const { edit } = await import("./editor")
    if (this.isConnected && !this.shadowRoot) edit(this, area, judge, path)
  }

  disconnectedCallback(): void { this.together?.end() }
}

/** The checklist and the findings, read whenever the page changed once they, or their marks in the rail, come into sight. */
class HcChecks extends HTMLElement {
  private seen = new IntersectionObserver(list => {
    if (!list.some(e => e.isIntersecting)) return
    this.seen.disconnect()
    void this.look()
  }, { rootMargin: "400px" })

  connectedCallback(): void {
    this.seen.observe(this)
    for (const mark of document.querySelectorAll(".rail .state")) this.seen.observe(mark)
  }

  disconnectedCallback(): void { this.seen.disconnect() }

  private async look(): Promise<void> {
    const r = await ask(this.dataset.source!).catch(() => null)
    if (!r?.ok || !this.isConnected) return
    const el = element(await r.text())
    if (!el) return
    this.replaceChildren(el)
    for (const pair of (el.dataset.found ?? "").split(" ").filter(Boolean)) {
      const [key, n] = pair.split("=")
      const mark = document.querySelector<HTMLElement>(`.rail .state[data-section="${CSS.escape(key!)}"]`)
      if (!mark) continue
      mark.className = "state findings"
      mark.title = `${n} finding${n === "1" ? "" : "s"}`
      mark.firstElementChild!.textContent = mark.title
    }
  }
}

customElements.define("hc-checks", HcChecks)
customElements.define("hc-document", HcDocument)
customElements.define("hc-timeline", HcTimeline)
customElements.define("hc-prose", HcProse)
