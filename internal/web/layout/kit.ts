// What the scripts of pages and those that are loaded when they are needed both use.
// Each of the two has its own copy, so that nothing here keeps anything or listens.

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

/** Loads the style of what is there only once somebody does something; settled when it is there. */
export function styled(): Promise<unknown> {
  const href = document.body.dataset.used
  if (!href) return Promise.resolve()
  let link = document.querySelector<HTMLLinkElement>(`link[href="${href}"]`)
  if (!link) {
    link = document.createElement("link")
    link.rel = "stylesheet"
    link.href = href
    document.head.append(link)
  } else if (link.sheet) return Promise.resolve()
  const waits = link
  return new Promise(done => { for (const e of ["load", "error"]) waits.addEventListener(e, done, { once: true }) })
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
