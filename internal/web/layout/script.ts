// What all pages share: times in the reader's zone, the keyboard, menus.
import { localize, writing } from "./kit"

/** The entries, findings and rows that j and k walk. */
function steps(): HTMLElement[] {
  const all = document.querySelectorAll<HTMLElement>("table[data-walk] tr.part, tbody[data-walk] > tr, ul[data-walk] > li, ol[data-walk] > li")
  return [...all].filter(el => el.offsetParent !== null)
}

function walk(by: number): void {
  const list = steps()
  if (list.length === 0) return
  const here = list.findIndex(el => el.contains(document.activeElement))
  let to = here + by
  if (here < 0) to = by > 0 ? Math.max(0, list.findIndex(el => el.getBoundingClientRect().top > 60)) : list.length - 1
  const next = list[Math.min(list.length - 1, Math.max(0, to))]!
  if (!next.hasAttribute("tabindex")) next.tabIndex = -1
  next.focus({ preventScroll: true })
  next.scrollIntoView({ block: "nearest" })
}

async function showKeys(): Promise<void> {
  const open = document.querySelector("dialog.help")
  if (open) return open.remove()
  const page = new DOMParser().parseFromString(await (await fetch("/keys")).text(), "text/html")
  const box = document.createElement("dialog")
  box.className = "help"
  box.setAttribute("aria-label", "Keys")
  box.append(...(page.querySelector("main .page")?.childNodes ?? []))
  document.body.append(box)
  box.addEventListener("close", () => box.remove())
  box.showModal()
}

let before = ""
const jumps: Record<string, string> = { h: "/", l: "/library", a: "/actions" }

document.addEventListener("keydown", e => {
  if (e.key === "Escape" && document.activeElement instanceof HTMLElement && document.activeElement.id === "find") document.activeElement.blur()
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || writing(e)) return
  const last = before
  before = e.key
  if (last === "g" && jumps[e.key]) { location.href = jumps[e.key]!; return }
  const act: Record<string, () => void> = {
    "j": () => walk(1),
    "k": () => walk(-1),
    "?": () => void showKeys(),
    "/": () => (document.querySelector<HTMLElement>("main input[type=search]") ?? document.getElementById("find"))?.focus(),
    "n": () => document.querySelector<HTMLElement>("[data-key=n]")?.click(),
    "u": () => document.dispatchEvent(new CustomEvent("hc-undo")),
    "Enter": () => {
      const row = document.activeElement
      if (row instanceof HTMLElement && row.tabIndex === -1) row.querySelector<HTMLElement>("[data-edit], a[href]")?.click()
    },
  }
  const run = act[e.key]
  if (run && !(e.key === "Enter" && (document.activeElement as HTMLElement | null)?.tabIndex !== -1)) {
    e.preventDefault()
    run()
  }
})

// A menu closes when something else is chosen.
document.addEventListener("click", e => {
  for (const d of document.querySelectorAll<HTMLDetailsElement>("details.account[open]")) if (!d.contains(e.target as Node)) d.open = false
})

// A list follows its filters without a button.
document.addEventListener("change", e => {
  const form = (e.target as HTMLElement).closest<HTMLFormElement>("form[data-filters]")
  if (form && e.target instanceof HTMLSelectElement) form.requestSubmit()
})

localize(document)
