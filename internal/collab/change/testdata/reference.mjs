// Prints cases of the algebra as CodeMirror computes them, one JSON object a line.
// Usage: node reference.mjs FOLDER-OF-NODE-MODULES SEED CASES
import { createRequire } from "node:module"
import path from "node:path"

const [modules, seed, cases] = process.argv.slice(2)
const { ChangeSet, Text } = createRequire(path.join(modules, "x.js"))("@codemirror/state")

let state = Number(seed) >>> 0
function random(n) { // mulberry32
  state = state + 0x6d2b79f5 >>> 0
  let t = Math.imul(state ^ state >>> 15, 1 | state)
  t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t
  return ((t ^ t >>> 14) >>> 0) % n
}

const pieces = ["a", "b", "é", "\n", " ", "😀", "👩‍🚒", "𝕏", "日本", "word ", "two\nlines", "\"\\", "<&>"]
const text = most => Array.from({ length: random(most + 1) }, () => pieces[random(pieces.length)]).join("")

/** A place that cuts no character in two. */
function place(s) {
  const at = random(s.length + 1)
  const unit = s.charCodeAt(at)
  return at > 0 && unit >= 0xdc00 && unit < 0xe000 ? at - 1 : at
}

function change(s) {
  const specs = []
  let pos = 0
  for (let n = random(4); n > 0; n--) {
    let [from, to] = [place(s), place(s)].sort((a, b) => a - b)
    if (random(2)) to = from
    if (from < pos) continue
    specs.push({ from, to, insert: random(4) ? text(3) : "" })
    pos = to
  }
  return ChangeSet.of(specs, s.length)
}

for (let i = 0; i < Number(cases); i++) {
  const doc = text(12)
  const a = change(doc), b = change(doc)
  const after = a.apply(Text.of(doc.split("\n"))).toString()
  const next = change(after)
  const at = random(doc.length + 1)
  console.log(JSON.stringify({
    doc, a, b, next, after, before: a.length, then: a.compose(next), over: a.map(b), first: a.map(b, true),
    merged: b.compose(a.map(b)).apply(Text.of(doc.split("\n"))).toString(), at, left: a.mapPos(at, -1), right: a.mapPos(at, 1),
  }))
}
