// The size at which a picture is looked at: by buttons, keys, the wheel with Ctrl,
// and by dragging its empty space; and a small map of all of it while a part is seen.

const least = 0.2, most = 2, step = 1.25
const mapWidth = 190, mapHeight = 150
const namespace = "http://www.w3.org/2000/svg"

export class Zoom {
  private scale = 1
  private map: SVGSVGElement | undefined
  private seen: SVGRectElement | undefined

  constructor(private picture: HTMLElement, private tools: HTMLElement | null) {
    tools?.addEventListener("click", e => {
      const b = (e.target as Element).closest<HTMLElement>("[data-scale]")
      if (b) this.act(b.dataset.scale!)
    })
    picture.addEventListener("scroll", () => this.look(), { passive: true })
    picture.addEventListener("wheel", e => {
      if (!e.ctrlKey || !this.svg) return
      e.preventDefault()
      this.to(this.scale * Math.exp(-e.deltaY / 300), e)
    }, { passive: false })
    picture.addEventListener("pointerdown", e => this.grab(e))
    new ResizeObserver(() => this.look()).observe(picture)
  }

  /** Does what a key asks for, and says whether it was one of these keys. */
  key(key: string): boolean {
    const act = ({ "0": "fit", "+": "in", "=": "in", "-": "out" } as Record<string, string>)[key]
    if (!act || !this.svg) return false
    this.act(act === "fit" && this.scale === this.whole() ? "one" : act)
    return true
  }

  /** Takes over a picture that was drawn anew. */
  drawn(): void {
    if (this.tools) this.tools.hidden = !this.svg
    this.chart()
    this.apply()
  }

  private get svg(): SVGSVGElement | null { return this.picture.querySelector<SVGSVGElement>(":scope > svg") }

  /** The scale at which all of the picture is seen; it is not enlarged. */
  private whole(): number {
    const box = this.svg!.viewBox.baseVal
    return Math.min(1, this.picture.clientWidth / box.width, this.picture.clientHeight / box.height)
  }

  private act(what: string): void {
    if (!this.svg) return
    this.to(what === "fit" ? this.whole() : what === "one" ? 1 : what === "in" ? this.scale * step : this.scale / step)
  }

  /** Changes the scale and keeps what is under the pointer, or in the middle, there. */
  private to(scale: number, at?: { clientX: number, clientY: number }): void {
    const p = this.picture, r = p.getBoundingClientRect()
    const x = at ? at.clientX - r.left : p.clientWidth / 2, y = at ? at.clientY - r.top : p.clientHeight / 2
    const before = this.scale
    this.scale = Math.min(most, Math.max(Math.min(least, this.whole()), scale))
    const by = this.scale / before
    const left = (p.scrollLeft + x) * by - x, top = (p.scrollTop + y) * by - y
    this.apply()
    p.scrollTo(left, top)
  }

  private apply(): void {
    const svg = this.svg
    if (!svg) return this.look()
    const { width, height } = svg.viewBox.baseVal
    svg.style.width = this.scale === 1 ? "" : `${Math.round(width * this.scale)}px`
    svg.style.height = this.scale === 1 ? "" : `${Math.round(height * this.scale)}px`
    const says = this.tools?.querySelector("[data-scale=one]")
    if (says) says.textContent = `${Math.round(this.scale * 100)} %`
    this.look()
  }

  /** Moves the picture with the pointer that pressed where nothing is. */
  private grab(e: PointerEvent): void {
    const p = this.picture
    if (e.button !== 0 || e.pointerType === "touch" || !this.svg || (e.target as Element).closest("a")) return
    const { scrollLeft, scrollTop } = p
    const on = (m: PointerEvent) => p.scrollTo(scrollLeft + e.clientX - m.clientX, scrollTop + e.clientY - m.clientY)
    const off = () => {
      p.removeEventListener("pointermove", on)
      p.classList.remove("grabbed")
    }
    p.setPointerCapture(e.pointerId)
    p.classList.add("grabbed")
    p.addEventListener("pointermove", on)
    p.addEventListener("pointerup", off, { once: true })
    p.addEventListener("pointercancel", off, { once: true })
  }

  // --- the map

  /** Draws the map: what has a place in the picture, without words. */
  private chart(): void {
    this.map?.remove()
    this.map = undefined
    const svg = this.svg
    if (!svg) return
    const { width, height } = svg.viewBox.baseVal
    const by = Math.min(mapWidth / width, mapHeight / height)
    const map = document.createElementNS(namespace, "svg")
    map.setAttribute("class", "map")
    map.setAttribute("viewBox", `0 0 ${width} ${height}`)
    map.setAttribute("width", String(Math.round(width * by)))
    map.setAttribute("height", String(Math.round(height * by)))
    map.setAttribute("aria-hidden", "true")
    for (const el of svg.querySelectorAll<SVGElement>(".link, .spine, .bone, .rib, .twig, .lane, .cause")) {
      const copy = el.cloneNode() as SVGElement
      copy.removeAttribute("id")
      map.append(copy)
    }
    this.seen = document.createElementNS(namespace, "rect")
    this.seen.setAttribute("class", "seen")
    map.append(this.seen)
    map.addEventListener("pointerdown", e => this.go(e))
    this.map = map
    this.picture.after(map)
  }

  /** Shows on the map which part is seen; there is no map when that is all. */
  private look(): void {
    const p = this.picture, svg = this.svg
    if (!this.map || !this.seen || !svg) return
    const all = p.scrollWidth <= p.clientWidth + 1 && p.scrollHeight <= p.clientHeight + 1
    const narrow = matchMedia("(max-width: 40rem)").matches
    this.map.classList.toggle("away", all || narrow)
    const place = { x: p.scrollLeft, y: p.scrollTop, width: p.clientWidth, height: p.clientHeight }
    for (const [name, value] of Object.entries(place)) this.seen.setAttribute(name, String(value / this.scale))
  }

  /** Goes to where the map is pressed, and on while it stays pressed. */
  private go(e: PointerEvent): void {
    const map = this.map!, p = this.picture
    e.preventDefault()
    const to = (m: PointerEvent) => {
      const r = map.getBoundingClientRect()
      const by = map.viewBox.baseVal.width / r.width * this.scale
      p.scrollTo((m.clientX - r.left) * by - p.clientWidth / 2, (m.clientY - r.top) * by - p.clientHeight / 2)
    }
    to(e)
    map.setPointerCapture(e.pointerId)
    map.addEventListener("pointermove", to)
    map.addEventListener("pointerup", () => map.removeEventListener("pointermove", to), { once: true })
  }
}
