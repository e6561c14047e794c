// Where threads are on the page: their parts, and words in them, which are counted
// without blanks, as the server counts them.

/** What a new thread is about. */
export interface Place {
  path: string
  quote: string
  prefix: string
  suffix: string
  prose: boolean
  settle?: () => Promise<boolean> // for words of an open editor, which are those of the source: has the document hold them
}

export const nowhere: Place = { path: "", quote: "", prefix: "", suffix: "", prose: false }

/** A part without words of it. */
export function whole(path: string): Place { return { ...nowhere, path, prose: path.startsWith("sections/") } }

const pictures: Record<string, string> = { "pictures/timeline": "hc-timeline", "pictures/metrics": "details.charts", "pictures/causes": "hc-analysis" }

const around = 64

/** The part of the page that a path leads to, null when it is not shown. */
export function partOf(root: ParentNode, path: string): HTMLElement | null {
  return root.querySelector<HTMLElement>(pictures[path] ?? `[data-part="${CSS.escape(path)}"]`)
}

/** The part that an element is in, and its path. */
export function partAt(el: Element | null): { part: HTMLElement; path: string } | null {
  const part = el?.closest<HTMLElement>("[data-part]")
  if (part) return part.classList.contains("editing") || part.classList.contains("adder") ? null : { part, path: part.dataset.part! }
  for (const [path, selector] of Object.entries(pictures)) {
    const picture = el?.closest<HTMLElement>(selector)
    if (picture) return { part: picture, path }
  }
  return null
}

/** What a part says first, to name it to a reader. */
export function nameOf(part: HTMLElement, path: string): string {
  const known: Record<string, string> = { "pictures/timeline": "the picture of the timeline", "pictures/metrics": "the charts", "pictures/causes": "the picture of the causes" }
  if (known[path]) return known[path]
  const text = path.startsWith("sections/")
    ? part.closest("section")?.querySelector("h2")?.textContent
    : part.querySelector(".says, .what > p, h1, .name")?.textContent
  const s = (text ?? "this part").trim()
  return s.length > 60 ? `“${s.slice(0, 58)}…”` : path.startsWith("sections/") ? s : `“${s}”`
}

function* texts(root: Element): Generator<Text> {
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, n =>
    n instanceof Element ? (n.matches(".edit, .beside-mark, .beside-add, .unseen") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP) : NodeFilter.FILTER_ACCEPT)
  for (let n = walk.nextNode(); n; n = walk.nextNode()) yield n as Text
}

const blank = /\s|\u0085/

function bare(s: string): string { return s.replace(/[\s\u0085]+/g, "") }

/** The characters of a part without blanks, and where each stands. */
export interface Letters { text: string; at: [Text, number][] }

export function letters(part: Element): Letters {
  const out: Letters = { text: "", at: [] }
  for (const t of texts(part)) for (let i = 0; i < t.data.length; i++) {
    if (blank.test(t.data[i]!)) continue
    out.text += t.data[i]
    out.at.push([t, i])
  }
  return out
}

/** Where words are among characters, at from when they are there; null when they are nowhere. */
export function rangeIn(all: Letters, words: string, from: number): Range | null {
  const want = bare(words)
  const i = from >= 0 && all.text.startsWith(want, from) ? from : all.text.indexOf(want)
  if (!want || i < 0) return null
  const [first, last] = [all.at[i]!, all.at[i + want.length - 1]!]
  const range = document.createRange()
  range.setStart(first[0], first[1])
  range.setEnd(last[0], last[1] + 1)
  return range
}

/** What is selected, when it is words of one part within root. */
export function selected(root: Element): { place: Place; range: Range; part: HTMLElement } | null {
  const s = getSelection()
  if (!s || s.isCollapsed || s.rangeCount === 0) return null
  const range = s.getRangeAt(0).cloneRange()
  const from = range.startContainer instanceof Element ? range.startContainer : range.startContainer.parentElement
  const found = partAt(from)
  if (!found || !root.contains(found.part) || from?.closest("svg, a.edit, hc-threads, input, textarea")) return null
  const { part, path } = found
  if (!part.contains(range.endContainer)) {
    const last = [...texts(part)].at(-1)
    if (!last || range.comparePoint(last, 0) < 0) return null
    range.setEnd(last, last.data.length)
  }
  const quote = range.toString().trim()
  if (!bare(quote)) return null
  const side = (set: (r: Range) => void): string => {
    const r = document.createRange()
    r.selectNodeContents(part)
    set(r)
    return r.toString()
  }
  const prefix = side(r => r.setEnd(range.startContainer, range.startOffset)).slice(-around)
  const suffix = side(r => r.setStart(range.endContainer, range.endOffset)).slice(0, around)
  return { place: { path, quote, prefix, suffix, prose: path.startsWith("sections/") }, range, part }
}

/** Whether a point of the window is in a range. */
export function hit(range: Range, x: number, y: number): boolean {
  for (const r of range.getClientRects()) if (x >= r.left && x <= r.right && y >= r.top && y <= r.bottom) return true
  return false
}

/** Whether something can be suggested where somebody stands. */
export function fits(what: string, place: Place): boolean {
  const list = place.path.split("/")[0]!
  const s = place.path.split("/")[1] ?? ""
  switch (what) {
    case "words": return place.prose && place.quote !== ""
    case "self": return ["sections", "timeline", "factors", "observations", "actions", "related", "accounts"].includes(list)
    case "timeline/new": return list === "timeline" || place.path === "" || place.path === "pictures/timeline" || list === "sections" && !["root-causes", "contributing-factors", "actions"].includes(s)
    case "factors/new": return list === "factors" || list === "timeline" || place.path === "" || place.path === "pictures/causes" || /^(root-causes|contributing-factors)$/.test(s)
    case "actions/new": return ["actions", "factors", "observations"].includes(list) || place.path === "" || s === "actions"
  }
  return false
}

/** The path of something new in the list that fits a place. */
export function newIn(what: string, path: string): string {
  if (what !== "factors/new") return what
  return path === "sections/contributing-factors" ? "factors/new-contributing" : "factors/new-root"
}
