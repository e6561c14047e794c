// Names of those who take part, offered after an @ in a comment.

let list: HTMLUListElement | null = null
let field: HTMLTextAreaElement | null = null
let begin = 0
let chosen = 0

/** What stands behind the last @ before the cursor, null when no name is being written. */
function started(area: HTMLTextAreaElement): { at: number; text: string } | null {
  const before = area.value.slice(0, area.selectionStart)
  const at = before.lastIndexOf("@")
  if (at < 0 || /[\p{L}\p{N}]$/u.test(before.slice(0, at)) || before.length - at > 60 || before.slice(at).includes("\n")) return null
  return { at, text: before.slice(at + 1).toLowerCase() }
}

export function close(): void {
  list?.remove()
  list = null
  field?.removeAttribute("aria-activedescendant")
  field?.removeAttribute("aria-controls")
}

function choose(i: number): void {
  chosen = i
  list?.querySelectorAll("li").forEach((li, n) => li.setAttribute("aria-selected", String(n === i)))
  field?.setAttribute("aria-activedescendant", `mention-${i}`)
}

function take(name: string): void {
  if (!field) return
  const end = field.selectionStart
  field.setRangeText(`@${name} `, begin, end, "end")
  field.dispatchEvent(new Event("input", { bubbles: true }))
  close()
  field.focus()
}

/** Offers names that begin as what was written, or have a word that does. */
export function offer(area: HTMLTextAreaElement, names: string[]): void {
  const now = started(area)
  const fit = now ? names.filter(n => n.toLowerCase().startsWith(now.text) || now.text && n.toLowerCase().split(/\s+/).some(w => w.startsWith(now.text))).slice(0, 6) : []
  if (!now || fit.length === 0 || fit.length === 1 && fit[0]!.toLowerCase() === now.text.trim()) return close()
  close()
  field = area
  begin = now.at
  list = document.createElement("ul")
  list.className = "mentions"
  list.id = "mentions"
  list.setAttribute("role", "listbox")
  list.setAttribute("aria-label", "People")
  fit.forEach((name, i) => {
    const li = document.createElement("li")
    li.id = `mention-${i}`
    li.setAttribute("role", "option")
    li.textContent = name
    li.addEventListener("pointerdown", e => { e.preventDefault(); take(name) })
    list!.append(li)
  })
  area.after(list)
  area.setAttribute("aria-autocomplete", "list")
  area.setAttribute("aria-controls", "mentions")
  choose(0)
}

/** Handles a key in a field with names below it; reports whether it was one of theirs. */
export function pressed(e: KeyboardEvent): boolean {
  const items = list ? [...list.querySelectorAll("li")] : []
  if (items.length === 0 || e.target !== field) return false
  switch (e.key) {
    case "ArrowDown": choose((chosen + 1) % items.length); break
    case "ArrowUp": choose((chosen + items.length - 1) % items.length); break
    case "Enter": case "Tab": take(items[chosen]!.textContent!); break
    case "Escape": close(); break
    default: return false
  }
  e.preventDefault()
  e.stopPropagation()
  return true
}
