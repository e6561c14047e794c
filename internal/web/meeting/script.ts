// A meeting: what keeps its room in step comes when there is one on the page.

class HcMeeting extends HTMLElement {
  private end: (() => void) | undefined

  connectedCallback(): void {
    void import("./room").then(m => { if (this.isConnected && !this.end) this.end = m.enter(this) })
  }

  disconnectedCallback(): void {
    this.end?.()
    this.end = undefined
  }
}

customElements.define("hc-meeting", HcMeeting)

for (const field of document.querySelectorAll<HTMLInputElement>("input[data-own-zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || field.value
}
