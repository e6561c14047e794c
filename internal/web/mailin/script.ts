// <hc-copy for="ID"> is a button that copies what a field holds. Without scripts the
// field is there to be selected.
class Copy extends HTMLElement {
  connectedCallback() {
    const field = document.getElementById(this.getAttribute("for") ?? "")
    if (!(field instanceof HTMLInputElement) || this.firstChild) return
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = "Copy"
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(field.value)
        button.textContent = "Copied"
      } catch {
        field.select() // there is no clipboard on pages without https
        button.textContent = "Press Ctrl+C"
      }
      setTimeout(() => (button.textContent = "Copy"), 3000)
    })
    field.addEventListener("focus", () => field.select())
    this.append(button)
  }
}

customElements.define("hc-copy", Copy)
