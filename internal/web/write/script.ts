// Makes the form of a section an editor in which people write together. The editor
// itself is loaded when the first section is opened.
import { notice } from "../layout/kit"
import type { Judge } from "../postmortem/editor"

/** What was written: a revision that can be taken back, 0 when others wrote in it too. */
export interface Left { revision: number }

/** How an editor is left. */
export interface Leaving {
  leave(): Promise<Left | null> // null when the server does not have everything
  end(): void
}

/** Opens the editor in a form; null when the server does not answer, and then the form stays what it is. */
export async function together(host: HTMLElement, form: HTMLFormElement, url: string, judge: Judge): Promise<Leaving | null> {
  for (const other of document.querySelectorAll<HTMLFormElement>("form[data-together]")) other.requestSubmit() // one at a time: each takes a connection
  const { Together } = await import("./editor")
  const path = form.dataset.form!
  const label = form.closest("section")?.querySelector("h2")?.textContent?.trim() ?? "Text"
  const progress = form.querySelector<HTMLElement>("[data-progress]")
  const others = document.createElement("span")
  others.className = "others"
  others.setAttribute("role", "status")
  const t = await Together.open(host, url, path, `Text of ${label}`, judge, {
    say: text => { if (progress) progress.textContent = text },
    peers: (names, twice) => { others.textContent = present(names, twice) },
    closed: why => {
      if (progress) progress.textContent = ""
      others.textContent = ""
      notice(why)
    },
    done: () => form.requestSubmit(),
  })
  if (!t) return null
  form.dataset.together = ""
  form.querySelector("button.primary")!.textContent = "Done"
  form.querySelector("[data-leave]")?.remove()
  form.querySelector(".buttons")?.append(others)
  return t
}

function present(names: string[], twice: boolean): string {
  if (names.length === 0) return twice ? "You have it open twice" : ""
  const shown = names.slice(0, 3).join(", ")
  const more = names.length > 3 ? ` and ${names.length - 3} more` : ""
  return `${shown}${more} ${names.length === 1 ? "is" : "are"} here too`
}
