// Package kept shows documents by pages that were made ahead. It reads of a
// document no more than a page needs that is there already: who may see it and do
// what, and its version.
//
// A kept body is a function of the document and of what its [Key] holds beside it.
// Everything else that a page shows, such as who takes part, what refers to the
// document or what waits for the viewer, is not in the body and is read each time.
package kept

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/page"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what a [Service] works with. DB must be set.
type Config struct {
	DB     *sqldb.DB       // of the workflow's store
	Policy hindcast.Policy // of the workflow
	// Build tells programs apart that may render a document differently; the hash
	// of the running program when nil.
	Build func() (string, error)
}

// Service finds and keeps pages. It may be used by several goroutines at once.
type Service struct {
	db     *sqldb.DB
	policy []byte
	build  func() (string, error)
}

// New returns a Service.
func New(c Config) *Service {
	policy, err := json.Marshal(c.Policy)
	if err != nil {
		panic(fmt.Sprintf("kept: a policy cannot be written as JSON: %v", err)) // it holds numbers and texts
	}
	if c.Build == nil {
		c.Build = program
	}
	return &Service{db: c.DB, policy: policy, build: sync.OnceValues(c.Build)}
}

// program returns the hash of the running program: what it renders may change with
// every line of it.
func program() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("tell which program runs: %w", err)
	}
	f, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("tell which program runs: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", fmt.Errorf("tell which program runs: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]), nil
}

// Head is what is known of a document without reading it.
type Head struct {
	page.Head
	viewer hindcast.Viewer
}

// Find returns the head of the document of a number of the library; found is false
// when the viewer may see none of this number.
func (s *Service) Find(ctx context.Context, v hindcast.Viewer, num int64) (h *Head, found bool, err error) {
	head, found, err := page.Find(ctx, s.db, v, num)
	if err != nil || !found {
		return nil, false, err
	}
	return &Head{head, v}, true, nil
}

// Of returns the head of a document that a viewer was given.
func Of(h page.Head, v hindcast.Viewer) *Head { return &Head{h, v} }

// Part returns what the viewer does here; empty for a reader.
func (h *Head) Part() access.Part { return access.Part(h.Role) }

// May returns nil when the viewer may do act here, else an error that says why
// not: the same as [workflow.Document.May].
func (h *Head) May(act access.Act) error {
	return access.May(h.viewer, act, access.Facts{Status: h.Status, Private: h.Private, Part: h.Part()})
}

// Awaited reports whether the viewer is asked for what they remember before they see
// what others do, as far as the policy says so.
func (h *Head) Awaited() bool {
	return h.Account == store.AccountAsked && h.Part() != access.Lead && h.Status != hindcast.StatusPublished
}

// Shows reports whether a document is what the head is the head of.
func (h *Head) Shows(d *workflow.Document) bool {
	return h.Num == d.Num && h.ID == d.ID && h.Version == d.Version && h.UpdatedAt.Equal(d.UpdatedAt) && h.Part() == d.Part() &&
		h.Private == d.Private && h.Status == d.Post.Status
}

// People returns who takes part, for who takes part: others are not told.
func (s *Service) People(ctx context.Context, h *Head) ([]store.Participant, error) {
	if h.Part() == "" {
		return nil, nil
	}
	return page.People(ctx, s.db, h.Num)
}

// Key names a body: bodies under the same key are alike, byte for byte.
type Key struct {
	Variant string // for whom the page looks so
	Hash    string
	Build   string
}

// KeyOf returns the key of the body that the viewer of a head sees. look is all
// that the viewer asked of the page that changes its body.
//
// What may be shown differs between who takes part and who does not, and by what
// one may change. Who adds to a body what follows from anything else adds that
// here; a part of a page that follows from much else is better left out of the
// body, in a slot of its own.
func (s *Service) KeyOf(h *Head, look string) (Key, error) {
	variant := Outside
	if h.Part() != "" {
		variant = "inside"
	}
	if h.Awaited() {
		variant += "-asked"
	}
	for _, act := range []access.Act{access.Write, access.Follow} {
		if h.May(act) == nil {
			variant += "-" + string(act)
		}
	}
	return s.key(variant, h.ID, number(h.Num), number(h.Version), number(sqldb.Micros(h.UpdatedAt)), string(h.Status), fmt.Sprint(h.Private), look)
}

// ReadingKey returns the key of what readers have of a publication, whose facts are
// named; inside tells who takes part.
func (s *Service) ReadingKey(facts string, inside bool) (Key, error) {
	variant := ReadOutside
	if inside {
		variant = "read-inside"
	}
	return s.key(variant, facts)
}

// Pages that everybody sees, who takes no part.
const (
	Outside     = "outside"      // of the document
	ReadOutside = "read-outside" // of what readers have
)

// key returns the key of a body that follows from some facts, from the policy and
// from the program.
func (s *Service) key(variant string, facts ...string) (Key, error) {
	build, err := s.build()
	if err != nil {
		return Key{}, err
	}
	return Key{Variant: variant, Build: build, Hash: hash(append([]string{build, variant, string(s.policy)}, facts...)...)}, nil
}

func number(n int64) string { return fmt.Sprint(n) }

// hash returns one text for a list of texts. Each goes in with its length, so that
// no two lists make the same.
func hash(list ...string) string {
	var b []byte
	for _, s := range list {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Body returns the body that is kept of a document under a key; nil when there is
// none.
func (s *Service) Body(ctx context.Context, h *Head, k Key) ([]byte, error) {
	return page.Body(ctx, s.db, h.Num, k.Variant, k.Hash)
}

// Keep keeps a body, unless the document has changed since its head was read. Only
// those of published documents are kept: others change too often.
func (s *Service) Keep(ctx context.Context, h *Head, k Key, body []byte) error {
	if !Kept(h) {
		return nil
	}
	return page.Keep(ctx, s.db, []page.Made{{Num: h.Num, Variant: k.Variant, Version: h.Version, Build: k.Build, Key: k.Hash, Body: body}})
}

// Kept reports whether bodies of a document are kept.
func Kept(h *Head) bool { return h.Status == hindcast.StatusPublished }

// Reader is on whose behalf pages are made ahead: somebody who takes part nowhere
// and may write nothing.
func Reader() hindcast.Viewer {
	return hindcast.Viewer{PersonID: "page", Role: hindcast.RoleReader}
}

// Lacking returns the numbers, above one, of published documents of which a page
// that everybody sees is not kept; at most limit, in order.
func (s *Service) Lacking(ctx context.Context, variant string, after int64, limit int) ([]int64, error) {
	build, err := s.build()
	if err != nil {
		return nil, err
	}
	return page.Lacking(ctx, s.db, build, variant, after, min(limit, store.MaxLimit))
}
