// Words of a text that people are writing, for what is said beside it: those that
// somebody selected, and those that threads are about.
import { type Extension, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state"
import { Decoration, type DecorationSet, EditorView, keymap } from "@codemirror/view"
import { type Box, type Chosen, keys, type Quoted, type Said, type Speak } from "./keys"

const around = 64 // characters that are kept on either side of a quote

interface Found { id: string; from: number; to: number; now: boolean }

const saidAre = StateEffect.define<Found[]>()

function draw(list: readonly Found[]): DecorationSet {
  const b = new RangeSetBuilder<Decoration>()
  for (const f of [...list].sort((x, y) => x.from - y.from || x.to - y.to)) b.add(f.from, f.to, Decoration.mark({ class: f.now ? "said now" : "said" }))
  return b.finish()
}

const said = StateField.define<{ list: readonly Found[]; drawn: DecorationSet }>({
  create: () => ({ list: [], drawn: Decoration.none }),
  update(value, tr) {
    let list = value.list
    if (tr.docChanged) list = list.map(f => ({ ...f, from: tr.changes.mapPos(f.from, 1), to: tr.changes.mapPos(f.to, -1) })).filter(f => f.from < f.to)
    for (const e of tr.effects) if (e.is(saidAre)) list = e.value
    return list === value.list ? value : { list, drawn: draw(list) }
  },
  provide: f => EditorView.decorations.from(f, v => v.drawn),
})

/** How many characters two texts begin with alike. */
function alike(a: string, b: string): number {
  let n = 0
  while (n < a.length && n < b.length && a[n] === b[n]) n++
  return n
}

function reversed(s: string): string { return [...s].reverse().join("") }

/** Where a quote is: of several places the one whose surroundings are most like its own. */
function locate(text: string, q: Quoted): number {
  let best = -1
  let most = -1
  for (let i = text.indexOf(q.quote); q.quote && i >= 0; i = text.indexOf(q.quote, i + q.quote.length)) {
    const end = i + q.quote.length
    const like = alike(reversed(text.slice(Math.max(0, i - around), i)), reversed(q.prefix)) + alike(text.slice(end, end + around), q.suffix)
    if (like > most) [best, most] = [i, like]
  }
  return best
}

const look = EditorView.theme({
  ".said": { backgroundColor: "color-mix(in srgb, var(--p2) 30%, transparent)" },
  ".said.now": { backgroundColor: "color-mix(in srgb, var(--p2) 62%, transparent)" },
})

/** Tells what is selected, colors what is said about, and has keys for speaking. */
export function spoken(path: string, settle: () => Promise<boolean>): Extension {
  const speak = (suggest: boolean) => (view: EditorView): boolean => {
    tell(view, path, settle)
    document.dispatchEvent(new CustomEvent<Speak>("hc-speak", { detail: { suggest } }))
    return true
  }
  return [
    said, look,
    keymap.of([{ key: keys.comment.name, run: speak(false) }, { key: keys.suggest.name, run: speak(true) }]),
    EditorView.updateListener.of(u => { if (u.selectionSet || u.docChanged || u.focusChanged && u.view.hasFocus) tell(u.view, path, settle) }),
  ]
}

function tell(view: EditorView, path: string, settle: () => Promise<boolean>): void {
  const { from, to } = view.state.selection.main
  const doc = view.state.doc
  const box = (): Box | null => {
    const now = view.state.selection.main
    const [first, last] = [view.coordsAtPos(now.from, 1), view.coordsAtPos(now.to, -1)]
    return first && last ? { top: first.top, bottom: last.bottom, right: last.right } : null
  }
  const quote = doc.sliceString(from, to)
  const chosen: Chosen = { path, quote: quote.trim() ? quote : "", prefix: doc.sliceString(Math.max(0, from - around), from), suffix: doc.sliceString(to, to + around), box, settle }
  document.dispatchEvent(new CustomEvent<Chosen | null>("hc-chosen", { detail: chosen }))
}

/** Nothing is selected here any more. */
export function silent(): void { document.dispatchEvent(new CustomEvent<Chosen | null>("hc-chosen", { detail: null })) }

/** Colors the words that threads are about, as often as the element of the editor is told. */
export function color(host: HTMLElement, view: EditorView): void {
  host.addEventListener("hc-said", e => {
    const told = (e as CustomEvent<Said>).detail
    const text = view.state.doc.toString()
    const list: Found[] = []
    for (const q of told.quotes) {
      const from = locate(text, q)
      if (from < 0) continue
      list.push({ id: q.id, from, to: from + q.quote.length, now: q.id === told.now })
      told.tops.set(q.id, () => { // where they stand then, not now
        const here = view.state.field(said).list.find(f => f.id === q.id)
        return here ? view.coordsAtPos(here.from)?.top ?? null : null
      })
    }
    const old = view.state.field(said).list
    if (JSON.stringify(old) !== JSON.stringify(list)) view.dispatch({ effects: saidAre.of(list) })
  })
}
