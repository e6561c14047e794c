package web_test

import (
	"bytes"
	"image/png"
	"net/http"
	"strings"
	"testing"
)

// TestPicturesAsFiles keeps every picture that a page leads to, in every form.
func TestPicturesAsFiles(t *testing.T) {
	d := start(t)
	for page, view := range map[string]string{"/p/1": "timeline", "/p/1/analysis?view=fishbone": "fishbone"} {
		html := d.page(page, http.StatusOK)
		for _, form := range []string{".svg", ".png", ".pdf"} {
			if !strings.Contains(html, "/p/1/picture/"+view+form) {
				t.Errorf("%s does not lead to %s%s", page, view, form)
			}
		}
	}
	for _, view := range []string{"timeline", "metrics", "whys", "fishbone", "graph"} {
		svg := d.page("/p/1/picture/"+view+".svg", http.StatusOK)
		data := d.page("/p/1/picture/"+view+".png", http.StatusOK)
		img, err := png.Decode(strings.NewReader(data))
		if err != nil {
			t.Errorf("%s.png: %v", view, err)
			continue
		}
		if b := img.Bounds(); b.Dx() < 1000 || !strings.Contains(svg, "<svg") {
			t.Errorf("%s.png has %v pixels", view, b)
		}
		if pdf := d.page("/p/1/picture/"+view+".pdf", http.StatusOK); !strings.HasPrefix(pdf, "%PDF-1") {
			t.Errorf("%s.pdf begins with %q", view, pdf[:min(len(pdf), 8)])
		}
	}
	light, dark := d.page("/p/1/picture/whys.png?scale=1", http.StatusOK), d.page("/p/1/picture/whys.png?scale=1&theme=dark", http.StatusOK)
	if bytes.Equal([]byte(light), []byte(dark)) {
		t.Error("the dark picture is the light one")
	}
	if clear := d.page("/p/1/picture/whys.png?scale=1&background=none", http.StatusOK); clear == light {
		t.Error("the picture without background has one")
	}
}

func TestPicturesThatThereAreNot(t *testing.T) {
	d := start(t)
	for address, want := range map[string]int{
		"whys.gif": http.StatusNotFound, "nothing.png": http.StatusNotFound, "table.png": http.StatusNotFound, "whys": http.StatusNotFound,
		"whys.png?scale=99": http.StatusUnprocessableEntity, "whys.png?scale=x": http.StatusUnprocessableEntity,
		"whys.png?theme=blue": http.StatusUnprocessableEntity, "whys.png?background=red": http.StatusUnprocessableEntity,
		"timeline.png?zoom=8&scale=8": http.StatusUnprocessableEntity,
	} {
		d.page("/p/1/picture/"+address, want)
	}
}
