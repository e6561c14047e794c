// What was typed and the server does not have yet, kept in the browser so that a
// tab that goes away loses nothing. Each editor holds a lock with its name: only
// one whose lock is free has gone away.

/** Changes of a text that are not on the server. */
export interface Unsent { client: string; version: number; text: string; changes: unknown[] }

const prefix = (url: string): string => `hindcast-unsent ${url} `

export function keep(url: string, unsent: Unsent): void {
  if (!("locks" in navigator)) return // without them nobody could tell who has gone
  try {
    localStorage.setItem(prefix(url) + unsent.client, JSON.stringify(unsent))
  } catch {
    // a full or forbidden store: the tab still has it
  }
}

export function forget(url: string, client: string): void {
  try {
    localStorage.removeItem(prefix(url) + client)
  } catch {
    // nothing was kept
  }
}

/** Marks an editor as there; null when another has its name. Returns how to end that. */
async function lock(client: string): Promise<(() => void) | null> {
  if (!("locks" in navigator)) return () => {}
  return new Promise(have => {
    void navigator.locks.request(`hindcast-editor ${client}`, { ifAvailable: true }, async held => {
      if (!held) return have(null)
      await new Promise<void>(release => have(release))
    })
  })
}

/** Marks an editor of a new name as there. */
export async function hold(client: string): Promise<() => void> { return await lock(client) ?? (() => {}) }

/** Returns what an editor of a person left that has gone away. Another person's is not theirs to send. */
export async function kept(url: string, person: string): Promise<{ unsent: Unsent; release: () => void } | null> {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(`${prefix(url)}${person}:`)) continue
      const unsent = JSON.parse(localStorage.getItem(key)!) as Unsent
      const release = await lock(unsent.client)
      if (release) return { unsent, release }
    }
  } catch {
    // what cannot be read was not ours
  }
  return null
}
