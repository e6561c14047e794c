// The cursors of others in an editor, with their names for a moment after they
// moved, and for who points at them.
import { type Extension, StateEffect, StateField } from "@codemirror/state"
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view"

/** Somebody else who has the section open. Places are of the text in this editor, -1 when nobody knows. */
export interface Peer { client: string; name: string; anchor: number; head: number; hue: number; moved: number }

/** Says who is here now. */
export const peersAre = StateEffect.define<Peer[]>()

const fresh = 2500 // milliseconds for which a name stands beside a cursor that moved

class Caret extends WidgetType {
  constructor(readonly peer: Peer) { super() }

  override eq(other: Caret): boolean {
    return other.peer.client === this.peer.client && other.peer.name === this.peer.name && other.peer.moved === this.peer.moved
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement("span")
    caret.className = `peer hue-${this.peer.hue}`
    caret.setAttribute("aria-hidden", "true")
    const name = document.createElement("span")
    name.className = "name"
    name.textContent = this.peer.name
    caret.append("\u2060", name, "\u2060") // word joiners, so that no line breaks here
    requestAnimationFrame(() => { // the editor cuts off what reaches over its edge
      const edge = caret.closest(".cm-scroller")?.getBoundingClientRect().right ?? Infinity
      caret.classList.toggle("at-end", name.getBoundingClientRect().right > edge)
    })
    if (Date.now() - this.peer.moved < fresh) {
      caret.classList.add("moved")
      setTimeout(() => caret.classList.remove("moved"), fresh)
    }
    return caret
  }

  override ignoreEvent(): boolean { return true }
}

function draw(peers: readonly Peer[], length: number): DecorationSet {
  const marks = []
  for (const p of peers) {
    if (p.head < 0 || p.head > length || p.anchor > length) continue
    const [from, to] = p.anchor < p.head ? [p.anchor, p.head] : [p.head, p.anchor]
    if (from < to) marks.push(Decoration.mark({ class: `peer-selection hue-${p.hue}` }).range(from, to))
    marks.push(Decoration.widget({ widget: new Caret(p), side: 1 }).range(p.head))
  }
  return Decoration.set(marks, true)
}

/** Who is here, with places that move with the text. */
const peers = StateField.define<{ list: readonly Peer[]; drawn: DecorationSet }>({
  create: () => ({ list: [], drawn: Decoration.none }),
  update(value, tr) {
    let list = value.list
    if (tr.docChanged) {
      list = list.map(p => p.head < 0 ? p : { ...p, anchor: tr.changes.mapPos(Math.min(p.anchor, tr.changes.length), -1), head: tr.changes.mapPos(Math.min(p.head, tr.changes.length), -1) })
    }
    for (const e of tr.effects) if (e.is(peersAre)) list = e.value
    return list === value.list ? value : { list, drawn: draw(list, tr.newDoc.length) }
  },
  provide: f => EditorView.decorations.from(f, v => v.drawn),
})

/** The peers of an editor as they stand now. */
export function peersOf(view: EditorView): readonly Peer[] { return view.state.field(peers).list }

const hues = [250, 145, 55, 310, 200, 20]

/** How many colors there are. */
export const colors = hues.length

const look = EditorView.theme({
  ".peer": { position: "relative", borderLeft: "2px solid var(--peer)", marginLeft: "-1px", marginRight: "-1px" },
  ".peer .name": {
    position: "absolute", bottom: "100%", left: "-2px", font: ".7rem/1.3 system-ui, sans-serif", whiteSpace: "nowrap", padding: "0 .35em", borderRadius: "3px 3px 3px 0",
    backgroundColor: "var(--peer)", color: "var(--paper)", opacity: "0", pointerEvents: "none", transition: "opacity 150ms", zIndex: "2", fontWeight: "500",
  },
  ".peer.at-end .name": { left: "auto", right: "0", borderRadius: "3px 3px 0 3px" },
  ".peer.moved .name, .peer:hover .name": { opacity: "1" },
  ".cm-line:first-child .peer .name": { bottom: "auto", top: "100%", borderRadius: "0 3px 3px 3px" },
  ".peer-selection": { backgroundColor: "color-mix(in srgb, var(--peer) 22%, transparent)" },
  "@media (prefers-reduced-motion: reduce)": { ".peer .name": { transition: "none" } },
  ...Object.fromEntries(hues.map((h, i) => [`.hue-${i}`, { "--peer": `light-dark(oklch(.48 .13 ${h}), oklch(.78 .11 ${h}))` }])),
})

/** Shows the cursors of others. */
export function cursors(): Extension { return [peers, look] }
