// Package attachment keeps files that are looked at and not read: screenshots,
// documents, recordings, dumps.
//
// Such a file becomes one event with its type, and its size in pixels when it
// is an image. Only its header is looked at. The event has a time when the
// file's name tells one to the minute, as the names of screenshots do
// ("Screenshot 2024-06-02 at 14.37.21.png").
package attachment

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"path"
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the one format of files that are kept and not read.
func Formats() []record.Format {
	redactor := redact.New()
	return []record.Format{{
		Name: "attachment",
		Recognize: func(h record.Head) int {
			if _, ok := kindOf(h.Bytes); ok {
				return 99
			}
			return 0
		},
		Parse: func(f *record.File, r io.Reader, sink record.Sink) error {
			head := make([]byte, headSize)
			n, err := io.ReadFull(r, head)
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				err = nil
			}
			keep(f, head[:n], fact.NewWriter(redactor, f, sink))
			return err
		},
	}}
}

// headSize is how much of a file is looked at.
const headSize = 64 << 10

// kind is a kind of file.
type kind struct {
	media string // media type
	name  string // for people
}

// magics are what files of a kind begin with, at an offset.
var magics = []struct {
	at    int
	magic string
	kind  kind
}{
	{0, "\x89PNG\r\n\x1a\n", kind{"image/png", "PNG image"}},
	{0, "\xff\xd8\xff", kind{"image/jpeg", "JPEG image"}},
	{0, "GIF87a", kind{"image/gif", "GIF image"}},
	{0, "GIF89a", kind{"image/gif", "GIF image"}},
	{8, "WEBP", kind{"image/webp", "WebP image"}},
	{8, "WAVEfmt", kind{"audio/wav", "WAV recording"}},
	{0, "II*\x00", kind{"image/tiff", "TIFF image"}},
	{0, "MM\x00*", kind{"image/tiff", "TIFF image"}},
	{4, "ftypheic", kind{"image/heic", "HEIC image"}},
	{4, "ftypavif", kind{"image/avif", "AVIF image"}},
	{4, "ftyp", kind{"video/mp4", "MPEG-4 video"}},
	{0, "\x1aE\xdf\xa3", kind{"video/webm", "Matroska video"}},
	{0, "OggS\x00", kind{"application/ogg", "Ogg recording"}},
	{0, "ID3\x03", kind{"audio/mpeg", "MP3 recording"}},
	{0, "ID3\x04", kind{"audio/mpeg", "MP3 recording"}},
	{0, "%PDF-", kind{"application/pdf", "PDF document"}},
	{0, "{\\rtf", kind{"application/rtf", "RTF document"}},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", kind{"application/x-ole-storage", "Office document"}},
	{0, "SQLite format 3\x00", kind{"application/vnd.sqlite3", "SQLite database"}},
	{0, "\x7fELF", kind{"application/x-elf", "program or core dump"}},
	{0, "JAVA PROFILE 1.0", kind{"application/x-hprof", "Java heap dump"}},
	{0, "FLR\x00", kind{"application/x-jfr", "Java flight recording"}},
	{0, "\xd4\xc3\xb2\xa1", kind{"application/vnd.tcpdump.pcap", "packet capture"}},
	{0, "\xa1\xb2\xc3\xd4", kind{"application/vnd.tcpdump.pcap", "packet capture"}},
	{0, "\x0a\x0d\x0d\x0a", kind{"application/x-pcapng", "packet capture"}},
	{0, "ElfFile\x00", kind{"application/x-evtx", "Windows event log"}},
	{0, "PAR1", kind{"application/vnd.apache.parquet", "Parquet table"}},
}

// kindOf tells a file's kind from its head.
func kindOf(head []byte) (kind, bool) {
	for _, m := range magics {
		if len(head) > m.at && bytes.HasPrefix(head[m.at:], []byte(m.magic)) && (m.at != 8 || bytes.HasPrefix(head, []byte("RIFF"))) {
			return m.kind, true
		}
	}
	start := head[:min(len(head), 4096)]
	if t := bytes.TrimSpace(start); bytes.HasPrefix(t, []byte("<svg")) || bytes.HasPrefix(t, []byte("<?xml")) && bytes.Contains(start, []byte("<svg")) {
		return kind{"image/svg+xml", "SVG image"}, true
	}
	return kind{}, false
}

// keep writes the event of a file.
func keep(f *record.File, head []byte, w *fact.Writer) {
	k, ok := kindOf(head)
	ref := hindcast.Ref{File: f.Name, Line: 1}
	if !ok {
		w.Problem(ref, "this is no kind of file that is known as an attachment")
		return
	}
	e := hindcast.Event{
		Ref: ref, Kind: hindcast.Attachment, Actor: hindcast.Actor{Name: "attachment", Kind: hindcast.System},
		Title: path.Base(f.Name) + " (" + k.name + ")", Attrs: map[string]string{"type": k.media},
	}
	if width, height := pixels(k.media, head); width > 0 && height > 0 {
		e.Title = fmt.Sprintf("%s (%s, %d × %d)", path.Base(f.Name), k.name, width, height)
		e.Attrs["width"], e.Attrs["height"] = strconv.Itoa(width), strconv.Itoa(height)
	}
	if said, _, ok := stamp.Named(path.Base(f.Name)); ok {
		if at, zone, ok := w.Time(said); ok {
			e.At, e.Zone = at, zone
		}
	}
	w.Emit(e)
}

// pixels returns the size of an image; zeros when the header does not tell.
func pixels(media string, head []byte) (width, height int) {
	var c image.Config
	var err error
	switch r := bytes.NewReader(head); media {
	case "image/png":
		c, err = png.DecodeConfig(r)
	case "image/jpeg":
		c, err = jpeg.DecodeConfig(r)
	case "image/gif":
		c, err = gif.DecodeConfig(r)
	case "image/webp":
		return webp(head)
	}
	if err != nil {
		return 0, 0
	}
	return c.Width, c.Height
}

// webp reads the size from the first chunk of a WebP file (RFC 9649).
func webp(b []byte) (width, height int) {
	if len(b) < 30 {
		return 0, 0
	}
	switch string(b[12:16]) {
	case "VP8X":
		return 1 + int(b[24]) + int(b[25])<<8 + int(b[26])<<16, 1 + int(b[27]) + int(b[28])<<8 + int(b[29])<<16
	case "VP8L":
		bits := uint32(b[21]) | uint32(b[22])<<8 | uint32(b[23])<<16 | uint32(b[24])<<24
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff)
	case "VP8 ":
		return int(b[26]) | int(b[27]&0x3f)<<8, int(b[28]) | int(b[29]&0x3f)<<8
	}
	return 0, 0
}
