// The analysis: its pictures become pictures to work on when they come into sight.
import { styled } from "../layout/kit"

class HcAnalysis extends HTMLElement {
  private seen: IntersectionObserver | undefined

  connectedCallback(): void {
    if (this.seen) return
    this.seen = new IntersectionObserver(list => {
      if (!list.some(e => e.isIntersecting)) return
      this.seen!.disconnect()
      void Promise.all([import("./board"), styled()]).then(([m]) => m.work(this))
    }, { rootMargin: "400px" })
    this.seen.observe(this)
  }
}

customElements.define("hc-analysis", HcAnalysis)

/** The charts of metrics: still pictures, whose values can be read once they come into sight. */
class HcCharts extends HTMLElement {
  private seen: IntersectionObserver | undefined

  connectedCallback(): void {
    if (this.seen) return
    this.seen = new IntersectionObserver(list => {
      if (!list.some(e => e.isIntersecting)) return
      this.seen!.disconnect()
      void import("./charts").then(m => m.read(this))
    }, { rootMargin: "200px" })
    this.seen.observe(this)
  }
}

customElements.define("hc-charts", HcCharts)
