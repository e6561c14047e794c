// What stays while threads are read again, and what a reader chose to see.

export type Shown = "progress" | "comments"

/** Carries what is being written in a thread over to what it is now. */
export function carry(old: HTMLElement, now: HTMLElement): void {
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
