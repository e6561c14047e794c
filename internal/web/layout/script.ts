// What all pages share: times in the reader's zone, the keyboard, notices.

/** Asks the server as a script of ours, which answers with parts of pages or data. */
export async function ask(url: string, body?: BodyInit): Promise<Response> {
  return fetch(url, { method: body === undefined ? "GET" : "POST", body, headers: { "Hindcast-Script": "1" }, credentials: "same-origin" })
}

/** Turns what the server sent into an element. */
export function element(html: string): HTMLElement | null {
  const t = document.createElement("template")
  t.innerHTML = html // made and escaped by the server
  return t.content.firstElementChild as HTMLElement | null
}

/** Makes a button that does what a listener of it does. */
export function button(name: string, text: string): HTMLButtonElement {
  const b = document.createElement("button")
  b.type = "button"
  b.className = name
  b.textContent = text
  return b
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

function formatter(as: string): (t: Date) => string {
  const part = (o: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("sv-SE", { ...o, hourCycle: "h23" })
  const day: Intl.DateTimeFormatOptions = { year: "numeric", month: "2-digit", day: "2-digit" }
  const kinds: Record<string, Intl.DateTimeFormat> = {
    clock: part({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    minute: part({ hour: "2-digit", minute: "2-digit" }),
    moment: part({ ...day, hour: "2-digit", minute: "2-digit" }),
    day: part(day),
  }
  const f = kinds[as] ?? kinds.moment!
  return t => f.format(t)
}

/** Writes a time of day in the reader's zone. */
export function clock(t: Date): string { return formatter("clock")(t) }

/** Puts the times below root into the reader's zone. The title keeps UTC. */
export function localize(root: ParentNode): void {
  if (zone === "UTC" || zone === "Etc/UTC") return
  for (const el of root.querySelectorAll<HTMLElement>("time[data-as], svg [data-as]")) {
    const iso = el.getAttribute("datetime") ?? el.getAttribute("data-at")
    if (!iso || el.dataset.local) continue
    el.dataset.local = "1"
    el.textContent = formatter(el.dataset.as ?? "moment")(new Date(iso))
  }
  const short = new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(new Date()).find(p => p.type === "timeZoneName")?.value
  for (const el of root.querySelectorAll<HTMLElement>("[data-zone]")) {
    el.textContent = short ?? zone
    el.title = zone
  }
}

/** Says something at the edge of the page, with an act that can be chosen. */
export function notice(text: string, act?: { name: string; run: () => void }): void {
  const place = document.getElementById("notices")
  if (!place) return
  const box = document.createElement("div")
  box.className = "notice"
  box.append(text)
  if (act) {
    const b = document.createElement("button")
    b.type = "button"
    b.textContent = act.name
    b.addEventListener("click", () => { box.remove(); act.run() })
    box.append(b)
  }
  place.replaceChildren(box)
  setTimeout(() => box.remove(), 12_000)
}

/** Whether a key is typed into a field. */
export function writing(e: KeyboardEvent): boolean {
  const t = e.composedPath()[0]
  return t instanceof HTMLElement && (t.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName))
}

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
