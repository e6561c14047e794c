// Package picture draws what a post-mortem shows as SVG: the same bytes for the
// same input, readable in light and dark, in print and without color, with a
// text alternative for every mark.
//
// Sizes are in CSS pixels. Text widths are estimated for a common sans-serif,
// generously, since the reader's font is not known.
package picture

// Style is the look shared by all pictures. It holds neither "<" nor "&", and
// reads the same when it is nested inside another rule.
const Style = `svg{color-scheme:light dark;--ink:#1f2328;--soft:#5b626d;--line:#d5d8dd;--lane:#f6f5f2;--paper:#ffffff;--mark:#2f5d8a;--p1:#7d7488;--p2:#e3aa45;--p3:#5b93cc;--p4:#8cc7ab;--on1:#ffffff;--on2:#1f2328;--on3:#0d1b2a;--on4:#1f2328}
@media (prefers-color-scheme:dark){svg{--ink:#e6e4df;--soft:#a3a8b1;--line:#3a3f47;--lane:#1f2226;--paper:#16181b;--mark:#8ab8e6;--p1:#8b8198;--p2:#c8913a;--p3:#4f83b8;--p4:#5f9f83;--on1:#ffffff;--on2:#16181b;--on3:#ffffff;--on4:#16181b}}
text{font-family:system-ui,-apple-system,"Segoe UI","Liberation Sans",sans-serif;font-size:12px;fill:var(--ink)}
.small{font-size:11px}.title{font-size:15px;font-weight:600}.soft{fill:var(--soft)}.num{fill:var(--soft);font-size:11px;font-variant-numeric:tabular-nums}.lane{font-size:11px;fill:var(--soft)}
.paper{fill:var(--paper)}.bg{fill:var(--lane)}.grid{stroke:var(--line);stroke-width:1}.gap{stroke:var(--soft);stroke-width:1;stroke-dasharray:1 4}.through{stroke:var(--mark);stroke-width:1;stroke-dasharray:2 3}
.mark{fill:var(--mark);stroke:var(--mark);stroke-width:1.5}.open{fill:var(--paper)}
.p1{fill:var(--p1)}.p2{fill:var(--p2)}.p3{fill:var(--p3)}.p4{fill:var(--p4)}.on1{fill:var(--on1)}.on2{fill:var(--on2)}.on3{fill:var(--on3)}.on4{fill:var(--on4)}
@media print{svg{--ink:#000;--soft:#333;--line:#bbb;--lane:#fff;--paper:#fff}}
` + causeStyle
