package hindcast

import (
	"fmt"
	"time"
)

// Evidence is one immutable file that an incident left behind, identified by
// the hash of its bytes.
type Evidence struct {
	SHA256    string    `json:"sha256"`              // hex, lower case, of the bytes as given (inside an archive: of the member)
	Name      string    `json:"name"`                // path below the folder or archive given, with forward slashes
	Format    string    `json:"format"`              // name of the format it was read as; empty when none was recognized
	Size      int64     `json:"size"`                // bytes
	Source    string    `json:"source,omitempty"`    // system it came from, when known
	Query     string    `json:"query,omitempty"`     // the question that fetched it, when known
	From      time.Time `json:"from,omitzero"`       // earliest record time
	To        time.Time `json:"to,omitzero"`         // latest record time
	FetchedAt time.Time `json:"fetched_at,omitzero"` // when it was exported, when the export says so
	ExpiresAt time.Time `json:"expires_at,omitzero"` // when the original disappears at its source
	Zone      string    `json:"zone,omitempty"`      // zone its times were read in: recorded, named by the user, or "assumed UTC"
	Records   int       `json:"records"`             // records read
	Problems  int       `json:"problems,omitempty"`  // records that could not be read

	Offsets []time.Duration `json:"-"` // the offsets from UTC that its times are written with, the least first; of JSON's "Z" only in logs
}

// Ref points to one record in the evidence.
type Ref struct {
	File    string `json:"file"`               // Evidence.Name
	Line    int    `json:"line"`               // first physical line of the record, from 1
	EndLine int    `json:"end_line,omitempty"` // last physical line, when not Line
	Offset  int64  `json:"offset,omitempty"`   // byte offset of the record's first byte, from 0
	SHA256  string `json:"sha256"`             // Evidence.SHA256
}

// String returns the reference as FILE:LINE.
func (r Ref) String() string { return fmt.Sprintf("%s:%d", r.File, r.Line) }

// Problem is one thing in the evidence that could not be read or had to be
// assumed. Problems never stop the reading of a file.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"` // from 1; 0 when the whole file is meant
	Message string `json:"message"`        // what is wrong and what to do; never quotes evidence text
}

// String returns the problem as one line, FILE:LINE: MESSAGE.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}
