package prose_test

import (
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/web/prose"
)

func TestHTML(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"plain", "It was *slow*.", "<p>It was <em>slow</em>.</p>"},
		{"reference", "Like #4521.", `<p>Like <a href="/number/4521">#4521</a>.</p>`},
		{"reference in parentheses", "(#7)", `<p>(<a href="/number/7">#7</a>)</p>`},
		{"no reference within a word", "C#7 and a#4 and #4a", "<p>C#7 and a#4 and #4a</p>"},
		{"no reference in code", "`#4521`", "<p><code>#4521</code></p>"},
		{"no reference in an address", "see [x](https://a.example/#12)", `<p>see <a href="https://a.example/#12" rel="noreferrer nofollow">x</a></p>`},
		{"question", "_How was it noticed?_", `<p class="question"><em>How was it noticed?</em></p>`},
		{"emphasis is no question", "*How was it noticed?* By a user.", "<p><em>How was it noticed?</em> By a user.</p>"},
		{"headings stay below those of the page", "# Large", "<h3>Large</h3>"},
		{"table", "|a|\n|-|\n|b|", "<table>"},
		{"html is left out", "a <script>alert(1)</script> b", "<p>a <!-- raw HTML omitted -->alert(1)<!-- raw HTML omitted --> b</p>"},
		{"script link", "[x](javascript:alert(1))", `<p><a href="" rel="noreferrer nofollow">x</a></p>`},
		{"picture", "![a shot](https://a.example/x.png)", `<p><a href="https://a.example/x.png" rel="noreferrer nofollow">a shot</a></p>`},
		{"picture of data", "![](data:text/html;base64,PHNjcmlwdD4=)", `<p><a href="" rel="noreferrer nofollow">picture</a></p>`},
		{"picture beside a picture", "![a](https://a.example/x.png) ![b](https://a.example/y.png) [c](https://a.example)",
			`<p><a href="https://a.example/x.png" rel="noreferrer nofollow">a</a> <a href="https://a.example/y.png" rel="noreferrer nofollow">b</a> <a href="https://a.example" rel="noreferrer nofollow">c</a></p>`},
		{"empty", "", ""},
	}
	r := prose.New()
	for _, tt := range tests {
		if got := strings.TrimSpace(r.HTML(tt.source)); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: HTML(%q) = %q, want %q", tt.name, tt.source, got, tt.want)
		}
	}
}
