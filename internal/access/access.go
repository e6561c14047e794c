// Package access decides what a viewer may do with one post-mortem. It is pure:
// the facts that a decision depends on are passed in.
//
// Who may read what is decided once more where it is read: the store leaves out
// what its viewer may not see. Here the same rule stands for what is at hand.
package access

import (
	"strings"

	"github.com/hindcast/hindcast"
)

// Part is what a person does in one post-mortem.
type Part string

// The parts.
const (
	Lead        Part = "lead"        // writes, and decides who takes part and when it moves on
	Participant Part = "participant" // writes
	Reviewer    Part = "reviewer"    // reads before it is published, and comments
)

// Parts returns the parts, the most powerful first.
func Parts() []Part { return []Part{Lead, Participant, Reviewer} }

// Facts are what decisions about one post-mortem depend on.
type Facts struct {
	Status  hindcast.Status
	Private bool // stays with those who take part, also when published
	Part    Part // of the viewer; empty when the viewer takes no part
}

// Act is something that a viewer wants to do with a post-mortem.
type Act string

// The acts.
const (
	Read    Act = "read"
	Comment Act = "comment" // say something about it, and suggest changes
	Write   Act = "write"   // change the document
	Follow  Act = "follow"  // change its action items and related incidents, which go on after publication
	Manage  Act = "manage"  // share, make private, move on, remove, purge evidence
	Restore Act = "restore" // bring back what was removed
)

// May returns nil when v may do act. It returns a [hindcast.Error] with code
// NotFound when v may not even know that the post-mortem exists, and Denied with
// the way out otherwise.
func May(v hindcast.Viewer, act Act, f Facts) error {
	if !reads(v, f) {
		return hindcast.Errorf(hindcast.NotFound, "there is no such post-mortem, or it is not shared with you")
	}
	if act == Read {
		return nil
	}
	if !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "you may read here, and not write; an admin can make you a member")
	}
	writes := f.Part == Lead || f.Part == Participant
	switch act {
	case Manage, Restore:
		if f.Part != Lead {
			return hindcast.Errorf(hindcast.Denied, "only who leads this post-mortem may do that; ask a lead, or as an admin join it first")
		}
		return nil
	case Comment:
		if f.Part == "" {
			return hindcast.Errorf(hindcast.Denied, "only who takes part here comments; ask a lead to add you")
		}
		return nil
	case Write:
		if !writes {
			return hindcast.Errorf(hindcast.Denied, "only participants write here; ask a lead to add you")
		}
		return open(f.Status)
	case Follow:
		if !writes {
			return hindcast.Errorf(hindcast.Denied, "only participants change its action items; ask a lead to add you")
		}
		return nil
	}
	return hindcast.Errorf(hindcast.Internal, "nobody decided who may %s", act)
}

// reads reports whether v may read.
func reads(v hindcast.Viewer, f Facts) bool {
	return v.MayRead() && (f.Part != "" || f.Status == hindcast.StatusPublished && !f.Private)
}

// open refuses changes of what was agreed on.
func open(s hindcast.Status) error {
	switch s {
	case hindcast.StatusApproved:
		return hindcast.Errorf(hindcast.Conflict, "this post-mortem is approved; move it back to review before changing it")
	case hindcast.StatusPublished:
		return hindcast.Errorf(hindcast.Conflict, "this post-mortem is published; reopen it with a reason before changing it (action items can be changed as they are)")
	}
	return nil
}

// ActOf returns the act that changing a part with a path is.
func ActOf(path string) Act {
	list, _, _ := strings.Cut(path, "/")
	if list == "actions" || list == "related" {
		return Follow
	}
	return Write
}
