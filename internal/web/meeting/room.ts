// The room of a meeting: in step with the server by a stream, a clock that runs
// between its messages, forms that stay on the page, and keys.
import { ask, element, localize, notice } from "../layout/kit"
import { follow } from "../live/follow"

function span(ms: number): string {
  const s = Math.floor(Math.abs(ms) / 1000)
  return `${ms < 0 && s > 0 ? "-" : ""}${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`
}

/** Keeps a room until the function that it returns is called. */
export function enter(place: HTMLElement): () => void {
  let got = performance.now() // when what the room says was said
  const room = (): HTMLElement => place.querySelector<HTMLElement>(".room")!

  function tick(): void {
    const r = room()
    if (r.dataset.begun !== "true") return
    const since = r.dataset.running === "true" ? performance.now() - got : 0
    const left = Number(r.dataset.left) - since
    for (const el of r.querySelectorAll<HTMLElement>("[data-clock]")) {
      const text = span(el.dataset.clock === "left" ? left : Number(r.dataset.all) + Math.max(left, 0))
      if (el.textContent !== text) el.textContent = text
    }
    const over = left < 0
    r.classList.toggle("over", over)
    const sign = r.querySelector<HTMLElement>("[data-sign]")
    if (sign) sign.hidden = !over
  }

  /** Fields that hold something that was typed and not sent, by id. */
  function typed(except?: HTMLFormElement): Map<string, string> {
    const out = new Map<string, string>()
    for (const el of place.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>("[id][name]")) {
      if (el.form === except) continue
      if (el instanceof HTMLInputElement && el.type === "checkbox") {
        if (el.checked !== el.defaultChecked) out.set(el.id, el.checked ? "on" : "")
      } else if (el instanceof HTMLSelectElement) {
        if (el.selectedIndex !== Math.max([...el.options].findIndex(o => o.defaultSelected), 0)) out.set(el.id, el.value)
      } else if (el.value !== el.defaultValue) {
        out.set(el.id, el.value)
      }
    }
    return out
  }

  function put(html: string, except?: HTMLFormElement): void {
    const next = element(html)
    if (!next?.classList.contains("room")) return location.reload()
    const old = room()
    if (Number(next.dataset.version) < Number(old.dataset.version)) return
    const kept = typed(except)
    if (next.dataset.block !== old.dataset.block) kept.delete("add-kind") // each block offers its own first
    const focus = document.activeElement instanceof HTMLElement && place.contains(document.activeElement) ? document.activeElement : null
    const where = focus instanceof HTMLInputElement && focus.type === "text" || focus instanceof HTMLTextAreaElement ? focus.selectionStart : null
    const open = new Set([...old.querySelectorAll<HTMLInputElement>("details[open] [name=parked]")].map(e => e.value))
    for (const img of next.querySelectorAll("img")) { // a picture that stays is not loaded again
      const same = [...old.querySelectorAll("img")].find(o => o.getAttribute("src") === img.getAttribute("src"))
      if (same) img.replaceWith(same)
    }
    old.replaceWith(next)
    got = performance.now()
    for (const [id, value] of kept) {
      const el = document.getElementById(id) as HTMLInputElement | null
      if (!el) continue
      if (el.type === "checkbox") el.checked = value !== ""
      else el.value = value
    }
    for (const el of next.querySelectorAll<HTMLInputElement>("details [name=parked]")) if (open.has(el.value)) el.closest("details")!.open = true
    if (focus?.id) {
      const el = document.getElementById(focus.id)
      el?.focus({ preventScroll: true })
      if (where !== null && (el instanceof HTMLInputElement || el instanceof HTMLTextAreaElement)) el.setSelectionRange(where, where)
    } else if (focus?.dataset.keyOf) {
      next.querySelector<HTMLElement>(`[data-key-of="${focus.dataset.keyOf}"]`)?.focus({ preventScroll: true })
    }
    arrive()
  }

  /** What follows from what the room holds now. */
  function arrive(): void {
    localize(room())
    tick()
    fields()
    place.querySelector(".items .shown")?.scrollIntoView({ block: "nearest" })
  }

  /** Shows the fields that belong to what is to be written. */
  function fields(): void {
    const kind = place.querySelector<HTMLSelectElement>("#add-kind")?.value
    for (const el of place.querySelectorAll<HTMLElement>("[data-for]")) el.hidden = !el.dataset.for!.split(" ").includes(kind ?? "")
  }

  async function load(): Promise<void> {
    const r = await ask(place.dataset.self!).catch(() => null)
    if (r?.ok) put(await r.text())
  }

  /** Says what is wrong in the form that was sent, when it has fields. */
  function refuse(form: HTMLFormElement, text: string): void {
    if (!form.querySelector("input:not([type=hidden]), textarea, select")) return notice(text)
    const p = form.querySelector<HTMLElement>(".fault") ?? document.createElement("p")
    p.className = "fault"
    p.setAttribute("role", "alert")
    p.textContent = text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith(".") ? "" : ".")
    form.append(p)
  }

  let sending: Promise<void> | null = null
  function send(form: HTMLFormElement, by: HTMLElement | null): void {
    sending ??= post(form, by).finally(() => { sending = null })
  }

  async function post(form: HTMLFormElement, by: HTMLElement | null): Promise<void> {
    try {
      const r = await ask(form.action, new URLSearchParams(new FormData(form, by) as unknown as Record<string, string>))
      const text = await r.text()
      if (!r.ok) {
        if (r.status !== 409) return refuse(form, text)
        notice(text) // the form is drawn anew with what others did
        return void load()
      }
      put(text, form)
    } catch {
      notice("The server does not answer. What you wrote is still here; try again.")
    }
  }

  const submit = (e: SubmitEvent): void => {
    const form = e.target as HTMLFormElement
    if (e.defaultPrevented || "plain" in form.dataset) return
    e.preventDefault()
    send(form, e.submitter)
  }

  const key = (e: KeyboardEvent): void => {
    const t = e.target as HTMLElement
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return
    const field = t.closest("input, textarea, select, summary")
    if (e.key === "Escape" && field && place.contains(field)) return (field as HTMLElement).blur()
    if (field || t.isContentEditable || (e.key === " " && t.closest("button, a"))) return
    if (!hot(e.key)) return
    e.preventDefault()
    e.stopPropagation()
    press(e.key)
  }

  const hot = (name: string): HTMLElement | undefined => [...place.querySelectorAll<HTMLElement>("[data-hot]")].find(el => el.dataset.keyOf === name)

  /** Does what a key stands for, once what is on its way has arrived. */
  function press(name: string): void {
    if (sending) return void sending.then(() => press(name))
    const to = hot(name)
    if (to instanceof HTMLButtonElement) to.click()
    else to?.focus()
  }

  place.addEventListener("submit", submit)
  place.addEventListener("change", fields)
  document.addEventListener("keydown", key, true)
  const timer = window.setInterval(tick, 250)
  const end = follow(place.dataset.live!, () => room().dataset.version ?? "0", news => { if (news.version > Number(room().dataset.version)) void load() }, () => void load())
  // The stream begins when it is shown; a script that comes late starts it itself.
  document.dispatchEvent(new Event("visibilitychange"))
  arrive()
  return () => {
    end()
    clearInterval(timer)
    place.removeEventListener("submit", submit)
    place.removeEventListener("change", fields)
    document.removeEventListener("keydown", key, true)
  }
}
