package postmortem

import (
	"context"
	"fmt"

	"github.com/a-h/templ"

	actionpages "github.com/hindcast/hindcast/internal/web/actions"
	"github.com/hindcast/hindcast/internal/web/sheet"
)

// The slots, in the order in which they stand on the page.
const (
	SlotBanner    sheet.Slot = "banner"    // what the viewer is asked for, and actions of earlier incidents like this one, in a sentence
	SlotAgain     sheet.Slot = "again"     // the same as a list
	SlotBacklinks sheet.Slot = "backlinks" // what refers to it
	SlotMargin    sheet.Slot = "margin"    // where it is on its way, what the viewer can do, who takes part
)

// In returns what v shows in a slot.
func In(v *View, s sheet.Slot) templ.Component {
	switch s {
	case SlotBanner:
		return templ.Join(asked(v), actionpages.Banner(v.Echoes))
	case SlotAgain:
		return actionpages.Again(v.Num, v.Post, v.Echoes, v.MayFollow)
	case SlotBacklinks:
		if len(v.Backlinks) > 0 {
			return backlinks(v)
		}
	case SlotMargin:
		return margin(v)
	}
	return templ.NopComponent
}

// slot shows what is in a slot, or leaves a mark where it stands.
func (v *View) slot(s sheet.Slot) templ.Component {
	if v.mark == "" {
		return In(v, s)
	}
	return v.mark.Slot(s)
}

// Sheets renders the page as it reads, but for what is in its slots. It shows of v
// only what the key of a kept page holds.
func Sheets(ctx context.Context, v *View) ([]sheet.Sheet, error) {
	out, err := sheet.Divide(ctx, func(m sheet.Mark) templ.Component {
		paper := v.paper()
		paper.mark = m
		return Page(paper)
	})
	if err != nil {
		return nil, fmt.Errorf("render the page of #%d: %w", v.Num, err)
	}
	return out, nil
}

// paper returns v with what sheets may show and nothing else: the document, for
// whom, by which rules. What is not here is the zero value on a sheet, so that
// nothing that changes without the document gets onto one.
func (v *View) paper() *View {
	return &View{
		Num: v.Num, Version: v.Version, Post: v.Post, Policy: v.Policy, Private: v.Private,
		Required: v.Required, Why: v.Why, DraftDue: v.DraftDue, PublishDue: v.PublishDue, Changed: v.Changed,
		MayWrite: v.MayWrite, MayFollow: v.MayFollow, Withheld: v.Withheld, Look: v.Look, Prose: v.Prose,
	}
}
