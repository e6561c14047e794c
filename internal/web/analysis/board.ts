// Work on the pictures of an analysis: choose by click or arrow keys, act in the
// panel beside, see what others do.
import { ask, element, notice } from "../layout/kit"
import { Zoom } from "./zoom"

const quiet = 400 // milliseconds after a choice before it is saved
const keys: Record<string, string> = { w: "why", l: "link", s: "split", m: "merge", x: "rule-out", v: "evidence", Delete: "remove" }
const order = ["whys", "fishbone", "graph", "table"]

export function work(host: HTMLElement): void { new Board(host).begin() }

function writing(e: Event): boolean {
  const t = e.target
  return t instanceof HTMLElement && (/^(TEXTAREA|SELECT)$/.test(t.tagName) || t instanceof HTMLInputElement && !/^(radio|checkbox)$/.test(t.type))
}

class Board {
  private picture: HTMLElement
  private beside: HTMLElement
  private at: string
  private timer: ReturnType<typeof setTimeout> | undefined
  private dragged = ""
  private zoom: Zoom
  private working = 0

  constructor(private host: HTMLElement) {
    this.picture = host.querySelector<HTMLElement>("[data-picture]")!
    this.beside = host.querySelector<HTMLElement>("[data-beside]")!
    this.at = host.dataset.at ?? ""
    this.zoom = new Zoom(this.picture, host.querySelector<HTMLElement>("[data-zoom]"))
  }

  begin(): void {
    const h = this.host
    h.addEventListener("click", e => this.clicked(e))
    h.addEventListener("keydown", e => this.pressed(e))
    h.addEventListener("submit", e => this.submitted(e))
    h.addEventListener("change", e => this.changed(e))
    this.picture.addEventListener("dragstart", e => e.preventDefault())
    this.picture.addEventListener("pointerdown", e => { this.dragged = this.idOf(e.target) })
    this.picture.addEventListener("pointermove", e => this.aim(e))
    this.picture.addEventListener("pointerup", e => this.dropped(e))
    const wide = h.classList.contains("wide")
    h.addEventListener("fullscreenchange", () => {
      h.classList.toggle("wide", wide || document.fullscreenElement === h)
      this.beside.removeAttribute("style")
      const notices = document.getElementById("notices") // nothing outside of what is large can be seen
      if (notices) (document.fullscreenElement ?? document.body).append(notices)
      void this.during(this.draw())
    })
    document.addEventListener("hc-refreshed", e => void this.during(this.refreshed((e as CustomEvent<number>).detail)))
    this.rove()
    this.zoom.drawn()
    if (!h.hasAttribute("data-here") || this.picture.clientWidth < 640) void this.during(this.draw())
    else this.middle()
  }

  /** Says that the analysis is at work until a promise is settled. */
  private async during<T>(work: Promise<T>): Promise<T> {
    this.working++
    this.host.setAttribute("aria-busy", "true")
    try {
      return await work
    } finally {
      if (--this.working === 0) this.host.removeAttribute("aria-busy")
    }
  }

  private url(rest: string): string { return `/p/${this.host.dataset.num}/analysis${rest}` }

  private get view(): string { return this.host.dataset.view ?? "whys" }

  private idOf(target: EventTarget | null): string {
    return target instanceof Element ? target.closest<HTMLElement>("[data-factor]")?.dataset.factor ?? "" : ""
  }

  private node(id: string): SVGElement | HTMLElement | null { return id ? this.picture.querySelector(`[data-factor="${CSS.escape(id)}"]`) : null }

  // --- the picture

  /** Draws the view as it is now, and keeps where the reader was. */
  private async draw(): Promise<void> {
    const width = Math.max(300, Math.floor((this.picture.clientWidth - 2) / 20) * 20)
    const r = await ask(this.url(`/picture?view=${this.view}&width=${width}&v=${this.host.dataset.version}`)).catch(() => null)
    if (!r?.ok) return notice("The picture could not be drawn. " + (r ? await r.text() : "The server does not answer."))
    const el = element(await r.text())
    if (!el) return
    const focus = this.picture.contains(document.activeElement) ? this.idOf(document.activeElement) : ""
    const { scrollLeft, scrollTop } = this.picture
    this.picture.replaceChildren(el)
    this.zoom.drawn()
    this.picture.scrollTo({ left: scrollLeft, top: scrollTop })
    this.rove()
    if (focus) this.node(focus)?.focus({ preventScroll: true })
    this.place()
  }

