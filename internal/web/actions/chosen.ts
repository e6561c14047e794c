// Which actions of the list are chosen: all by one box, those between two by Shift,
// the one that j and k reached by x.

import { writing } from "../layout/kit"

export function work(words: HTMLElement): void {
  const form = words.closest("form")
  const head = form?.querySelector("thead th")
  if (!form || !head) return
  const boxes = (): HTMLInputElement[] => [...form.querySelectorAll<HTMLInputElement>("input[name=action]")]
  const all = document.createElement("input")
  all.type = "checkbox"
  all.setAttribute("aria-label", "Choose all that are listed")
  if (boxes().length > 1) head.replaceChildren(all)
  let last: HTMLInputElement | null = null

  const tell = (): void => {
    const n = boxes().filter(b => b.checked).length
    all.checked = n > 0 && n === boxes().length
    all.indeterminate = n > 0 && !all.checked
    words.textContent = n === 0 ? "Change what is chosen" : n === 1 ? "Change the one that is chosen" : `Change the ${n} that are chosen`
  }
  all.addEventListener("change", () => {
    for (const b of boxes()) b.checked = all.checked
    tell()
  })
  form.addEventListener("click", e => {
    const list = boxes()
    const here = list.indexOf(e.target as HTMLInputElement)
    if (here < 0) return
    const from = last ? list.indexOf(last) : -1
    if (e.shiftKey && from >= 0) for (const b of list.slice(Math.min(from, here), Math.max(from, here) + 1)) b.checked = list[here]!.checked
    last = list[here]!
    tell()
  })
  document.addEventListener("keydown", e => {
    if (e.key !== "x" || e.ctrlKey || e.metaKey || e.altKey || writing(e)) return
    const box = document.activeElement?.closest("tr")?.querySelector<HTMLInputElement>("input[name=action]")
    if (!box || box.form !== form) return
    e.preventDefault()
    box.checked = !box.checked
    last = box
    tell()
  })
  tell()
}
