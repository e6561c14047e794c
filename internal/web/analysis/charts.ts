// Reads values out of the charts: a line follows the pointer, a finger or the arrow
// keys, and says what was measured then, in which phase, and what was done nearby.
import { ask, clock, element, localize } from "../layout/kit"

interface Series { name: string; unit: string; x: number[]; t: number[]; v: number[]; reach: number; label: SVGTextElement }
interface Mark { x: number; text: string }

const numbers = (s = "") => s.split(" ").filter(Boolean).map(Number)

export function read(host: HTMLElement): void { void new Charts(host).begin() }

class Charts {
  private series: Series[] = []
  private marks: Mark[] = []
  private phases: { from: number; to: number; name: string }[] = []
  private moments: { x: number; t: number }[] = []
  private place = document.createElement("div")
  private says = document.createElement("p")
  private svg: SVGSVGElement | null = null
  private line: SVGLineElement | null = null
  private at = -1

  constructor(private host: HTMLElement) {}

  async begin(): Promise<void> {
    this.says.className = "says soft"
    this.place.className = "picture"
    this.place.tabIndex = 0
    this.place.setAttribute("role", "slider")
    this.place.setAttribute("aria-label", "Moment on the charts")
    if (!await this.draw()) return
    this.host.querySelector("[data-still]")?.replaceWith(this.says, this.place)
    this.place.addEventListener("pointermove", e => this.pointed(e))
    this.place.addEventListener("pointerdown", e => this.pointed(e))
    this.place.addEventListener("pointerleave", e => { if (e.pointerType === "mouse" && document.activeElement !== this.place) this.show(-1) })
    this.place.addEventListener("keydown", e => this.pressed(e))
    this.place.addEventListener("focus", () => { if (this.at < 0) this.show(0) })
    const doc = this.host.closest<HTMLElement>("hc-document")
    if (doc) new MutationObserver(() => void this.draw()).observe(doc, { attributeFilter: ["data-moment"] })
  }

  /** Fetches the charts as of the moment of the page. */
  private async draw(): Promise<boolean> {
    const width = Math.max(300, Math.floor(this.host.clientWidth))
    const then = Number(this.host.closest<HTMLElement>("hc-document")?.dataset.moment)
    const at = then ? new Date(then * 1000).toISOString().replace(".000", "") : this.host.dataset.at ?? ""
    const r = await ask(`${this.host.dataset.source}?width=${width}&v=${this.host.dataset.version}&at=${encodeURIComponent(at)}`).catch(() => null)
    const svg = r?.ok ? element(await r.text()) : null
    if (!(svg instanceof SVGSVGElement) || !svg.querySelector("[data-series]")) return false
    this.svg = svg
    this.take()
    this.place.replaceChildren(svg)
    localize(this.place)
    this.show(-1)
    return true
  }

  /** Takes the points, the phases and what was done from the picture. */
  private take(): void {
    const all = <T extends Element>(s: string) => [...this.svg!.querySelectorAll<T>(s)]
    const add = <K extends keyof SVGElementTagNameMap>(name: K, to: Element) => to.appendChild(document.createElementNS("http://www.w3.org/2000/svg", name))
    this.series = all<SVGGElement>("[data-series]").map(g => {
      let sum = 0
      const t = numbers(g.dataset.t).map(n => sum += n)
      const steps = t.slice(1).map((n, i) => n - t[i]!).sort((a, b) => a - b)
      const plot = g.querySelector<SVGRectElement>("rect.bg")!
      const label = add("text", g)
      label.setAttribute("class", "read")
      label.setAttribute("y", String(Number(plot.getAttribute("y")) + 14))
      return { name: g.dataset.series!, unit: g.dataset.unit ?? "", x: numbers(g.dataset.x), t, v: numbers(g.dataset.v), reach: 1.5 * (steps[steps.length >> 1] ?? Infinity), label }
    })
    this.marks = all<SVGPathElement>("[data-at] path.mark").map(p => {
      const of = p.closest<SVGAElement>("[data-at]")!
      const what = of.querySelector("title")!.textContent!.replace(/^[\d:]+ /, "") // the title tells UTC
      return { x: parseFloat(p.getAttribute("d")!.slice(1)), text: `${clock(new Date(of.dataset.at!))} ${what}` }
    })
    this.phases = all<SVGRectElement>("rect").filter(r => r.querySelector("title") && /^p\d$/.test(r.getAttribute("class") ?? "")).map(r => {
      const from = Number(r.getAttribute("x"))
      return { from, to: from + Number(r.getAttribute("width")), name: r.querySelector("title")!.textContent!.split(",")[0]! }
    })
    const by = new Map<number, number>()
    for (const s of this.series) s.t.forEach((t, i) => by.set(t, s.x[i]!))
    this.moments = [...by].map(([t, x]) => ({ t, x })).sort((a, b) => a.t - b.t)
    this.line = add("line", this.svg!)
    this.line.setAttribute("class", "now")
    this.place.setAttribute("aria-valuemin", "0")
    this.place.setAttribute("aria-valuemax", String(Math.max(0, this.moments.length - 1)))
  }

