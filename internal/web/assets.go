package web

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/hindcast/hindcast/internal/picture"
	"github.com/hindcast/hindcast/internal/picture/chart"
	"github.com/hindcast/hindcast/internal/picture/plot"
	"github.com/hindcast/hindcast/internal/web/layout"
)

// styles are the style sheets, in a file beside the templates that need them. In
// used.css is what nothing needs before somebody does something on a page.
//
//go:embed */style.css */used.css
var styles embed.FS

// scripts are what tools/assets builds. The folder holds nothing but a note in a
// fresh clone; pages then work without scripts.
//
//go:embed all:dist
var scripts embed.FS

// asset is a file that pages load, under a name that changes with its bytes.
type asset struct {
	name string // with the hash: "app-1a2b3c4d.css"
	kind string // MIME type
	body []byte
	gzip func() ([]byte, error) // compresses it the first time
}

// assets are what pages load, by the name that addresses hold.
type assets struct {
	files map[string]*asset
	whole layout.Assets            // what pages need
	parts map[string]layout.Assets // what of it a route needs, by its pattern
}

// loadAssets joins the style sheets and takes what was built.
func loadAssets() (*assets, error) {
	a := &assets{files: map[string]*asset{}, parts: map[string]layout.Assets{}}
	names, err := fs.Glob(styles, "*/*.css")
	if err != nil {
		return nil, err
	}
	entries := map[string]string{}
	built, err := fs.Glob(scripts, "dist/*.js")
	if err != nil {
		return nil, err
	}
	for _, name := range built {
		body, err := scripts.ReadFile(name)
		if err != nil {
			return nil, err
		}
		// Scripts import each other by name, so that only those that pages name get a
		// hash here; the others carry theirs already.
		name = path.Base(name)
		entry := !strings.Contains(name, "-")
		address := a.add(name, body, entry)
		if entry {
			entries[name] = address
		}
	}
	if a.whole, err = a.load(bundle{"app", names, nil}, entries); err != nil {
		return nil, err
	}
	for pattern, b := range bundles() {
		if a.parts[pattern], err = a.load(b, entries); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// load makes a style sheet of a bundle, and finds its script: the one of everything
// when what was built is older than the bundle.
func (a *assets) load(b bundle, entries map[string]string) (layout.Assets, error) {
	css, err := stylesheet(b.styles)
	if err != nil {
		return layout.Assets{}, err
	}
	out := layout.Assets{Style: a.add(b.name+".css", withPictures(css), true), Script: cmp.Or(entries[b.name+".js"], entries["app.js"])}
	if len(b.used) > 0 {
		if css, err = stylesheet(b.used); err != nil {
			return layout.Assets{}, err
		}
		out.Used = a.add(b.name+"-used.css", squeezed(css), true)
	}
	return out, nil
}

// bundle is what of the style and the scripts a page needs. Links lead people to such
// a page who have loaded nothing yet; whoever goes on from it loads everything.
type bundle struct {
	name   string // of the script that tools/assets builds, without its ending
	styles []string
	used   []string // styles that its script loads when they are needed
}

// bundles are for the pages that are most people's first, by their routes.
func bundles() map[string]bundle {
	return map[string]bundle{
		"GET /p/{num}": {
			"document", []string{"layout/style.css", "analysis/style.css", "moments/style.css", "postmortem/style.css", "review/style.css"},
			[]string{"analysis/used.css", "evidence/style.css", "postmortem/used.css", "review/used.css", "write/used.css"},
		},
		"GET /p/{num}/read": {"reading", []string{"layout/style.css", "postmortem/style.css", "reading/style.css"}, nil},
	}
}

// stylesheet joins style sheets: what is shared first, then those of pages by
// name.
func stylesheet(names []string) ([]byte, error) {
	names = slices.Clone(names)
	slices.SortFunc(names, func(a, b string) int {
		if first := "layout/style.css"; a == first || b == first {
			return strings.Compare(map[bool]string{true: "0", false: "1"}[a == first], map[bool]string{true: "0", false: "1"}[b == first])
		}
		return strings.Compare(a, b)
	})
	var b bytes.Buffer
	for _, name := range names {
		text, err := styles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		b.Write(text)
	}
	return b.Bytes(), nil
}

// withPictures adds the look of pictures to a style sheet.
func withPictures(css []byte) []byte {
	return squeezed(fmt.Appendf(css, "@layer pictures{.picture{%s%s}.charts .picture{%s}}\n", picture.Style, plot.Style, chart.Style))
}

// squeezed returns a style sheet without comments, and without the space that
// browsers do not need. What stands in quotes stays.
func squeezed(css []byte) []byte {
	out := make([]byte, 0, len(css))
	for len(css) > 0 {
		rest := bytes.TrimLeft(css, cssSpace)
		switch {
		case len(rest) > 0 && strings.IndexByte("{};,", rest[0]) >= 0:
			out, css = append(out, rest[0]), bytes.TrimLeft(rest[1:], cssSpace)
		case len(rest) < len(css):
			out, css = append(out, ' '), rest
		case css[0] == ':':
			out, css = append(out, ':'), bytes.TrimLeft(css[1:], cssSpace)
		case bytes.HasPrefix(css, []byte("/*")):
			_, css, _ = bytes.Cut(css[2:], []byte("*/"))
		default:
			n := 1
			if css[0] == '"' {
				n += 1 + bytes.IndexByte(css[1:], '"')
			}
			out, css = append(out, css[:n]...), css[n:]
		}
	}
	return bytes.ReplaceAll(out, []byte(";}"), []byte("}"))
}

// cssSpace are the characters that are space in a style sheet.
const cssSpace = " \t\r\n\f"

// add keeps a file and returns its address.
func (a *assets) add(name string, body []byte, hashed bool) string {
	kind := "text/javascript; charset=utf-8"
	if strings.HasSuffix(name, ".css") {
		kind = "text/css; charset=utf-8"
	}
	if hashed {
		sum := sha256.Sum256(body)
		ext := path.Ext(name)
		name = strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:4]) + ext
	}
	a.files[name] = &asset{name, kind, body, sync.OnceValues(func() ([]byte, error) { return pack(body) })}
	return "/assets/" + name
}

// pack compresses what never changes, as small as it gets.
func pack(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