  private async turn(view: string): Promise<void> {
    this.host.dataset.view = view
    for (const a of this.host.querySelectorAll<HTMLElement>("nav [data-view]")) {
      if (a.dataset.view === view) a.setAttribute("aria-current", "true")
      else a.removeAttribute("aria-current")
    }
    const files = this.host.querySelector<HTMLElement>("[data-files]")
    if (files) {
      files.hidden = view === "table"
      for (const a of files.querySelectorAll("a")) a.href = a.href.replace(/\/picture\/[a-z]+\./, `/picture/${view}.`)
    }
    const full = this.host.querySelector<HTMLAnchorElement>("[data-full]")
    if (full) full.href = this.url(`?view=${view}`)
    this.picture.scrollTo(0, 0)
    await this.draw()
    this.middle()
    if (this.at) await this.choose(this.at)
  }

  /** One factor can be reached by Tab, the others from it by the arrow keys. */
  private rove(): void {
    const nodes = [...this.picture.querySelectorAll<SVGElement | HTMLElement>("[data-factor]")]
    const here = this.node(this.at) ?? this.node("incident") ?? nodes[0]
    for (const n of nodes) {
      n.setAttribute("tabindex", n === here ? "0" : "-1")
      n.classList.toggle("chosen", n.dataset.factor === this.at)
      if (n.dataset.factor === this.at) n.setAttribute("aria-current", "true")
      else n.removeAttribute("aria-current")
    }
  }

  /** Scrolls to what is chosen, or to the incident. */
  private middle(): void {
    const n = this.node(this.at) ?? (this.view === "fishbone" ? null : this.node("incident"))
    if (!n || this.view === "table") return
    const a = n.getBoundingClientRect(), b = this.picture.getBoundingClientRect()
    if (a.left < b.left || a.right > b.right || a.top < b.top || a.bottom > b.bottom) {
      this.picture.scrollBy(a.left - b.left - (b.width - a.width) / 2, a.top - b.top - (b.height - a.height) / 2)
    }
  }

  /** Moves to the nearest factor in a direction. */
  private step(dx: number, dy: number): void {
    const from = document.activeElement instanceof Element ? document.activeElement.closest("[data-factor]") : null
    const nodes = [...this.picture.querySelectorAll<SVGElement | HTMLElement>("[data-factor]")]
    if (!from) { (this.node(this.at) ?? nodes[0])?.focus(); return }
    const a = from.getBoundingClientRect()
    const middle = (r: DOMRect) => ({ x: r.left + r.width / 2, y: r.top + r.height / 2 })
    const f = middle(a)
    let best: SVGElement | HTMLElement | undefined, least = Infinity
    for (const n of nodes) {
      if (n === from) continue
      const r = n.getBoundingClientRect(), m = middle(r)
      // How far its near edge lies ahead, and how far it lies aside.
      const ahead = dx ? (m.x - f.x) * dx : (m.y - f.y) * dy
      const aside = dx ? Math.max(0, r.top - a.bottom, a.top - r.bottom) + Math.abs(m.y - f.y) / 4 : Math.max(0, r.left - a.right, a.left - r.right) + Math.abs(m.x - f.x) / 4
      const clear = dx ? (dx > 0 ? r.left >= f.x : r.right <= f.x) : (dy > 0 ? r.top >= f.y : r.bottom <= f.y)
      if (!clear || ahead <= 0) continue
      if (ahead + 2 * aside < least) { least = ahead + 2 * aside; best = n }
    }
    if (!best) return
    for (const n of nodes) n.setAttribute("tabindex", n === best ? "0" : "-1")
    best.focus({ preventScroll: true })
    best.scrollIntoView({ block: "nearest", inline: "nearest" })
  }

  // --- choosing

  private clicked(e: MouseEvent): void {
    if (e.ctrlKey || e.metaKey || e.shiftKey || !(e.target instanceof Element)) return
    const link = e.target.closest<HTMLElement>("[data-factor], [data-view], [data-act], [data-choose], [data-close], [data-leave-act], [data-full], [data-help]")
    if (!link || link === this.host) return
    e.preventDefault()
    const d = link.dataset
    if (d.factor) void this.during(this.choose(d.factor, "", e.detail === 0))
    else if (d.view) void this.during(this.turn(d.view))
    else if (d.act) void this.during(this.choose(this.at, d.act, true))
    else if (d.choose) void this.during(this.choose(d.choose, "", true))
    else if (link.hasAttribute("data-close")) this.close()
    else if (link.hasAttribute("data-leave-act")) void this.during(this.choose(this.at, "", true))
    else if (link.hasAttribute("data-full")) void this.full(link as HTMLAnchorElement)
    else document.dispatchEvent(new KeyboardEvent("keydown", { key: "?" }))
  }

  private async full(link: HTMLAnchorElement): Promise<void> {
    if (document.fullscreenElement) return document.exitFullscreen()
    try {
      await this.host.requestFullscreen()
    } catch {
      location.href = link.href
    }
  }