  private pointed(e: PointerEvent): void {
    const box = this.svg!.getBoundingClientRect()
    this.show(this.nearest((e.clientX - box.left) * this.svg!.viewBox.baseVal.width / box.width))
  }

  private nearest(x: number): number {
    let best = 0
    this.moments.forEach((m, i) => { if (Math.abs(m.x - x) < Math.abs(this.moments[best]!.x - x)) best = i })
    return best
  }

  private pressed(e: KeyboardEvent): void {
    const last = this.moments.length - 1, at = Math.max(0, this.at)
    const to: Record<string, number> = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageUp: at + 10, PageDown: at - 10, Home: 0, End: last, Escape: -1 }
    const n = to[e.key]
    if (n === undefined || e.ctrlKey || e.metaKey || e.altKey) return
    e.preventDefault()
    e.stopPropagation()
    this.show(e.key === "Escape" ? -1 : Math.min(last, Math.max(0, n)))
  }

  /** Shows the moment of a number; -1 is none. */
  private show(n: number): void {
    this.at = n
    const m = this.moments[n]
    this.line!.toggleAttribute("hidden", !m)
    this.line!.style.display = m ? "" : "none"
    for (const s of this.series) s.label.textContent = ""
    if (!m) {
      this.says.textContent = "Point at the charts, or choose them and use the arrow keys, to read values."
      this.place.setAttribute("aria-valuenow", "0")
      this.place.setAttribute("aria-valuetext", "no moment chosen")
      return
    }
    const wide = this.svg!.viewBox.baseVal.width
    const plots = this.svg!.querySelectorAll<SVGRectElement>("rect.bg")
    const bottom = plots[plots.length - 1]!
    for (const [name, value] of Object.entries({ x1: m.x, x2: m.x, y1: Number(plots[0]!.getAttribute("y")), y2: Number(bottom.getAttribute("y")) + Number(bottom.getAttribute("height")) })) this.line!.setAttribute(name, String(value))
    const values = this.series.map(s => this.value(s, m, m.x > wide - 120))
    const phase = this.phases.find(p => m.x >= p.from && m.x < p.to)?.name
    const when = [clock(new Date(m.t)), phase, this.beside(m.x)].filter(Boolean).join(" · ")
    this.says.textContent = when
    this.place.setAttribute("aria-valuenow", String(n))
    this.place.setAttribute("aria-valuetext", `${when}: ${values.join("; ")}`)
  }

  /** Writes the value of a series at a moment beside the line, and returns it with its name. */
  private value(s: Series, m: { x: number; t: number }, left: boolean): string {
    let best = 0
    s.t.forEach((t, i) => { if (Math.abs(t - m.t) < Math.abs(s.t[best]! - m.t)) best = i })
    const near = s.t.length > 0 && Math.abs(s.t[best]! - m.t) <= s.reach
    const text = near ? `${s.v[best]!.toLocaleString("en", { maximumSignificantDigits: 5 })} ${s.unit}`.trim() : "no sample"
    s.label.textContent = text
    s.label.setAttribute("x", String(m.x + (left ? -5 : 5)))
    s.label.setAttribute("text-anchor", left ? "end" : "start")
    return `${s.name.split("{")[0]} ${text}`
  }

  /** What was done nearest to a place, and on which side. */
  private beside(x: number): string {
    let best: Mark | undefined
    for (const m of this.marks) if (!best || Math.abs(m.x - x) < Math.abs(best.x - x)) best = m
    if (!best) return ""
    return `${best.x <= x + 0.5 ? "after" : "before"} ${best.text}`
  }
}
