package web

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

// upload is a form with files, which are kept in a folder until they are taken.
type upload struct {
	dir    string
	files  []workflow.File
	values url.Values
	text   int64 // bytes of values
}

// sweep makes the folder for uploads, and removes what a server that was killed
// left in it more than a day ago.
func sweep(scratch string, now time.Time) error {
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

// close removes the files.
func (u *upload) close() error { return os.RemoveAll(u.dir) }

// receive reads a form with files. The caller closes what it returns.
func (h *Handler) receive(w http.ResponseWriter, r *http.Request) (*upload, error) {
	r.Body = http.MaxBytesReader(w, r.Body, h.MaxUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "this is no form with files; send it from the page")
	}
	dir, err := os.MkdirTemp(h.Scratch, "upload-")
	if err != nil {
		return nil, hindcast.Errorf(hindcast.Unavailable, "there is no room for uploads on the server: %w", err)
	}
	u := &upload{dir: dir, values: url.Values{}}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if err == nil {
			err = u.take(p)
		}
		if err != nil {
			return nil, errors.Join(uploadError(err), u.close())
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
func (u *upload) take(p *multipart.Part) error {
	name := sentName(p)
	if name == "" && p.FileName() == "" {
		text, err := io.ReadAll(io.LimitReader(p, maxForm-u.text+1))
		if u.text += int64(len(text) + len(p.FormName())); u.text > maxForm {
			return hindcast.Errorf(hindcast.Invalid, "the text is larger than 4 MB; send it as a file, or less of it")
		}
		u.values.Add(p.FormName(), string(text))
		return err
	}
	if len(u.files) >= workflow.MaxFiles {
		return hindcast.Errorf(hindcast.Invalid, "more than %d files; send them as a zip, or only those that matter", workflow.MaxFiles)
	}
	at := filepath.Join(u.dir, strconv.Itoa(len(u.files)))
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
	u.files = append(u.files, workflow.File{Name: name, Size: size, Open: func() (io.ReadCloser, error) { return os.Open(at) }})
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