  /** Chooses a factor and shows what is known of it, or the form of an act. */
  private async choose(id: string, act = "", focus = false): Promise<void> {
    await this.flush()
    const r = await ask(this.url(`/panel?view=${this.view}&at=${encodeURIComponent(id)}&act=${act}`)).catch(() => null)
    if (!r?.ok) return notice(r ? await r.text() : "The server does not answer.")
    this.put(id, element(await r.text()), focus)
  }

  private put(id: string, panel: HTMLElement | null, focus: boolean): void {
    if (!panel) return
    this.at = id
    this.host.dataset.at = id
    this.beside.replaceChildren(panel)
    this.rove()
    this.place()
    if (this.host.classList.contains("wide")) this.middle()
    if (focus) this.enter(panel)
    if (this.host.hasAttribute("data-here")) history.replaceState(null, "", this.url(`?view=${this.view}&at=${encodeURIComponent(id)}`))
  }

  private enter(panel: HTMLElement): void {
    const wrong = panel.querySelector<HTMLElement>(".conflict")
    const first = panel.querySelector<HTMLElement>("form[data-do]:not([data-own], .links-of form) :is(textarea, select, input:not([type=hidden]))")
    const to = wrong ?? first ?? panel
    to.focus({ preventScroll: this.narrow() ? false : true })
    if (first instanceof HTMLTextAreaElement) first.setSelectionRange(first.value.length, first.value.length)
  }

  private narrow(): boolean { return matchMedia("(max-width: 40rem)").matches }

  private close(): void {
    const n = this.node(this.at)
    this.at = ""
    delete this.host.dataset.at
    this.beside.replaceChildren()
    this.host.querySelector<HTMLElement>(".stage")!.style.minHeight = ""
    this.rove()
    n?.focus({ preventScroll: true })
  }

  /** Puts the panel beside what is chosen: right of it, left of it, or below. */
  private place(): void {
    const stage = this.host.querySelector<HTMLElement>(".stage")!
    const n = this.node(this.at)
    if (this.host.classList.contains("wide") || this.narrow() || !this.beside.firstElementChild) return
    const s = stage.getBoundingClientRect()
    const a = (n ?? this.picture).getBoundingClientRect(), w = this.beside.offsetWidth
    let left = a.right - s.left + 10, top = a.top - s.top
    if (left + w > s.width) left = a.left - s.left - w - 10
    if (left < 0) { left = Math.min(Math.max(0, a.left - s.left), s.width - w); top = a.bottom - s.top + 8 }
    top = Math.min(Math.max(0, top), Math.max(0, s.height - 120))
    this.beside.style.left = `${left}px`
    this.beside.style.top = `${top}px`
    stage.style.minHeight = `${top + this.beside.offsetHeight + 8}px`
  }

  // --- the keyboard

  private pressed(e: KeyboardEvent): void {
    const t = e.target as HTMLElement
    const inPanel = this.beside.contains(t)
    if (e.key === "Escape" && inPanel) {
      e.preventDefault()
      if (this.beside.querySelector("[data-leave-act]") && this.node(this.at)?.dataset.factor !== "incident" && !this.at.startsWith("bone-")) void this.during(this.choose(this.at, "", true))
      else this.close()
      return
    }
    if (e.key === "Enter" && t.matches("textarea[data-enter]") && !e.shiftKey) {
      e.preventDefault()
      const form = t.closest("form")!
      form.requestSubmit(form.querySelector<HTMLButtonElement>("button.primary"))
      return
    }
    if (e.ctrlKey || e.metaKey || e.altKey || writing(e)) return
    const moves: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
    if (moves[e.key] && this.picture.contains(t)) { e.preventDefault(); this.step(...moves[e.key]!); return }
    const id = this.idOf(t) || this.at
    if (this.zoom.key(e.key)) { e.preventDefault(); return }
    if (/^[1-4]$/.test(e.key)) { e.preventDefault(); void this.during(this.turn(order[Number(e.key) - 1]!)) }
    else if (e.key === "f") { e.preventDefault(); this.host.querySelector<HTMLElement>("[data-full]")?.click() }
    else if (e.key === "Escape" && this.at) { e.preventDefault(); this.close() }
    else if (keys[e.key] && id && (this.picture.contains(t) || inPanel)) { e.preventDefault(); void this.during(this.choose(id, keys[e.key]!, true)) }
  }

  // --- dragging one factor onto another links them

  private aim(e: PointerEvent): void {
    if (!this.dragged || e.buttons !== 1) { this.dragged = e.buttons === 1 ? this.dragged : ""; return }
    const id = this.idOf(e.target)
    for (const n of this.picture.querySelectorAll(".aim")) n.classList.remove("aim")
    if (id && id !== this.dragged) this.node(id)?.classList.add("aim")
  }

