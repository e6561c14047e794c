// The pages of actions: the board is worked on, and the review answers to keys.

class HcBoard extends HTMLElement {
  connectedCallback(): void {
    void import("./board").then(m => m.work(this))
  }
}

class HcReview extends HTMLElement {
  private press = (e: KeyboardEvent): void => {
    const t = e.target as HTMLElement
    if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName)) return
    const button = this.querySelector<HTMLButtonElement>(`[data-digit="${CSS.escape(e.key)}"]`)
    const field = this.querySelector<HTMLInputElement>(`[data-letter="${CSS.escape(e.key)}"]`)
    if (!button && !field) return
    e.preventDefault()
    if (button) return button.click()
    const within = field!.closest("details")
    if (within) within.open = true
    field!.focus()
  }

  connectedCallback(): void {
    document.addEventListener("keydown", this.press)
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.press)
  }
}

class HcChosen extends HTMLElement {
  connectedCallback(): void {
    void import("./chosen").then(m => m.work(this))
  }
}

customElements.define("hc-chosen", HcChosen)
customElements.define("hc-board", HcBoard)
customElements.define("hc-review", HcReview)

// What was just changed is taken back by a key, like everywhere.
document.addEventListener("hc-undo", () => document.querySelector<HTMLFormElement>("form[data-undo]")?.requestSubmit())
