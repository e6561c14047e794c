// What stands beside the text of a document, for those who take part: its tabs at
// once, all else when there are comments or somebody is about to make one.
import { button, styled } from "../layout/kit"
import { kept } from "./keep"

const keys = ["c", "s", "t", "T"]

/** Waits at the element that threads will stand in. */
function wait(place: HTMLElement): void {
  const doc = place.closest<HTMLElement>("hc-document")!
  const paper = doc.querySelector<HTMLElement>(".paper")!
  const end = new AbortController()
  const until = { signal: end.signal }
  const load = async (): Promise<void> => {
    end.abort()
    const [beside] = await Promise.all([import("./beside"), styled()])
    await beside.ready(place)
  }
  place.append(tabs(b => void load().then(() => b.click()), until))
  place.dataset.shows = doc.dataset.beside = "progress"
  document.addEventListener("hc-beside", e => { if ((e as CustomEvent<number>).detail > 0) void load() }, until)
  document.addEventListener("hc-chosen", () => void load(), until)
  document.addEventListener("selectionchange", () => { if (!getSelection()!.isCollapsed && paper.contains(getSelection()!.anchorNode)) void load() }, until)
  for (const near of ["pointermove", "pointerdown", "focusin"]) paper.addEventListener(near, () => void load(), until)
  document.addEventListener("keydown", e => {
    const at = e.composedPath()[0]
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || !keys.includes(e.key) || !(at instanceof HTMLElement) || at.isContentEditable || at.matches("input, textarea, select")) return
    void load().then(() => at.dispatchEvent(new KeyboardEvent("keydown", { key: e.key, bubbles: true, cancelable: true })))
  }, until)
  if (kept() === "comments" || location.hash.startsWith("#thread-")) void load()
}

function tabs(choose: (b: HTMLElement) => void, until: AddEventListenerOptions): HTMLElement {
  const el = document.createElement("div")
  el.className = "beside-tabs"
  el.setAttribute("role", "group")
  el.setAttribute("aria-label", "Beside the text")
  for (const name of ["Progress", "Comments"]) {
    const b = button("", name)
    b.dataset.show = name.toLowerCase()
    b.setAttribute("aria-pressed", String(name === "Progress"))
    b.addEventListener("click", () => choose(b), until)
    el.append(b)
  }
  return el
}

const place = document.querySelector<HTMLElement>("hc-threads")
if (place) wait(place)
