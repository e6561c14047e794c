// The editor in which several people write one section: CodeMirror with its collab
// protocol, the server as the authority. What is typed is pushed at once, and kept
// in the browser until the server has it.
import { collab, getSyncedVersion, receiveUpdates, sendableUpdates, type Update } from "@codemirror/collab"
import { ChangeSet, Compartment, EditorState, type Text, Transaction, type TransactionSpec } from "@codemirror/state"
import { EditorView } from "@codemirror/view"
import { ask } from "../layout/kit"
import { type Judge, prose, readAgain } from "../postmortem/editor"
import { colors, cursors, type Peer, peersAre, peersOf } from "./cursors"
import type { Left } from "./script"
import { color, silent, spoken } from "./spoken"
import { forget, hold, keep, kept, type Unsent } from "./unsent"

interface Step { client: string; changes: unknown }
interface News { version: number; steps: Step[]; people: { client: string; name: string; anchor: number; head: number; gone?: boolean }[] }
interface Opened { version: number; text: string; client: string; person: string }

/** What an editor tells the page around it. */
export interface Around {
  say(text: string): void // how saving stands
  peers(names: string[], twice: boolean): void // who else is here, and whether the person has it open twice
  closed(why: string): void // nobody may write here any more
  done(): void // the person wants to leave
}

const gather = 30 // milliseconds in which keys are pushed together
const calm = 250 // milliseconds between two places of a cursor
const most = 200 // changes of one push

function json(body: unknown): RequestInit {
  return { method: "POST", body: JSON.stringify(body), headers: { "Hindcast-Script": "1", "Content-Type": "application/json" }, credentials: "same-origin" }
}

/** What the server does not take for text: half characters, and NUL. */
const noText = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\0/g

/** Widens changes that would cut a character of two units in two, and adds nothing that is no text. */
const whole = EditorState.transactionFilter.of(tr => {
  if (!tr.docChanged || tr.annotation(Transaction.remote)) return tr
  const doc = tr.startState.doc
  const cuts = (at: number): boolean => at > 0 && at < doc.length && /[\ud800-\udbff][\udc00-\udfff]/.test(doc.sliceString(at - 1, at + 1))
  let wrong = false
  tr.changes.iterChanges((from, to, _a, _b, text) => { wrong ||= cuts(from) || cuts(to) || text.toString().search(noText) >= 0 })
  if (!wrong) return tr
  const changes: { from: number; to: number; insert: string }[] = []
  tr.changes.iterChanges((from, to, _a, _b, text) => {
    const before = cuts(from) ? 1 : 0
    const after = cuts(to) ? 1 : 0
    changes.push({ from: from - before, to: to + after, insert: (doc.sliceString(from - before, from) + text.toString() + doc.sliceString(to, to + after)).replace(noText, "\ufffd") })
  }, true)
  return { changes, selection: tr.newSelection, userEvent: tr.annotation(Transaction.userEvent) } as TransactionSpec
})

export class Together {
  private view: EditorView
  private source: EventSource | null = null
  private client: string
  private synced: Text // the text of the last version that is known
  private timer = 0
  private pushing: Promise<void> | null = null
  private failures = 0 // since the server answered, or the browser said that it could
  private away = false // since the server answered
  private closed = false
  private people = new Map<string, Peer>()
  private hues = new Map<string, number>()
  private cursorTimer = 0
  private cursorAt = ""
  private refused = 0
  private stuck = false // until something else is typed
  private wrote = false
  private release = (): void => {}
  private frozen = new Compartment()

  /** Opens a section in place of what host holds; null when the server does not answer. */
  static async open(host: HTMLElement, url: string, path: string, label: string, judge: Judge, around: Around): Promise<Together | null> {
    const r = await ask(url).catch(() => null)
    if (!r?.ok) return null
    const opened = await r.json() as Opened
    const left = await kept(url, opened.person)
    if (!host.isConnected || host.shadowRoot) return null
    const t = new Together(host, url, path, label, judge, around, opened, left?.unsent ?? null)
    t.release = left?.release ?? await hold(opened.client)
    return t
  }

  private constructor(host: HTMLElement, private url: string, private path: string, private label: string, private judge: Judge, private around: Around, opened: Opened, left: Unsent | null) {
    const root = host.attachShadow({ mode: "open" })
    const place = document.createElement("div")
    root.append(place)
    this.client = left?.client ?? opened.client
    this.view = new EditorView({ root, parent: place, state: this.state(left?.text ?? opened.text, left?.version ?? opened.version) })
    this.synced = this.view.state.doc
    color(host, this.view)
    for (const c of left?.changes ?? []) this.view.dispatch({ changes: ChangeSet.fromJSON(c) })
    this.connect()
    document.addEventListener("visibilitychange", this.seen)
    window.addEventListener("online", this.back)
    window.addEventListener("beforeunload", this.leaving)
    this.view.focus()
    if (left) this.typed()
  }

