// Evidence that is dropped as a folder or a zip, with what is sent and read.
import { ask, notice } from "../layout/kit"

interface Named { path: string; file: File }

/** Reads what was dropped, folders with all that is in them. */
async function dropped(items: DataTransferItemList): Promise<Named[]> {
  const out: Named[] = []
  const visit = async (entry: FileSystemEntry, at: string): Promise<void> => {
    if (entry.isFile) {
      const file = await new Promise<File>((ok, no) => (entry as FileSystemFileEntry).file(ok, no))
      out.push({ path: at + entry.name, file })
      return
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader()
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((ok, no) => reader.readEntries(ok, no))
      if (some.length === 0) return
      for (const e of some) await visit(e, `${at}${entry.name}/`)
    }
  }
  const entries = [...items].map(i => ({ entry: i.webkitGetAsEntry(), file: i.getAsFile() }))
  // The folder that was dropped is not part of the names, like that of the command line.
  for (const { entry, file } of entries) {
    if (entry?.isDirectory && entries.length === 1) {
      await visit(entry, "")
      for (const n of out) n.path = n.path.slice(entry.name.length + 1)
    } else if (entry) await visit(entry, "")
    else if (file) out.push({ path: file.name, file })
  }
  return out
}

function size(n: number): string {
  return n >= 1 << 20 ? `${(n / (1 << 20)).toFixed(1)} MB` : `${Math.ceil(n / 1024)} KB`
}

class HcDrop extends HTMLElement {
  private files: Named[] = []

  connectedCallback(): void {
    const form = this.querySelector("form")
    const input = this.querySelector<HTMLInputElement>("input[type=file]")
    if (!form || !input) return
    const say = document.createElement("p")
    say.setAttribute("role", "status")
    say.className = "soft"
    say.textContent = "Or drop a folder or a zip here."
    const folder = document.createElement("button")
    folder.type = "button"
    folder.textContent = "Choose a folder"
    folder.addEventListener("click", () => {
      input.webkitdirectory = true
      input.click()
      input.webkitdirectory = false
    })
    input.after(folder, say)
    const show = () => { say.textContent = this.files.length ? `${this.files.length} file${this.files.length === 1 ? "" : "s"}, ${size(this.files.reduce((n, f) => n + f.file.size, 0))}` : "Or drop a folder or a zip here." }
    this.addEventListener("dragover", e => { e.preventDefault(); this.classList.add("over") })
    this.addEventListener("dragleave", () => this.classList.remove("over"))
    this.addEventListener("drop", async e => {
      e.preventDefault()
      this.classList.remove("over")
      if (!e.dataTransfer) return
      this.files = await dropped(e.dataTransfer.items)
      input.value = ""
      show()
    })
    input.addEventListener("change", () => {
      this.files = [...(input.files ?? [])].map(file => ({ path: file.webkitRelativePath.replace(/^[^/]*\//, "") || file.name, file }))
      show()
    })
    form.addEventListener("submit", e => {
      if (this.files.length === 0) return
      e.preventDefault()
      this.send(form, say)
    })
  }

  private send(form: HTMLFormElement, say: HTMLElement): void {
    const data = new FormData(form)
    data.delete("files")
    for (const { path, file } of this.files) data.append("files", file, path)
    const bar = document.createElement("progress")
    bar.setAttribute("aria-label", "Sent")
    bar.max = 100
    say.after(bar)
    const button = form.querySelector<HTMLButtonElement>("button:not([type=button])")
    if (button) button.disabled = true
    const x = new XMLHttpRequest()
    x.open("POST", form.action)
    x.setRequestHeader("Hindcast-Script", "1")
    x.upload.addEventListener("progress", e => {
      bar.value = e.total ? 100 * e.loaded / e.total : 0
      say.textContent = `${size(e.loaded)} of ${size(e.total)} sent`
    })
    const failed = (text: string) => { bar.remove(); if (button) button.disabled = false; say.textContent = ""; notice(text) }
    x.addEventListener("error", () => failed("The server does not answer. Nothing was kept; send it again."))
    x.addEventListener("load", () => {
      if (x.status !== 200) return failed(x.responseText)
      location.href = (JSON.parse(x.responseText) as { to: string }).to
    })
    x.send(data)
  }
}

class HcBuild extends HTMLElement {
  private timer = 0

  connectedCallback(): void { if (this.querySelector("progress")) this.timer = window.setInterval(() => void this.look(), 400) }
  disconnectedCallback(): void { clearInterval(this.timer) }

  private async look(): Promise<void> {
    const r = await ask(`/builds/${this.dataset.id}`).catch(() => null)
    if (r?.status === 404) return location.reload() // another server builds it; the page knows where to go
    if (!r?.ok) return
    const p = await r.json() as { state: string; read: number; total: number; number: number }
    const bar = this.querySelector("progress")
    if (bar) bar.value = p.total ? 100 * p.read / p.total : 0
    const say = this.querySelector("[role=status]")
    if (say) say.textContent = `${size(p.read)} of ${size(p.total)} read. You can leave this page; the work goes on.`
    if (p.state === "reading") return
    clearInterval(this.timer)
    location.replace(location.href)
  }
}

customElements.define("hc-drop", HcDrop)
customElements.define("hc-build", HcBuild)
