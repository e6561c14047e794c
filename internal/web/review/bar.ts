// What is offered for words that are selected: to comment on them, and to suggest
// others.
import { button } from "../layout/kit"
import { type Box, type Chosen, keys } from "../write/keys"
import { selected } from "./places"

export class Bar {
  readonly el = document.createElement("div")

  constructor(begin: (suggest: boolean) => void) {
    this.el.className = "beside-bar"
    this.el.hidden = true
    this.el.setAttribute("role", "toolbar")
    this.el.setAttribute("aria-label", "Selected words")
    for (const [name, suggest] of [["Comment", false], ["Suggest", true]] as const) {
      const b = button("", name)
      b.addEventListener("click", () => begin(suggest))
      this.el.append(b)
    }
    this.el.addEventListener("pointerdown", e => e.preventDefault()) // the words stay selected
    document.body.append(this.el)
  }

  /** Shows what is offered at the words that are selected, on the page or in an open editor. */
  offer(paper: HTMLElement, chosen: Chosen | null): void {
    const box = this.box(paper, chosen)
    this.el.hidden = box === null
    if (!box) return
    const touch = matchMedia("(pointer: coarse)").matches
    this.el.classList.toggle("touch", touch)
    if (touch) { this.el.style.left = this.el.style.top = ""; return }
    const below = box.bottom + 6
    this.el.style.left = `${Math.max(8, Math.min(box.right - 40, innerWidth - this.el.offsetWidth - 8))}px`
    this.el.style.top = `${below + this.el.offsetHeight > innerHeight ? box.top - this.el.offsetHeight - 6 : below}px`
  }

  /** Where in the window the selected words stand; null when there are none. */
  private box(paper: HTMLElement, chosen: Chosen | null): Box | null {
    const now = selected(paper)
    const [comment, suggest] = this.el.querySelectorAll("button")
    comment!.title = `Key: ${now ? "c" : keys.comment.shown}`
    suggest!.title = `Key: ${now ? "s" : keys.suggest.shown}`
    if (!now) return chosen?.quote && document.activeElement?.matches("hc-prose") ? chosen.box() : null
    const rects = now.range.getClientRects()
    const last = rects[rects.length - 1]
    return last ? { top: rects[0]!.top, bottom: last.bottom, right: last.right } : null
  }
}
