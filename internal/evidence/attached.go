package evidence

import (
	"errors"
	"io"
	"path"
	"strings"
	"sync/atomic"

	"github.com/hindcast/hindcast/internal/evidence/message"
)

const (
	// AttachedFolder ends the name of the folder of what is attached to a message.
	AttachedFolder = ".attached"
	// smallPicture is the size of pictures within a text that are logos and lines.
	smallPicture = 10 << 10
	// nested is the name of a message that another one forwards.
	nested = "message.eml"
)

// attachments sends the files that are attached to messages on their way. They lie
// in a folder beside the message, and messages among them are looked into.
func (r *reader) attachments(s Source, depth int) {
	if depth >= maxDepth {
		r.problem(r.sink, s.Name, "messages and archives are nested too deep; files that are attached to this one were left out")
		return
	}
	in, err := r.again(s)
	if err != nil {
		r.problem(r.sink, s.Name, readFault(err))
		return
	}
	defer func() { _ = in.closer.Close() }() // read as far as it goes
	n := 0
	for box := message.OpenBox(in.text); box.Next(); {
		_, _, err := message.Read(box, func(p message.Part) error {
			if n++; n > maxMembers {
				return errors.New("too many files are attached; take out those that matter")
			}
			return r.attachment(s, p, depth)
		})
		if err != nil {
			r.problem(r.sink, s.Name, "of the files that are attached, "+readFault(err))
			return
		}
	}
}

// again opens a source that was read before, without counting its bytes twice.
func (r *reader) again(s Source) (*input, error) {
	in, err := r.open(s)
	if err != nil {
		return nil, err
	}
	in.raw.sum, in.raw.total = nil, &atomic.Int64{}
	return in, nil
}

// attachment sends one file on its way.
func (r *reader) attachment(s Source, p message.Part, depth int) error {
	if p.IsText() || seals[p.Type] {
		return nil
	}
	name := p.Name
	if name == "" && p.Type == "message/rfc822" {
		name = nested
	}
	if name == "" && p.Type == "message/delivery-status" {
		return nil // the words of a mail server about a letter
	}
	if name == "" {
		name = "file" + endings[p.Type]
	}
	name = path.Clean(s.Name) + AttachedFolder + "/" + name
	if r.each == nil && r.given[name] {
		return nil
	}
	kept, err := r.spool(p.Body)
	if err != nil {
		return err
	}
	if kept.size == 0 || p.Embedded && kept.size < smallPicture && strings.HasPrefix(p.Type, "image/") {
		return nil
	}
	r.source(Source{Name: name, Size: kept.size, Open: func() (io.ReadCloser, error) { return kept.open(), nil }}, depth+1)
	return nil
}

// seals are parts that prove who wrote a message and are no files of anybody.
var seals = map[string]bool{"application/pgp-signature": true, "application/pkcs7-signature": true, "application/x-pkcs7-signature": true, "text/calendar": true, "text/amp": true}

// endings are those of names for files that have none.
var endings = map[string]string{"text/csv": ".csv", "text/html": ".html", "application/json": ".json", "application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "application/zip": ".zip", "application/gzip": ".gz"}
