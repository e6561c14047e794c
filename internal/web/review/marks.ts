// What on the page shows that something is said: counts on parts, colored words, and
// where beside the text threads stand.
import { button } from "../layout/kit"
import type { Said } from "../write/keys"
import { letters, nameOf, partOf, type Place, rangeIn } from "./places"

const gap = 12 // pixels between threads

/** Where in a part what was added to it stands. */
export function slot(part: HTMLElement): HTMLElement { return part.querySelector<HTMLElement>(":scope > td.what, :scope > figcaption, :scope > .picture-tools") ?? part }

/** The marks of a text. */
export class Marks {
  /** Words on the page, by the id of their thread; those of a new one are of "composer". */
  readonly ranges = new Map<string, Range>()
  private tops = new Map<string, () => number | null>() // of words in an open editor, in the window

  constructor(private paper: HTMLElement, private open: (path: string) => void) {}

  /** Counts comments on parts, and finds the words that threads are about. */
  place(threads: HTMLElement[], place: Place | null, range: Range | null, now: string): void {
    const by = new Map<string, HTMLElement[]>()
    for (const t of threads) if (t.dataset.path) by.set(t.dataset.path, [...by.get(t.dataset.path) ?? [], t])
    if (place?.quote && !by.has(place.path)) by.set(place.path, [])
    this.ranges.clear()
    this.tops.clear()
    for (const el of this.paper.querySelectorAll<HTMLElement>(".editing hc-prose")) this.inEditor(el, by, place, now)
    for (const b of this.paper.querySelectorAll<HTMLElement>(".beside-mark")) if (!by.get(b.dataset.of!)?.length) b.remove()
    for (const [path, list] of by) {
      const part = partOf(this.paper, path)
      if (!part || part.classList.contains("editing")) continue
      this.words(part, list, place?.path === path ? place : null, range)
      if (list.length > 0) this.count(part, path, list)
    }
  }

  /** Has an open editor color the words of its text. */
  private inEditor(editor: HTMLElement, by: Map<string, HTMLElement[]>, place: Place | null, now: string): void {
    const path = editor.closest<HTMLElement>("[data-part]")!.dataset.part!
    const quotes = (by.get(path) ?? []).filter(t => t.dataset.quote && !t.hasAttribute("data-lost"))
      .map(t => ({ id: t.id, quote: t.dataset.quote!, prefix: t.dataset.prefix ?? "", suffix: t.dataset.suffix ?? "" }))
    if (place?.path === path && place.settle && place.quote) quotes.push({ ...place, id: "composer" })
    editor.dispatchEvent(new CustomEvent<Said>("hc-said", { detail: { quotes, now, tops: this.tops } }))
  }

  private words(part: HTMLElement, list: HTMLElement[], place: Place | null, range: Range | null): void {
    const quoting = list.filter(t => t.dataset.words && !t.hasAttribute("data-lost"))
    if (quoting.length === 0 && !place?.quote) return
    const all = letters(part)
    for (const t of quoting) {
      const found = rangeIn(all, t.dataset.words!, Number(t.dataset.from ?? -1))
      if (found) this.ranges.set(t.id, found)
    }
    const own = place?.quote ? (range?.startContainer.isConnected && !range.collapsed ? range : rangeIn(all, place.quote, -1)) : null
    if (own) this.ranges.set("composer", own)
  }

  private count(part: HTMLElement, path: string, list: HTMLElement[]): void {
    let b = part.querySelector<HTMLElement>(`.beside-mark[data-of="${CSS.escape(path)}"]`)
    if (!b) {
      b = button("beside-mark", "")
      b.dataset.of = path
      b.addEventListener("click", () => this.open(path))
      slot(part).append(b)
    }
    const n = list.reduce((sum, t) => sum + t.querySelectorAll(".comment").length, 0)
    if (b.textContent === String(n)) return
    b.textContent = String(n)
    b.setAttribute("aria-label", `${n} comment${n === 1 ? "" : "s"} on ${nameOf(part, path)}`)
  }

  /** Colors words, those of the thread that is looked at more than others. */
  light(now: string): void {
    if (!CSS.highlights) return
    const lit = this.ranges.get(now)
    CSS.highlights.set("said", new Highlight(...[...this.ranges].filter(([id]) => id !== now).map(([, r]) => r)))
    CSS.highlights.set("said-now", lit ? new Highlight(lit) : new Highlight())
  }

  /** How far down the window the thing is that a thread is about. */
  height(el: HTMLElement): number {
    const written = this.tops.get(el.classList.contains("composer") ? "composer" : el.id)?.()
    if (written) return written
    const words = this.ranges.get(el.id)?.getBoundingClientRect()
    if (words && words.height > 0) return words.top
    let part = el.dataset.path ? partOf(this.paper, el.dataset.path) : null
    while (part && part.getClientRects().length === 0) part = part.parentElement
    return part?.getBoundingClientRect().top ?? 0
  }

  /** Puts the thread at fixed where it belongs and the others as near to theirs as they fit; returns where the last ends. */
  stack(cards: HTMLElement, all: HTMLElement[], active: (el: HTMLElement) => boolean): number {
    const edge = cards.getBoundingClientRect().top
    const wants = new Map(all.map(el => [el, Math.max(0, this.height(el) - edge)]))
    const tall = new Map(all.map(el => [el, el.offsetHeight + gap]))
    all.sort((a, b) => wants.get(a)! - wants.get(b)!)
    const fixed = Math.max(0, all.findIndex(active))
    const tops = all.map(el => wants.get(el)!)
    for (let i = fixed - 1; i >= 0; i--) tops[i] = Math.min(tops[i]!, tops[i + 1]! - tall.get(all[i]!)!)
    const down = Math.max(0, -(tops[0] ?? 0)) // there is nothing above the first
    let foot = 0
    all.forEach((el, i) => {
      const top = Math.max(i < fixed ? tops[i]! + down : tops[i]!, foot)
      el.style.top = `${top}px`
      foot = top + tall.get(el)!
    })
    return foot
  }
}
