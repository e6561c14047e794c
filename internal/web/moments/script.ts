// The slider over what was known when: what nobody knew yet is hidden and counted.
import { ask, element, localize } from "../layout/kit"

/** Something that is told: the id of its element, when it happened and could be known, 0 when nobody can say. */
interface Item { i: string; a: number; k: number }

/** Reads items, whose times follow each other; see data in moments.go. */
function itemsOf(lines: string): Item[] {
  let last = 0
  return [...lines.matchAll(/^(.*) (\S+) (\S+)$/gm)].map(([, i, a, k]) => ({ i: i!, a: a === "-" ? 0 : last += Number(a), k: k === "-" ? 0 : last + Number(k) }))
}

const today = "All that is known today is shown."

class HcMoments extends HTMLElement {
  private items: Item[] = []
  private stops: { at: number; title: string }[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private drawn = false
  private range = document.createElement("input")

  connectedCallback(): void {
    if (this.items.length || this.classList.contains("past")) return
    this.items = itemsOf(this.dataset.items ?? "")
    const select = this.querySelector("select")!
    this.stops = [...select.options].slice(1).map(o => ({ at: Number(o.dataset.unix), title: o.textContent!.trim() }))
    for (const el of this.querySelectorAll<HTMLElement>("[data-plain]")) el.hidden = true
    const r = this.range
    r.type = "range"
    r.min = "0"
    r.max = String(this.stops.length)
    r.id = select.id
    select.replaceWith(r)
    r.addEventListener("input", () => this.show(Number(r.value)))
    const doc = this.closest<HTMLElement>("hc-document")
    doc?.addEventListener("click", this.opened)
    const kept = this.stops.findIndex(s => s.at === Number(doc?.dataset.moment))
    r.value = String(kept < 0 ? this.stops.length : kept)
    this.show(Number(r.value))
  }

  disconnectedCallback(): void { document.querySelector("hc-document")?.removeEventListener("click", this.opened as EventListener) }

  /** A decision opens as of its own moment. */
  private opened = (e: MouseEvent): void => {
    const link = (e.target as Element).closest<HTMLElement>("a[data-moment]")
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return
    e.preventDefault()
    const at = Number(link.dataset.moment)
    let n = this.stops.findIndex(s => s.at > at)
    n = n < 0 ? this.stops.length - 1 : Math.max(0, n - 1)
    this.range.value = String(n)
    this.hide(at, this.stops[n]?.title ?? "")
    this.range.focus({ preventScroll: true })
    link.closest("tr")?.scrollIntoView({ block: "nearest" })
  }

  private show(n: number): void {
    const s = this.stops[n]
    if (s) this.hide(s.at, s.title)
    else this.hide(Infinity, "today")
  }

  private hide(t: number, title: string): void {
    const doc = this.closest<HTMLElement>("hc-document")
    if (!doc) return
    const past = t !== Infinity
    let happened = 0, later = 0
    for (const item of this.items) {
      const known = !past || item.k > 0 && item.k <= t
      if (!known) { if (item.a <= t) happened++; else later++ }
      const row = document.getElementById(item.i)
      row?.classList.toggle("unknown-yet", !known)
    }
    doc.classList.toggle("as-of", past)
    if (past) doc.dataset.moment = String(t)
    else delete doc.dataset.moment
    this.range.setAttribute("aria-valuetext", title)
    this.say(past, title, happened, later)
    clearTimeout(this.timer)
    if (past || this.drawn) this.timer = setTimeout(() => void this.draw(doc, past ? new Date(t * 1000).toISOString().replace(".000", "") : ""), 80)
  }

  /** Draws the timeline as of a moment; what came later leaves its place empty. */
  private async draw(doc: HTMLElement, at: string): Promise<void> {
    this.drawn = true
    const then = (url: string) => url.replace(/&at=[^&]*/, "") + (at ? `&at=${encodeURIComponent(at)}` : "")
    for (const s of doc.querySelectorAll<HTMLSourceElement>(".charts source")) s.srcset = then(s.srcset)
    for (const i of doc.querySelectorAll<HTMLImageElement>(".charts img")) i.src = then(i.getAttribute("src")!)
    const panel = doc.querySelector<HTMLElement>("hc-timeline")
    const place = panel?.querySelector<HTMLElement>(".picture")
    const look = panel?.querySelector<HTMLElement>("[data-look][aria-current]")?.dataset.look ?? ""
    if (!panel || !place) return
    const r = await ask(`${panel.dataset.source}?${look}&at=${encodeURIComponent(at)}`).catch(() => null)
    const svg = r?.ok ? element(await r.text()) : null
    if (!svg) return
    place.replaceChildren(svg)
    localize(place)
  }

  private say(past: boolean, title: string, happened: number, later: number): void {
    const n = happened + later
    const what = n === 0 ? "everything told here was known"
      : `${n} thing${n === 1 ? "" : "s"} nobody knew yet: ${happened} had happened, ${later} ${later === 1 ? "was" : "were"} still to come`
    this.querySelector("[data-status]")!.textContent = past ? `As of ${title}: ${what}.` : today
  }
}

customElements.define("hc-moments", HcMoments)