  private state(text: string | Text, version: number): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        spoken(this.path, () => this.settle()), quiet, prose(this.judge, this.path, this.label, () => this.around.done()), whole, cursors(), this.frozen.of([]),
        collab({ startVersion: version, clientID: this.client }),
        EditorView.updateListener.of(u => {
          if (u.docChanged && !u.transactions.every(t => t.annotation(Transaction.remote))) this.typed()
          else if (u.selectionSet) this.pointed()
        }),
      ],
    })
  }

  /** Whether the server has everything. */
  private get settled(): boolean { return sendableUpdates(this.view.state).length === 0 }

  // --- sending

  private typed(): void {
    this.wrote = true
    this.stuck = false
    if (this.failures === 0) this.around.say("Saving…")
    this.remember()
    this.schedule(gather)
  }

  private remember(): void {
    const unsent = sendableUpdates(this.view.state)
    if (unsent.length === 0) forget(this.url, this.client)
    else keep(this.url, { client: this.client, version: getSyncedVersion(this.view.state), text: this.synced.toString(), changes: unsent.map(u => u.changes.toJSON()) })
  }

  private schedule(after: number): void {
    if (this.timer || this.closed) return
    this.timer = window.setTimeout(() => { this.timer = 0; void this.push() }, after)
  }

  /** Pushes until the server has everything, or does not answer. */
  private push(): Promise<void> {
    return this.pushing ??= this.pushAll().finally(() => {
      this.pushing = null
      if (!this.settled && !this.stuck && this.failures === 0) this.schedule(gather)
    })
  }

  private async pushAll(): Promise<void> {
    while (!this.closed) {
      const updates = sendableUpdates(this.view.state).slice(0, most)
      if (updates.length === 0) return
      const version = getSyncedVersion(this.view.state)
      const changes = updates.map(u => u.changes)
      const r = await fetch(this.url, json({ client: this.client, version, changes: changes.map(c => c.toJSON()) })).catch(() => null)
      if (!await this.answered(r, version, changes)) return
      if (this.settled) this.around.say("Saved")
    }
  }

  /** Takes the answer to a push; false when it has to be sent again later. */
  private async answered(r: Response | null, version: number, changes: ChangeSet[]): Promise<boolean> {
    if (!r || r.status >= 500 || r.status === 429) {
      this.failures++
      this.away = true
      this.around.say("Not connected. What you write is kept here and sent when the server answers.")
      this.schedule(Math.min(10_000, 500 * 2 ** Math.min(this.failures, 5)))
      return false
    }
    if (this.away) this.view.dispatch({ effects: readAgain.of(null) })
    this.away = false
    this.failures = 0
    if (r.ok) {
      this.refused = 0
      this.receive(version, changes.map(c => ({ clientID: this.client, changes: c })))
      return true
    }
    if (r.status === 409 && r.headers.get("Content-Type")?.startsWith("application/json")) {
      const late = await r.json() as { from: number; steps: Step[] }
      this.receive(late.from, this.updates(late.steps))
      return true
    }
    const why = await r.text()
    if (r.status === 404 || r.status === 422 && this.refused++ === 0) return this.rejoin(why)
    if (r.status === 422) { // such as a text that is too long: only the person can help
      this.stuck = true
      this.around.say(`Not saved: ${why}`)
    } else this.close(why)
    return false
  }

  // --- receiving

  private updates(steps: Step[]): Update[] { return steps.map(s => ({ clientID: s.client, changes: ChangeSet.fromJSON(s.changes) })) }

  /** Takes the steps after a version, of which some may be known. */
  private receive(from: number, steps: readonly Update[]): void {
    const known = getSyncedVersion(this.view.state) - from
    if (known < 0) return this.connect() // some are missing
    if (known >= steps.length) return
    const news = steps.slice(known)
    try {
      this.synced = news.reduce((text, u) => u.changes.apply(text), this.synced)
      this.view.dispatch(receiveUpdates(this.view.state, news))
    } catch {
      void this.rejoin("") // the server has another text under this version, such as that of a backup
      return
    }
    this.remember()
  }

  private connect(): void {
    this.source?.close()
    if (this.closed || document.hidden) return
    const source = new EventSource(`${this.url}/live?client=${encodeURIComponent(this.client)}&version=${getSyncedVersion(this.view.state)}`)
    this.source = source
    source.addEventListener("written", e => this.heard(JSON.parse((e as MessageEvent<string>).data) as News))
    source.addEventListener("gone", e => this.close((JSON.parse((e as MessageEvent<string>).data) as { why: string }).why))
    source.addEventListener("rejoin", () => { source.close(); void this.rejoin("") })
    source.addEventListener("open", () => {
      this.people.clear() // those who are here are told again
      if (!this.settled) this.schedule(0)
    })
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED && source === this.source) setTimeout(() => { if (source === this.source) this.connect() }, 3000)
    })
  }

  private heard(news: News): void {
    if (news.steps.length > 0) this.receive(news.version - news.steps.length, this.updates(news.steps))
    if (news.people.length > 0) this.met(news)
  }

  private met(news: News): void {
    for (const p of peersOf(this.view)) if (this.people.has(p.client)) this.people.set(p.client, p)
    for (const p of news.people) {
      if (p.gone) { this.people.delete(p.client); continue }
      // The places are of the server's text, without what is not sent yet.
      const place = (at: number): number => at < 0 ? at : sendableUpdates(this.view.state).reduce((x, u) => u.changes.mapPos(Math.min(x, u.changes.length), -1), at)
      const here = news.version === getSyncedVersion(this.view.state)
      const old = this.people.get(p.client)
      this.people.set(p.client, {
        client: p.client, name: p.name, hue: this.hue(p.client), moved: p.head < 0 ? 0 : Date.now(),
        anchor: here ? place(p.anchor) : old?.anchor ?? -1, head: here ? place(p.head) : old?.head ?? -1,
      })
    }
    this.view.dispatch({ effects: peersAre.of([...this.people.values()]) })
    const own = (client: string): boolean => client.split(":")[0] === this.client.split(":")[0]
    const others = [...this.people.values()].filter(p => !own(p.client))
    this.around.peers([...new Set(others.map(p => p.name))], others.length < this.people.size)
  }

  private hue(client: string): number {
    let h = this.hues.get(client)
    if (h === undefined) this.hues.set(client, h = this.hues.size % colors)
    return h
  }

  // --- the own cursor

  private pointed(): void {
    if (this.cursorTimer || this.closed) return
    this.cursorTimer = window.setTimeout(() => {
      this.cursorTimer = 0
      const { anchor, head } = this.view.state.selection.main
      const at = `${anchor} ${head}`
      if (!this.settled || at === this.cursorAt || this.people.size === 0) return // what is typed moves it
      this.cursorAt = at
      void fetch(`${this.url}/cursor`, json({ client: this.client, version: getSyncedVersion(this.view.state), anchor, head })).catch(() => null)
    }, calm)
  }

  // --- coming back

  /** Brings what is unsent into the present text, when the steps since are gone. */
  private async rejoin(why: string): Promise<boolean> {
    const r = await fetch(`${this.url}/rejoin`, json({ text: this.synced.toString() })).catch(() => null)
    if (!r || r.status >= 500) { this.failures++; this.schedule(2000); return false }
    if (!r.ok) { this.close(why || await r.text()); return false }
    const now = await r.json() as { version: number; changes: unknown }
    const theirs = ChangeSet.fromJSON(now.changes)
    let mine = ChangeSet.empty(this.synced.length)
    for (const u of sendableUpdates(this.view.state)) mine = mine.compose(u.changes)
    this.synced = theirs.apply(this.synced)
    this.view.setState(this.state(this.synced, now.version))
    mine = mine.map(theirs)
    if (!mine.empty) this.view.dispatch({ changes: mine })
    this.connect()
    return true
  }

  private back = (): void => { this.failures = 0; this.connect(); this.schedule(0) }

  private seen = (): void => {
    if (document.hidden) { this.source?.close(); this.source = null } // a browser opens only six connections to one server
    else { this.connect(); this.schedule(0) }
  }

  private leaving = (e: BeforeUnloadEvent): void => { if (!this.settled && !this.closed) e.preventDefault() }

  // --- leaving

  /** Sends what is left and has the document written; false when the server does not have it. */
  private async settle(): Promise<boolean> { return this.closed || await this.written() !== null }

  private async written(): Promise<Left | null> {
    clearTimeout(this.timer)
    this.timer = 0
    for (let i = 0; i < 3 && !this.settled; i++) await this.push()
    if (!this.settled) return null
    const r = await fetch(`${this.url}/done`, json({})).catch(() => null)
    return r?.ok ? await r.json() as Left : { revision: 0 }
  }

  /** Leaves what the server has; null when it does not have everything. */
  async leave(): Promise<Left | null> {
    const left = this.closed ? { revision: 0 } : await this.written()
    if (!left) return null
    this.end()
    this.view.destroy()
    return this.wrote ? left : { revision: 0 }
  }

  /** Ends without a word, such as when the page goes away. What is unsent stays in the browser. */
  end(): void {
    this.closed = true
    silent()
    this.release()
    clearTimeout(this.timer)
    clearTimeout(this.cursorTimer)
    this.source?.close()
    this.source = null
    document.removeEventListener("visibilitychange", this.seen)
    window.removeEventListener("online", this.back)
    window.removeEventListener("beforeunload", this.leaving)
  }

  private close(why: string): void {
    if (this.closed) return
    this.end()
    this.view.dispatch({ effects: this.frozen.reconfigure([EditorState.readOnly.of(true), EditorView.editable.of(false)]) })
    this.around.closed(why)
  }
}

/** The editor looks like the page's prose, with a line beside it. */
const quiet = EditorView.theme({
  "&": { fontSize: "inherit", backgroundColor: "transparent", border: "0", borderInlineStart: "2px solid var(--line)", borderRadius: "0" },
  "&.cm-focused": { outline: "none", borderInlineStartColor: "var(--accent)" },
  ".cm-content": { lineHeight: "1.6", padding: "0 0 .4rem", minHeight: "4rem" },
  ".cm-line": { padding: "0 0 0 .9rem" },
})
