package workflow

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/redact"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow/intake"
)

// The most that is taken at once.
const (
	MaxFile  = intake.MaxFile
	MaxFiles = intake.MaxFiles
)

// MinutesFolder is where the minutes of meetings lie among the evidence. Who takes
// no part does not learn that there are any, and no timeline is made of them.
const MinutesFolder = intake.MinutesFolder

// File is a file that somebody brings as evidence.
type File = intake.File

// AddEvidence keeps files, and the members of archives, as evidence of an
// incident. Bytes that are there already are not added again; another file of
// the same name gets a number. The timeline follows with [Service.Rebuild]. It
// returns what was added, and what could not be read.
func (s *Service) AddEvidence(ctx context.Context, v hindcast.Viewer, id string, files []File) ([]store.EvidenceRow, []hindcast.Problem, error) {
	d, err := s.Get(ctx, v, id)
	if err != nil {
		return nil, nil, err
	}
	if err := d.May(access.Write); err != nil {
		return nil, nil, err
	}
	rows, problems, err := s.keep(ctx, v, files)
	if err != nil {
		return nil, nil, err
	}
	var added []store.EvidenceRow
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		d, err := s.load(ctx, tx, v, d.ID, access.Write)
		if err != nil {
			return err
		}
		there, err := tx.Evidence(ctx, d.ID)
		if err != nil {
			return err
		}
		if added = intake.Fresh(there, rows); len(added) == 0 {
			return nil
		}
		if len(there)+len(added) > MaxFiles {
			return hindcast.Errorf(hindcast.Invalid, "an incident keeps at most %d files of evidence; leave out what nobody needs", MaxFiles)
		}
		if err := tx.PutEvidence(ctx, d.ID, added); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, v, "evidence.add", d.ID, map[string]int{"files": len(added)}); err != nil {
			return err
		}
		return s.tell(ctx, tx, EvidenceAdded, d)
	})
	return added, problems, err
}

// keep writes the bytes of files, unpacked, for the viewer.
func (s *Service) keep(ctx context.Context, v hindcast.Viewer, files []File) ([]store.EvidenceRow, []hindcast.Problem, error) {
	rows, problems, err := intake.Keep(ctx, s.blobs, files)
	for i := range rows {
		rows[i].AddedAt, rows[i].AddedBy = s.now(), v.PersonID
	}
	return rows, problems, err
}

// Evidence returns what is kept of an incident, tombstones of what was purged
// included. Who takes no part is not told who added or purged it, nor why, and gets
// no minutes of meetings. Who is asked for what they remember gets no files of what
// others do.
func (s *Service) Evidence(ctx context.Context, v hindcast.Viewer, id string) ([]store.EvidenceRow, error) {
	rows, err := s.store.Evidence(ctx, v, id)
	d, gone := s.whole(ctx, v, id)
	switch {
	case err != nil || gone != nil: // what is in the trash is nobody else's
	case d.Part() == "":
		rows = slices.DeleteFunc(slices.Clone(rows), intake.Minutes)
		for i := range rows {
			rows[i].AddedBy, rows[i].PurgedBy, rows[i].PurgeReason = "", "", ""
		}
	default:
		memories, err := s.memories(ctx, d, rows)
		if err != nil {
			return nil, err
		}
		rows = slices.DeleteFunc(slices.Clone(rows), func(r store.EvidenceRow) bool { return memories[r.Name] })
	}
	return rows, err
}

// evidenceRow returns the row of a file by name or hash.
func (s *Service) evidenceRow(ctx context.Context, v hindcast.Viewer, id, file string) (store.EvidenceRow, error) {
	rows, err := s.Evidence(ctx, v, id)
	if err != nil {
		return store.EvidenceRow{}, err
	}
	i := slices.IndexFunc(rows, func(r store.EvidenceRow) bool { return r.Name == file || r.SHA256 == file })
	if i < 0 {
		return store.EvidenceRow{}, hindcast.Errorf(hindcast.NotFound, "there is no evidence %q here", file)
	}
	if rows[i].Purged() {
		return rows[i], hindcast.Errorf(hindcast.NotFound, "%s", strings.TrimSuffix(rows[i].Name+" was purged: "+rows[i].PurgeReason, ": "))
	}
	return rows[i], nil
}

// Line is one line of a file of evidence, without secrets.
type Line = intake.Line

// Lines returns lines of a file of evidence, which is named or given by hash,
// from first to last, at most 1,000. Who takes no part reads people as roles.
func (s *Service) Lines(ctx context.Context, v hindcast.Viewer, id, file string, first, last int) (store.EvidenceRow, []Line, error) {
	row, err := s.evidenceRow(ctx, v, id, file)
	if err != nil {
		return row, nil, err
	}
	clean, err := s.cleaner(ctx, v, id)
	if err != nil {
		return row, nil, err
	}
	return row, intake.Lines(ctx, s.blobs, row, first, last, clean), nil
}

// cleaner returns what takes secrets out of lines of evidence, and for who takes no
// part names and personal data, too.
func (s *Service) cleaner(ctx context.Context, v hindcast.Viewer, id string) (func(string) string, error) {
	clean := redact.New()
	d, err := s.whole(ctx, v, id)
	if hindcast.CodeOf(err) == hindcast.NotFound || err == nil && d.Part() != "" {
		return clean.Text, nil // of the trash, and of those who take part
	}
	if err != nil {
		return nil, err
	}
	roles := audience.RolesOf(d.Post)
	return func(text string) string {
		return roles.In(redact.Without(text, clean.Leaks(text)))
	}, nil
}

// Bytes opens a file of evidence as it was given. Only who takes part may have
// it: it may hold secrets.
func (s *Service) Bytes(ctx context.Context, v hindcast.Viewer, id, file string) (store.EvidenceRow, io.ReadCloser, error) {
	d, err := s.Get(ctx, v, id)
	if err != nil {
		return store.EvidenceRow{}, nil, err
	}
	if d.Part() == "" {
		return store.EvidenceRow{}, nil, hindcast.Errorf(hindcast.Denied, "only who takes part may have the files themselves, since they may hold secrets; the lines that matter are shown without")
	}
	row, err := s.evidenceRow(ctx, v, d.ID, file)
	if err != nil {
		return row, nil, err
	}
	r, err := s.blobs.Open(ctx, row.SHA256)
	return row, r, err
}

// Purge removes the bytes of a file of evidence for good, such as one that holds
// a secret. Its name and hash stay, with who purged it and why.
func (s *Service) Purge(ctx context.Context, v hindcast.Viewer, id, sha256, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return hindcast.Errorf(hindcast.Invalid, "say why it is purged; whoever looks for it later will ask")
	}
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		d, err := s.load(ctx, tx, v, id, access.Manage)
		if err != nil {
			return err
		}
		n, err := tx.PurgeEvidence(ctx, d.ID, sha256, v.PersonID, reason, s.now())
		if err != nil {
			return err
		}
		if n == 0 {
			return hindcast.Errorf(hindcast.NotFound, "there is no such evidence here, or it was purged already")
		}
		return s.audit(ctx, tx, v, "evidence.purge", d.ID, map[string]string{"sha256": sha256, "reason": reason})
	})
	if err != nil {
		return err
	}
	kept, err := s.store.KeptBlobs(ctx, []string{sha256})
	if err != nil || kept[sha256] {
		return err
	}
	return s.blobs.Delete(ctx, sha256)
}
