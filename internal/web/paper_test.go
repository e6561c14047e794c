package web_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/web/webtest"
)

// manyFactors is a document of n factors, each of which led to an earlier one.
func manyFactors(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nhindcast: 1\ntitle: %d factors\n---\n# %d factors\n\n## Contributing Factors\n\n", n, n)
	for i := range n {
		to := "the incident <!-- f:incident -->"
		if i > 3 {
			to = fmt.Sprintf("Factor %d <!-- f:f%d -->", i/2, i/2)
		}
		fmt.Fprintf(&b, "- Factor %d <!-- f:f%d -->\n  - Category: process gap\n  - Bone: process\n  - Led to:\n    - %s\n", i, i, to)
	}
	return b.String()
}

// TestPicturesOfManyFactorsAreLegibleOnPaper expects that what is printed fits
// between the margins of A4 at three quarters of its size or more, and that its
// parts are the whole.
func TestPicturesOfManyFactorsAreLegibleOnPaper(t *testing.T) {
	d := start(t)
	w := d.send("/new/markdown", nil, "text", manyFactors(60))
	post := strings.TrimSuffix(w.Header().Get("Location"), "/imported")
	for _, path := range []string{post, post + "/analysis?view=graph"} {
		all, err := webtest.Parse(d.page(path, http.StatusOK))
		if err != nil {
			t.Fatal(err)
		}
		parts, told := map[string]int{}, map[string]string{}
		for _, img := range webtest.Find(all, "img", "src", post+"/picture/", "height", "") {
			src := img.Attr["src"]
			if !strings.Contains(src, "&to=") {
				continue
			}
			width, err := strconv.Atoi(img.Attr["width"])
			if err != nil || width > 910 {
				t.Errorf("%s is %s pixels wide, which is illegible on paper", src, img.Attr["width"])
			}
			view, _, _ := strings.Cut(strings.TrimPrefix(src, post+"/picture/"), ".svg")
			svg := d.page(src, http.StatusOK)
			if want := fmt.Sprintf(`width="%s" height="%s"`, img.Attr["width"], img.Attr["height"]); !strings.Contains(svg, want) {
				t.Errorf("%s is not a picture of %s", src, want)
			}
			parts[view]++
			told[view] = svg
		}
		for _, view := range []string{"whys", "fishbone", "graph"} {
			if parts[view] < 2 || !strings.Contains(told[view], "Factor 59") {
				t.Errorf("on paper %s has %d parts of the %s, want several", path, parts[view], view)
			}
		}
	}
}
