// Slides: keys lead from one to the next without loading the page again.
import { ask, element } from "../layout/kit"

class HcSlides extends HTMLElement {
  private kept = new Map<string, Promise<string>>()

  connectedCallback(): void {
    document.addEventListener("keydown", this.key)
    this.addEventListener("click", this.clicked)
    window.addEventListener("popstate", this.back)
    this.ahead()
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.key)
    window.removeEventListener("popstate", this.back)
  }

  private link(name: string): HTMLAnchorElement | null { return this.querySelector(`a[data-${name}]`) }

  private key = (e: KeyboardEvent): void => {
    const field = (e.target as Element).closest("input, textarea, select, summary")
    if (field || e.ctrlKey || e.metaKey || e.altKey) return
    const name = { ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "prev", PageUp: "prev", Escape: "leave", p: "notes" }[e.key]
    if (e.key === "f") {
      e.preventDefault()
      if (document.fullscreenElement) void document.exitFullscreen()
      else void this.requestFullscreen()
      return
    }
    const to = name && this.link(name)
    if (!to || (e.key === "Escape" && document.fullscreenElement)) return
    e.preventDefault()
    e.stopPropagation()
    if (name === "leave") location.assign(to.href)
    else void this.show(to.href, true)
  }

  private clicked = (e: MouseEvent): void => {
    const to = (e.target as Element).closest<HTMLAnchorElement>("a[data-next], a[data-prev], a[data-notes]")
    if (!to || e.ctrlKey || e.metaKey || e.shiftKey) return
    e.preventDefault()
    void this.show(to.href, true)
  }

  private back = (): void => { void this.show(location.href, false) }

  private load(url: string): Promise<string> {
    let page = this.kept.get(url)
    if (!page) {
      page = ask(url).then(r => { if (!r.ok) throw new Error(r.statusText); return r.text() })
      page.catch(() => this.kept.delete(url))
      this.kept.set(url, page)
    }
    return page
  }

  private async show(url: string, push: boolean): Promise<void> {
    try {
      const next = element(await this.load(url))
      if (!next) return
      const focus = (document.activeElement as HTMLElement | null)?.dataset
      this.replaceChildren(next)
      if (push) history.pushState(null, "", url)
      document.title = document.title.replace(/slide \d+/, "slide " + next.dataset.slide)
      for (const name of ["next", "prev", "notes"]) if (focus && name in focus) this.link(name)?.focus()
      this.ahead()
    } catch {
      location.assign(url)
    }
  }

  /** Gets the next slide with its picture before it is asked for. */
  private ahead(): void {
    const next = this.link("next")
    if (!next) return
    this.load(next.href).then(html => {
      const src = element(html)?.querySelector("img")?.getAttribute("src")
      if (src) new Image().src = src
    }, () => undefined)
  }
}

customElements.define("hc-slides", HcSlides)
