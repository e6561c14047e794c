// The editor of prose, loaded when a section is opened. The lint reads along.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands"
import { HighlightStyle, Language, defineLanguageFacet, syntaxHighlighting } from "@codemirror/language"
import { type Action, type Diagnostic, linter, lintKeymap } from "@codemirror/lint"
import { EditorState, type Extension, StateEffect } from "@codemirror/state"
import { EditorView, drawSelection, keymap, placeholder } from "@codemirror/view"
import { tags } from "@lezer/highlight"
import { GFM, parser } from "@lezer/markdown"

interface Change { from: number; to: number; text: string }
interface Found { rule: string; level: string; from: number; to: number; message: string; why: string; question?: string; hints?: string[]; suggestion?: Change; ignore?: Change }

const markdown = new Language(defineLanguageFacet(), parser.configure([GFM]), [], "markdown")

const look = EditorView.theme({
  "&": { fontSize: "1rem", color: "var(--ink)", backgroundColor: "var(--raised)", border: "1px solid var(--edge)", borderRadius: "6px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-content": { fontFamily: "inherit", lineHeight: "1.55", padding: ".6rem .2rem", minHeight: "9rem", caretColor: "var(--ink)" },
  ".cm-scroller": { fontFamily: "inherit" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)" },
  ".cm-lintRange": { backgroundImage: "none", paddingBottom: "1px" },
  ".cm-lintRange-error, .cm-lintRange-warning": { textDecoration: "underline wavy var(--heed) 1.5px", textUnderlineOffset: "3px" },
  ".cm-lintRange-info": { textDecoration: "underline dotted var(--heed) 1.5px", textUnderlineOffset: "3px" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "6px", boxShadow: "0 6px 24px rgb(0 0 0 / .15)", maxWidth: "26rem", fontSize: ".9rem" },
  ".cm-diagnostic": { padding: ".6rem .8rem", borderLeft: "3px solid var(--heed)" },
  ".cm-diagnostic p": { margin: "0 0 .35rem" },
  ".cm-diagnostic .why": { color: "var(--soft)" },
  ".cm-diagnosticAction": { font: "inherit", backgroundColor: "var(--accent)", color: "var(--on-accent)", border: "0", borderRadius: "4px", padding: ".2rem .6rem", margin: ".2rem .4rem 0 0", cursor: "pointer" },
  ".cm-diagnostic form": { display: "flex", gap: ".4rem", marginTop: ".4rem" },
  ".cm-diagnostic input": { font: "inherit", color: "inherit", background: "var(--paper)", border: "1px solid var(--edge)", borderRadius: "4px", padding: ".15rem .4rem", flex: "1", minWidth: "0" },
  ".cm-diagnostic form button": { font: "inherit", color: "inherit", background: "none", border: "1px solid var(--edge)", borderRadius: "4px", padding: ".15rem .6rem" },
})

const colors = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "650" },
  { tag: tags.strong, fontWeight: "650" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.link, tags.url], color: "var(--accent)" },
  { tag: tags.monospace, fontFamily: "var(--mono)", fontSize: ".9em" },
  { tag: [tags.processingInstruction, tags.comment], color: "var(--soft)" },
])

/** What is said of a finding: what, why, and a way to ignore it with a reason. */
function explain(f: Found): (view: EditorView) => Node {
  return view => {
    const box = document.createElement("div")
    const line = (text: string, name: string) => { const p = document.createElement("p"); p.className = name; p.textContent = text; box.append(p) }
    line(f.message, "what")
    line(f.why, "why")
    if (f.question) line(f.question, "why")
    for (const hint of f.hints ?? []) line(`Try: ${hint}`, "try")
    if (f.ignore) box.append(ignoring(view, f, f.ignore))
    return box
  }
}

function ignoring(view: EditorView, f: Found, change: Change): HTMLElement {
  const d = document.createElement("details")
  const s = document.createElement("summary")
  s.textContent = "Ignore…"
  const form = document.createElement("form")
  const input = document.createElement("input")
  input.required = true
  input.placeholder = "why is this fine here?"
  input.setAttribute("aria-label", `Reason to ignore ${f.rule}`)
  const b = document.createElement("button")
  b.textContent = "Ignore"
  form.append(input, b)
  form.addEventListener("submit", e => {
    e.preventDefault()
    e.stopPropagation()
    const reason = input.value.replace(/-->|--/g, "- -").replace(/`/g, "'").trim()
    if (reason) view.dispatch({ changes: { from: change.from, to: change.to, insert: change.text.replace("[why is this fine?]", () => reason) } })
    view.focus()
  })
  d.append(s, form)
  return d
}

function diagnostic(f: Found, length: number): Diagnostic {
  const actions: Action[] = []
  const s = f.suggestion
  if (s) actions.push({ name: `Write “${s.text.length > 60 ? s.text.slice(0, 58) + "…" : s.text}”`, apply: view => view.dispatch({ changes: { from: s.from, to: s.to, insert: s.text } }) })
  return {
    from: Math.min(f.from, length), to: Math.min(f.to, length), severity: f.level === "note" ? "info" : "warning",
    message: f.message, renderMessage: explain(f), actions,
  }
}

/** Asks for the findings of a text. */
export type Judge = (body: URLSearchParams) => Promise<Response>

/** Asks for the findings again, such as when the server did not answer. */
export const readAgain = StateEffect.define<null>()

/** What every editor of prose has: Markdown, the lint that reads along, keys. done is for Ctrl+Enter. */
export function prose(judge: Judge, path: string, label: string, done: () => void): Extension {
  const read = linter(async view => {
    const text = view.state.doc.toString()
    const r = await judge(new URLSearchParams({ path, text })).catch(() => null)
    if (!r?.ok || view.state.doc.toString() !== text) return []
    const { findings } = await r.json() as { findings: Found[] }
    return findings.map(f => diagnostic(f, text.length))
  }, { delay: 400, needsRefresh: u => u.transactions.some(t => t.effects.some(e => e.is(readAgain))) })
  return [
    history(), drawSelection(), EditorView.lineWrapping, markdown, syntaxHighlighting(colors), look, read,
    keymap.of([{ key: "Mod-Enter", run: () => { done(); return true } }, ...defaultKeymap.filter(k => k.key !== "Mod-Enter"), ...historyKeymap, ...lintKeymap]),
    placeholder("Markdown. #4521 links to that incident."),
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "true" }),
  ]
}

/** Puts an editor in the place of a text area, which keeps the value. */
export function edit(host: HTMLElement, area: HTMLTextAreaElement, judge: Judge, path: string): void {
  const root = host.attachShadow({ mode: "open" })
  const place = document.createElement("div")
  const label = host.parentElement?.querySelector(`label[for="${CSS.escape(area.id)}"]`)
  root.append(place)
  const view = new EditorView({
    root, parent: place,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        prose(judge, path, label?.textContent?.trim() ?? "Text", () => host.closest("form")?.requestSubmit()),
        EditorView.updateListener.of(u => {
          if (!u.docChanged) return
          area.value = u.state.doc.toString()
          area.dispatchEvent(new Event("input", { bubbles: true }))
        }),
      ],
    }),
  })
  label?.addEventListener("click", () => view.focus())
  view.focus()
}
