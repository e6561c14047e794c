package server

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/collab"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

func (s *Server) openCollab(context.Context) error {
	s.collab = collab.New(collab.Config{DB: s.store.DB(), Documents: Documents(s.workflow), Now: s.opt.Now, Log: s.opt.Log})
	s.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "hindcast_open_editors", Help: "Editors in which people write together now."}, func() float64 { return float64(s.collab.Editors()) }))
	return nil
}

// settle writes what waits into a document that is about to move.
func (s *Server) settle(ctx context.Context, h *workflow.Held) error {
	if s.collab == nil {
		return nil
	}
	return Settle(ctx, s.collab, h)
}

// Settle writes what people have written together into a document that is held.
func Settle(ctx context.Context, c *collab.Service, h *workflow.Held) error {
	keys, err := c.Behind(ctx, h.SQL(), h.Num)
	if err != nil {
		return err
	}
	for _, key := range keys {
		p := collab.Place{ID: h.ID, Num: h.Num, Key: key}
		sec, err := sectionOf(h.Document, key)
		if err != nil {
			return err
		}
		if err := c.SettleHeld(ctx, h.SQL(), p, sec, penOf(ctx, h, key)); err != nil {
			return err
		}
	}
	return nil
}

// Documents gives co-writing the documents of the workflow.
func Documents(w *workflow.Service) collab.Documents {
	return collab.Documents{
		May: func(ctx context.Context, v hindcast.Viewer, p collab.Place) error {
			d, err := w.Get(ctx, v, p.ID)
			if err != nil {
				return err
			}
			return d.May(access.Write)
		},
		Stand: func(ctx context.Context, v hindcast.Viewer, p collab.Place, f func(*sqldb.Tx, collab.Section) error) error {
			return w.Stand(ctx, v, p.ID, access.Write, func(tx *sqldb.Tx, d *workflow.Document) error {
				sec, err := sectionOf(d, p.Key)
				if err != nil {
					return err
				}
				return f(tx, sec)
			})
		},
		Hold: func(ctx context.Context, p collab.Place, f func(*sqldb.Tx, collab.Section, collab.Pen) error) error {
			return w.HoldFor(ctx, "", p.ID, func(h *workflow.Held) error {
				sec, err := sectionOf(h.Document, p.Key)
				if err != nil && hindcast.CodeOf(err) != hindcast.NotFound {
					return err
				}
				return f(h.SQL(), sec, penOf(ctx, h, p.Key))
			})
		},
	}
}

// sectionOf returns a section's text, NotFound when neither the document nor the
// template has such a section.
func sectionOf(d *workflow.Document, key string) (collab.Section, error) {
	sec := collab.Section{By: d.UpdatedBy}
	for i, k := range part.SectionKeys(d.Post.Sections) {
		if k == key {
			sec.Text = d.Post.Sections[i].Text
			return sec, nil
		}
	}
	if _, ok := hindcast.TemplateOf(hindcast.SectionKind(key)); !ok {
		return sec, hindcast.Errorf(hindcast.NotFound, "this post-mortem has no section %q; open it again", key)
	}
	return sec, nil
}

// penOf writes a section of a document that is held.
func penOf(ctx context.Context, h *workflow.Held, key string) collab.Pen {
	path := "sections/" + key
	write := func(person, text string) (int64, error) {
		raw, err := part.Get(&h.Post, path)
		if err != nil {
			return 0, err
		}
		sec := newSection(key)
		if raw != nil {
			if err := json.Unmarshal(raw, &sec); err != nil {
				return 0, fmt.Errorf("read section %s of #%d: %w", key, h.Num, err)
			}
		}
		sec.Text = text
		saved, err := h.For(person).Write(ctx, []part.Change{{Path: path, Value: workflow.JSON(sec)}})
		return saved.Revision, err
	}
	audit := func(person string, revision int64) error {
		return h.For(person).Audit(ctx, "postmortem.cowrite", map[string]any{"revision": revision, "paths": []string{path}})
	}
	return collab.Pen{Write: write, Audit: audit}
}

// newSection returns the empty section that a key names: one of the template, or
// one of the organization that was removed while it was written in.
func newSection(key string) hindcast.Section {
	if t, ok := hindcast.TemplateOf(hindcast.SectionKind(key)); ok {
		return hindcast.Section{Kind: t.Kind, Heading: t.Heading}
	}
	return hindcast.Section{Heading: strings.ReplaceAll(strings.TrimPrefix(key, "own-"), "-", " ")}
}