  private dropped(e: PointerEvent): void {
    const from = this.dragged, to = this.idOf(e.target)
    this.dragged = ""
    for (const n of this.picture.querySelectorAll(".aim")) n.classList.remove("aim")
    if (!from || !to || from === to || from === "incident" || from.startsWith("bone-") || to.startsWith("bone-")) return
    void this.during(this.choose(from, "link", true).then(() => {
      const s = this.beside.querySelector<HTMLSelectElement>("select[name=to]")
      if (s) s.value = to
      this.beside.querySelector<HTMLElement>("input[name=how]")?.focus()
    }))
  }

  // --- saving

  private changed(e: Event): void {
    const form = (e.target as Element).closest<HTMLFormElement>("form[data-own]")
    if (!form) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => { this.timer = undefined; void this.during(this.save(form, null)) }, quiet)
  }

  /** Saves what waits to be saved. */
  private async flush(): Promise<void> {
    if (this.timer === undefined) return
    clearTimeout(this.timer)
    this.timer = undefined
    const form = this.beside.querySelector<HTMLFormElement>("form[data-own]")
    if (form) await this.save(form, null)
  }

  private submitted(e: SubmitEvent): void {
    const form = e.target as HTMLFormElement
    if (!form.matches("form[data-do]")) return
    e.preventDefault()
    e.stopPropagation()
    clearTimeout(this.timer)
    this.timer = undefined
    void this.during(this.save(form, e.submitter))
  }

  private async save(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    const own = form.hasAttribute("data-own")
    const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>)
    const name = submitter?.getAttribute("name")
    if (name) body.append(name, submitter!.getAttribute("value") ?? "")
    body.set("view", this.view)
    const r = await ask(this.url(""), body).catch(() => null)
    if (!r) return notice("Not saved: the server does not answer. Try again.")
    const panel = /^text\/html/.test(r.headers.get("Content-Type") ?? "") ? element(await r.text()) : null
    if (!panel) return notice(await r.text())
    if (!r.ok) {
      if (own && form.isConnected) this.patch(form, panel)
      else this.put(this.at, panel, true)
      return
    }
    const [version, revision] = (r.headers.get("Hindcast-Saved") ?? "").split(" ").map(Number)
    this.host.dataset.version = String(version)
    const at = r.headers.get("Hindcast-At") || this.at
    if (own && form.isConnected) this.patch(form, panel, "Saved")
    else this.put(at, panel, true)
    document.dispatchEvent(new CustomEvent("hc-saved", { detail: { version, revision } }))
    await Promise.all([this.draw(), this.cover()])
  }

  /** Takes over a panel but for the fields that somebody may be writing in. */
  private patch(form: HTMLFormElement, panel: HTMLElement, said = ""): void {
    const next = panel.querySelector<HTMLFormElement>("form[data-own]")
    const here = form.closest<HTMLElement>(".panel")
    if (!next || !here) return
    for (const el of form.querySelectorAll(":scope > .fault, :scope > .conflict")) el.remove()
    for (const el of [...next.querySelectorAll(":scope > .fault, :scope > .conflict")].reverse()) form.prepend(el)
    const conflict = form.querySelector<HTMLElement>(":scope > .conflict")
    conflict?.focus()
    for (const el of next.querySelectorAll("fieldset")) {
      const name = el.querySelector("input")?.name ?? ""
      form.querySelector(`fieldset:has([name="${CSS.escape(name)}"])`)?.classList.toggle("wrong", el.classList.contains("wrong"))
    }
    form.querySelector<HTMLInputElement>("[name=base]")!.value = next.querySelector<HTMLInputElement>("[name=base]")!.value
    const p = form.querySelector("[data-progress]")
    if (p) p.textContent = said
    for (const el of [...here.children]) if (el !== form) el.remove()
    let before = true
    for (const el of [...panel.children]) {
      if (el === next) before = false
      else if (before) form.before(el)
      else here.append(el)
    }
  }

  // --- what others do

  /** Shows how much rests on evidence now. */
  private async cover(): Promise<void> {
    const r = await ask(this.url(`/coverage?view=${this.view}`)).catch(() => null)
    const el = r?.ok ? element(await r.text()) : null
    if (el) this.host.querySelector("[data-coverage]")?.replaceWith(el)
  }

  private async refreshed(version: number): Promise<void> {
    if (version <= Number(this.host.dataset.version)) return
    this.host.dataset.version = String(version)
    await Promise.all([this.draw(), this.cover()])
    const busy = this.timer !== undefined || this.beside.contains(document.activeElement)
    if (this.at && !busy) await this.choose(this.at)
  }
}
