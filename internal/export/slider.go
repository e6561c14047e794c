package export

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// Slider moves a page to what could be known at a moment.
type Slider struct {
	Stops []Stop         `json:"stops"` // in order
	Known map[string]int `json:"known"` // by the id of a record, "timeline/ID": the stop from which on it was known; absent: at none
}

// Stop is one moment of a slider.
type Stop struct {
	Label   string `json:"label"`   // the moment
	Summary string `json:"summary"` // what is hidden, in words
}

// policy allows the page its own style and, with a slider, its one script.
func policy(s *Slider) string {
	p := "default-src 'none'; style-src 'unsafe-inline'"
	if s == nil {
		return p
	}
	sum := sha256.Sum256([]byte(sliderScript))
	return p + "; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// controls returns the slider, which its script shows, and the script with what
// it needs to know.
func (s *Slider) controls() (form, script string, err error) {
	if s == nil {
		return "", "", nil
	}
	data, err := json.Marshal(s) // escapes what could end the element
	if err != nil {
		return "", "", fmt.Errorf("write the slider: %w", err)
	}
	script = `<script type="application/json" id="asof-data">` + string(data) + "</script>\n<script>" + sliderScript + "</script>\n"
	return fmt.Sprintf(sliderForm, len(s.Stops), len(s.Stops)), script, nil
}

// sliderForm stands above the title. Its last position is the whole page.
const sliderForm = `<form class="asof" id="asof" hidden>
<label for="asof-at">What could they know?</label>
<input type="range" id="asof-at" min="0" max="%d" step="1" value="%d">
<output for="asof-at" id="asof-says" aria-live="polite"></output>
</form>
`

// sliderStyle is how the slider looks, and what a moment hides.
const sliderStyle = `.asof{position:sticky;top:0;z-index:1;background:var(--paper);border-bottom:1px solid var(--line);padding:.6rem 0;margin-bottom:1rem;font-size:.85rem}
.asof[hidden]{display:none}.asof input{width:100%;accent-color:var(--mark)}.asof output{display:block;min-height:2.6em;color:var(--soft)}
.then .unknown,.then li[id]>ul,.then .picture .p1,.then .picture .p2,.then .picture .p3,.then .picture .p4,.then .picture [class*=" on"],.then .picture .through,.then .picture :is(.p1,.p2,.p3,.p4)+text{display:none}
@media print{.asof{display:none}}
`

// sliderScript shows the slider and moves the page. As of a moment a page holds the
// records that were known, and neither prose, which is written with hindsight, nor
// pictures of causes of which some were not known.
const sliderScript = `(() => {
const data = JSON.parse(document.getElementById("asof-data").textContent)
const form = document.getElementById("asof"), range = document.getElementById("asof-at"), says = document.getElementById("asof-says")
const main = document.querySelector("main")
const isRecord = id => id.startsWith("timeline/") || id.startsWith("factors/")
const knownAt = (id, stop) => id in data.known && data.known[id] <= stop
const records = [...main.querySelectorAll("li[id]")]
const marks = [...main.querySelectorAll('.picture a[href^="#"]')]
const pictures = [...main.querySelectorAll(".picture")].filter(f => f.querySelector('a[href^="#factors/"]'))
const prose = [...main.children].filter(e => /^(P|UL|OL|PRE|TABLE|BLOCKQUOTE|HR|H3|H4)$/.test(e.tagName) && e.className !== "byline"
  && ![...e.querySelectorAll("li[id]")].some(li => isRecord(li.id)) && !/^\d{4}-\d\d-\d\d/.test(e.textContent))
const sections = []
for (const e of main.children) {
  if (e.tagName === "H2") sections.push([e])
  else if (sections.length) sections.at(-1).push(e)
}
const hidden = e => e.tagName === "H3" || e.classList.contains("unknown") || (l => l.length && l.every(li => li.classList.contains("unknown")))([...e.querySelectorAll("li[id]")])
const move = () => {
  const stop = Number(range.value), now = stop >= data.stops.length
  main.classList.toggle("then", !now)
  for (const e of records) e.classList.toggle("unknown", !now && !(isRecord(e.id) && knownAt(e.id, stop)))
  for (const e of marks) e.classList.toggle("unknown", !now && isRecord(e.getAttribute("href").slice(1)) && !knownAt(e.getAttribute("href").slice(1), stop))
  for (const e of pictures) e.classList.toggle("unknown", !now && !!e.querySelector("a.unknown"))
  for (const e of prose) e.classList.toggle("unknown", !now)
  for (const [h2, ...rest] of sections) h2.classList.toggle("unknown", !now && rest.every(hidden))
  const text = now ? "Today: everything told here." : "As of " + data.stops[stop].label + ": " + data.stops[stop].summary + "."
  says.textContent = text
  range.setAttribute("aria-valuetext", text)
}
range.addEventListener("input", move)
form.addEventListener("submit", e => e.preventDefault())
form.hidden = false
move()
})()`
