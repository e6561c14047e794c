// The board: cards are dragged to another column, or moved there by keys. What a
// state asks for, evidence or a reason, is given on the page of the action.

import { ask, element, notice } from "../layout/kit"

const order = ["open", "in-progress", "done", "verified", "wont-do"]

export function work(board: HTMLElement): void {
  let dragged: HTMLElement | null = null
  board.querySelector("[data-scripted]")?.removeAttribute("hidden")

  const columns = (): HTMLElement[] => [...board.querySelectorAll<HTMLElement>("[data-column]")]
  const column = (status: string): HTMLElement => board.querySelector<HTMLElement>(`[data-column="${status}"]`)!
  const takes = (card: HTMLElement, status: string): "" | "at once" | "asks" => {
    for (const way of (card.dataset.moves ?? "").split(" ")) {
      if (way === status) return "at once"
      if (way === status + "…") return "asks"
    }
    return ""
  }

  async function move(card: HTMLElement, to: string): Promise<void> {
    const way = takes(card, to)
    if (way === "") return notice(card.dataset.moves === undefined ? "Those who take part in its post-mortem move it." : `From here it cannot become ${to.replace("-", " ")}.`)
    if (way === "asks") { location.href = `${card.dataset.page}?to=${to}#move`; return }
    const form = card.querySelector<HTMLFormElement>("form.moves")
    if (!form) return
    const sent = new FormData(form)
    sent.set("to", to)
    const answer = await ask("/actions/change", new URLSearchParams(sent as unknown as Record<string, string>))
    const text = await answer.text()
    if (!answer.ok) return notice(text || "This did not work; load the page again.")
    const fresh = element(text)
    if (!fresh) return
    count(card.dataset.status!, -1)
    count(to, 1)
    card.remove()
    column(to).querySelector(".cards")!.prepend(fresh)
    fresh.focus({ preventScroll: true })
    fresh.scrollIntoView({ block: "nearest", inline: "nearest" })
    document.querySelector("form[data-undo]")?.remove() // what is undone now is this
    const undo = answer.headers.get("Hindcast-Undo") ?? ""
    last = () => void takeBack(undo)
    notice(`Now ${to.replace("-", " ")}.`, { name: "Undo", run: last })
  }

  let last: (() => void) | null = null
  async function takeBack(undo: string): Promise<void> {
    last = null
    const answer = await ask("/actions/undo", new URLSearchParams({ undo }))
    if (answer.ok) location.reload()
    else notice("This cannot be taken back any more; look at the history of the post-mortem.")
  }
  document.addEventListener("hc-undo", () => last?.())

  function count(status: string, by: number): void {
    const n = column(status)?.querySelector("[data-count]")
    if (n && !n.textContent!.endsWith("+")) n.textContent = String(Number(n.textContent) + by)
  }

  board.addEventListener("dragstart", e => {
    dragged = (e.target as HTMLElement).closest?.<HTMLElement>(".card[draggable]") ?? null
    if (!dragged || !e.dataTransfer) return
    e.dataTransfer.effectAllowed = "move"
    e.dataTransfer.setData("text/plain", dragged.dataset.action ?? "")
    dragged.classList.add("dragged")
    for (const c of columns()) c.classList.toggle("takes", takes(dragged, c.dataset.column!) !== "")
  })
  board.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged")
    dragged = null
    for (const c of columns()) c.classList.remove("takes")
  })
  board.addEventListener("dragover", e => {
    const c = (e.target as HTMLElement).closest<HTMLElement>("[data-column]")
    if (dragged && c && takes(dragged, c.dataset.column!) !== "") e.preventDefault()
  })
  board.addEventListener("drop", e => {
    const c = (e.target as HTMLElement).closest<HTMLElement>("[data-column]")
    if (!dragged || !c) return
    e.preventDefault()
    void move(dragged, c.dataset.column!)
  })

  board.addEventListener("keydown", e => {
    const card = (e.target as HTMLElement).closest<HTMLElement>(".card")
    if (!card || e.ctrlKey || e.metaKey || e.altKey) return
    const at = order.indexOf(card.dataset.status ?? "")
    if (e.key === "[" || e.key === "]") {
      e.preventDefault()
      // The nearest state on that side that it may have.
      const side = e.key === "]" ? order.slice(at + 1) : order.slice(0, at).reverse()
      const to = side.find(s => takes(card, s) !== "")
      if (to) void move(card, to)
      else notice("There is no state on that side that it may have.")
    } else if (e.key === "ArrowLeft" || e.key === "ArrowRight") {
      e.preventDefault()
      const side = e.key === "ArrowRight" ? order.slice(at + 1) : order.slice(0, at).reverse()
      for (const s of side) {
        const next = column(s).querySelector<HTMLElement>(".card")
        if (next) return next.focus()
      }
    }
  })
}
