// Follows a page on the server, while somebody looks at it: by a stream of events,
// or by asking from time to time where streams do not get through.

/** What a stream says of a new version. */
export interface News { version: number; by: string }

/** Tells who stands beside the text how far that is which is said about it. */
export function beside(n: number): void { document.dispatchEvent(new CustomEvent("hc-beside", { detail: n })) }

const askEvery = 10_000

/**
 * Calls tell with what is newer than the version of the page, and ask from time to
 * time when there is no stream. Returns a function that ends it. A page that nobody
 * looks at has no stream: a browser opens only six connections to one server.
 */
export function follow(url: string, version: () => string, tell: (news: News) => void, ask: () => void): () => void {
  let source: EventSource | null = null
  let timer = 0
  const stop = (): void => {
    source?.close()
    source = null
    clearInterval(timer)
    timer = 0
  }
  const poll = (): void => {
    stop()
    timer = window.setInterval(ask, askEvery)
  }
  const start = (): void => {
    stop()
    if (document.hidden) return
    source = new EventSource(`${url}?version=${encodeURIComponent(version())}`)
    source.addEventListener("version", e => tell(JSON.parse((e as MessageEvent<string>).data) as News))
    source.addEventListener("beside", e => beside(Number((e as MessageEvent<string>).data)))
    source.addEventListener("gone", stop)
    source.addEventListener("error", () => { if (source?.readyState === EventSource.CLOSED) poll() })
  }
  document.addEventListener("visibilitychange", start)
  window.addEventListener("pagehide", stop)
  window.addEventListener("pageshow", start)
  return () => {
    stop()
    document.removeEventListener("visibilitychange", start)
    window.removeEventListener("pagehide", stop)
    window.removeEventListener("pageshow", start)
  }
}
