// Package upload reads forms with files, such as evidence: the files wait in a
// folder until they are taken.
package upload

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/workflow"
)

// MaxText is the most bytes that what is no file may have.
const MaxText = 4 << 20

// Form is a form with files. Close it when they were taken.
type Form struct {
	Files  []workflow.File
	Values url.Values

	dir  string
	text int64 // bytes of values
}

// Limits say where files wait, and how much is taken.
type Limits struct {
	Scratch string // the folder; that of the system when empty
	Max     int64  // bytes of one form
}

// Sweep makes the folder for uploads, and removes what a server that was killed
// left in it more than a day ago.
func Sweep(scratch string, now time.Time) error {
	if scratch == "" {
		return nil
	}
	if err := os.MkdirAll(scratch, 0o700); err != nil {
		return hindcast.Errorf(hindcast.Unavailable, "cannot make the folder for uploads: %w", err)
	}
	entries, err := os.ReadDir(scratch)
	if err != nil {
		return hindcast.Errorf(hindcast.Unavailable, "cannot read the folder for uploads: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || now.Sub(info.ModTime()) < 24*time.Hour {
			continue
		}
		if err := os.RemoveAll(filepath.Join(scratch, e.Name())); err != nil {
			return hindcast.Errorf(hindcast.Unavailable, "cannot remove what is left of an upload: %w", err)
		}
	}
	return nil
}

// Close removes the files.
func (u *Form) Close() error { return os.RemoveAll(u.dir) }

// Receive reads a form with files. The caller closes what it returns.
func (l Limits) Receive(w http.ResponseWriter, r *http.Request) (*Form, error) {
	r.Body = http.MaxBytesReader(w, r.Body, l.Max)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "this is no form with files; send it from the page")
	}
	dir, err := os.MkdirTemp(l.Scratch, "upload-")
	if err != nil {
		return nil, hindcast.Errorf(hindcast.Unavailable, "there is no room for uploads on the server: %w", err)
	}
	u := &Form{dir: dir, Values: url.Values{}}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if err == nil {
			err = u.take(p)
		}
		if err != nil {
			return nil, errors.Join(uploadError(err), u.Close())
		}
	}
}

// uploadError tells what is too large or broken off from what is wrong.
func uploadError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) || hindcast.CodeOf(err) != hindcast.Internal {
		return err
	}
	return hindcast.Errorf(hindcast.Invalid, "the upload broke off or could not be kept; send it again: %w", err)
}

// take reads one field or file.
func (u *Form) take(p *multipart.Part) error {
	name := sentName(p)
	if name == "" && p.FileName() == "" {
		text, err := io.ReadAll(io.LimitReader(p, MaxText-u.text+1))
		if u.text += int64(len(text) + len(p.FormName())); u.text > MaxText {
			return hindcast.Errorf(hindcast.Invalid, "the text is larger than 4 MB; send it as a file, or less of it")
		}
		u.Values.Add(p.FormName(), string(text))
		return err
	}
	if len(u.Files) >= workflow.MaxFiles {
		return hindcast.Errorf(hindcast.Invalid, "more than %d files; send them as a zip, or only those that matter", workflow.MaxFiles)
	}
	at := filepath.Join(u.dir, strconv.Itoa(len(u.Files)))
	f, err := os.OpenFile(at, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	size, err := io.Copy(f, p)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if name == "" { // no file was chosen
		return nil
	}
	u.Files = append(u.Files, workflow.File{Name: name, Size: size, Open: func() (io.ReadCloser, error) { return os.Open(at) }})
	return nil
}

// sentName is the name of a file with the folders that the browser sent. The
// workflow decides which names are good.
func sentName(p *multipart.Part) string {
	_, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	return strings.TrimLeft(path.Clean("/"+strings.ReplaceAll(params["filename"], `\`, "/")), "/")
}
