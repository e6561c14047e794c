// What stays while threads are read again, and what a reader chose to see.

export type Shown = "progress" | "comments"

/** Brings the threads in root to what they are now, one by one; those that are the same stay as they are. */
export function merge(root: HTMLElement, now: HTMLElement, same: (a: Element, b: Element) => boolean): void {
  const here = new Map([...root.querySelectorAll<HTMLElement>(".thread")].map(t => [t.id, t]))
  const fresh = [...now.querySelectorAll<HTMLElement>(".thread")]
  for (const [id, t] of here) if (!fresh.some(f => f.id === id)) t.remove()
  let before: Element | null = null
  for (const f of fresh) {
    const old = here.get(f.id)
    const is: Element = old && same(old, f) ? old : f
    if (old && is !== old) carry(old, f)
    if (is !== (before ? before.nextElementSibling : root.firstElementChild)) {
      if (before) before.after(is)
      else root.prepend(is)
    }
    if (old && is !== old) old.remove()
    before = is
  }
  for (const part of [".after", "template"]) root.querySelector(part)?.replaceWith(now.querySelector(part)!)
}

/** Carries what is being written in a thread over to what it is now. */
function carry(old: HTMLElement, now: HTMLElement): void {
  for (const d of old.querySelectorAll<HTMLDetailsElement>("details[open]")) {
    const same = [...now.querySelectorAll("details")][[...old.querySelectorAll("details")].indexOf(d)]
    if (same) same.open = true
  }
  for (const field of old.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>("textarea[id], input[id]")) {
    const same = now.querySelector<HTMLTextAreaElement>(`#${CSS.escape(field.id)}`)
    if (!same || field.value === field.defaultValue && document.activeElement !== field) continue
    const [at, to, has] = [field.selectionStart ?? 0, field.selectionEnd ?? 0, document.activeElement === field]
    same.value = field.value
    if (has) requestAnimationFrame(() => { same.focus({ preventScroll: true }); same.setSelectionRange(at, to) })
  }
  if (document.activeElement === old) requestAnimationFrame(() => now.focus({ preventScroll: true }))
}

export function kept(): Shown | null {
  try { const s = sessionStorage.getItem("hc-beside"); return s === "progress" || s === "comments" ? s : null } catch { return null }
}

export function keep(what: Shown): void {
  try { sessionStorage.setItem("hc-beside", what) } catch { /* it is chosen anew next time */ }
}
