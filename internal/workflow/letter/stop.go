package letter

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

// Stop is what a link in a letter stops: what comes to a person in one way.
type Stop struct {
	Person  string              `json:"p"`
	Way     notice.Way          `json:"w"` // mail or digest
	Kinds   []workflow.NoteKind `json:"k"` // of notices
	Actions bool                `json:"a,omitempty"`
}

// stopPurpose seals links that stop mail, and open nothing else.
const stopPurpose = "unsubscribe"

// address returns the link that stops what st says.
func (s *Service) address(st Stop) (string, error) {
	raw, err := json.Marshal(st)
	if err != nil {
		return "", err
	}
	return s.Address() + "/unsubscribe/" + url.PathEscape(s.Box.Seal(stopPurpose, raw)), nil
}

// Stops returns what the link with a secret stops, without doing it. No more is
// needed to use a link than to have it.
func (s *Service) Stops(secret string) (Stop, error) {
	var st Stop
	raw, err := s.Box.Open(stopPurpose, secret)
	if err == nil {
		err = json.Unmarshal(raw, &st)
	}
	if err != nil || st.Person == "" || st.Way != notice.Mail && st.Way != notice.Digest {
		return Stop{}, hindcast.Errorf(hindcast.NotFound, "this link stops no mail; it may have been cut short. Sign in, and choose under Inbox, Preferences")
	}
	return st, nil
}

// Unsubscribe stops what the link with a secret stops; it stays in the inbox. With
// resume it lets it come again. Doing either again changes nothing.
func (s *Service) Unsubscribe(ctx context.Context, secret string, resume bool) (Stop, error) {
	st, err := s.Stops(secret)
	if err != nil {
		return st, err
	}
	return st, s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		c, err := s.Notice.ChoicesOf(ctx, tx, st.Person)
		if err != nil {
			return err
		}
		return s.Notice.Choose(ctx, tx, st.Person, st.change(c, resume))
	}))
}

// change returns choices after the link was used. What does not come in its way
// any more, or was chosen to come in another way since, stays as it is.
func (st Stop) change(c notice.Choices, resume bool) notice.Choices {
	from, to := st.Way, notice.Inbox
	if resume {
		from, to = to, from
	}
	ways := map[workflow.NoteKind]notice.Way{}
	for _, k := range workflow.NoteKinds() {
		ways[k] = c.Way(k)
		if ways[k] == from && slices.Contains(st.Kinds, k) {
			ways[k] = to
		}
	}
	c.Ways = ways
	if st.Actions {
		c.Actions = resume
	}
	return c
}
