// What an open editor and the threads beside the text tell each other, by events:
// each is loaded without the other.

/** A place in the window. */
export interface Box { top: number; bottom: number; right: number }

/** What is selected in an open editor, told by hc-chosen; null of that when it closes. */
export interface Chosen {
  path: string
  quote: string // of the source; empty when nothing is selected
  prefix: string
  suffix: string
  box(): Box | null // in the window; null when it is not to be seen
  settle(): Promise<boolean> // has the document hold the words; false when the server does not have them
}

/** Asks for a thread on what is selected, by hc-speak. */
export interface Speak { suggest: boolean }

/** Words that a thread is about. */
export interface Quoted { id: string; quote: string; prefix: string; suffix: string }

/** Colors words in an editor, by hc-said at its element, and tells how to find them in the window. */
export interface Said { quotes: Quoted[]; now: string; tops: Map<string, () => number | null> }

/** The keys of an open editor, in which letters are written. */
export const keys = {
  comment: { name: "Mod-Alt-m", shown: "Ctrl Alt m" },
  suggest: { name: "Mod-Alt-s", shown: "Ctrl Alt s" },
} as const
