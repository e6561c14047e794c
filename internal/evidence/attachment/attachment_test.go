package attachment_test

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence/attachment"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

func encoded(t *testing.T, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewGray(image.Rect(0, 0, 300, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTypes(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		want string // type, width, height, title
	}{
		{"a/b.png", encoded(t, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) }), "image/png 300 2 b.png (PNG image, 300 × 2)"},
		{"b.jpg", encoded(t, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) }), "image/jpeg 300 2 b.jpg (JPEG image, 300 × 2)"},
		{"b.gif", encoded(t, func(b *bytes.Buffer, m image.Image) error { return gif.Encode(b, m, nil) }), "image/gif 300 2 b.gif (GIF image, 300 × 2)"},
		{"vp8x.webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x2b\x01\x00\x01\x00\x00"), "image/webp 300 2 vp8x.webp (WebP image, 300 × 2)"},
		{"vp8l.webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8L\x05\x00\x00\x00\x2f\x2b\x41\x00\x00\x00\x00\x00\x00\x00"), "image/webp 300 2 vp8l.webp (WebP image, 300 × 2)"},
		{"vp8.webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x2c\x01\x02\x00"), "image/webp 300 2 vp8.webp (WebP image, 300 × 2)"},
		{"damaged.png", []byte("\x89PNG\r\n\x1a\n\x00"), "image/png   damaged.png (PNG image)"},
		{"report.pdf", []byte("%PDF-1.7\n"), "application/pdf   report.pdf (PDF document)"},
		{"graph.svg", []byte("<?xml version=\"1.0\"?>\n<svg xmlns=\"x\"/>"), "image/svg+xml   graph.svg (SVG image)"},
		{"heap.hprof", []byte("JAVA PROFILE 1.0.2\x00"), "application/x-hprof   heap.hprof (Java heap dump)"},
		{"notes.txt", []byte("GIF is a format"), ""},
		{"empty", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			format := recordtest.Recognize(attachment.Formats(), tt.name, tt.data)
			if (format != "") != (tt.want != "") {
				t.Fatalf("recognized as %q, want %q", format, tt.want)
			}
			if format == "" {
				return
			}
			e := recordtest.Parse(t, attachment.Formats(), format, &record.File{Name: tt.name}, tt.data).Events[0]
			got := e.Attrs["type"] + " " + e.Attrs["width"] + " " + e.Attrs["height"] + " " + e.Title
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("event: -want +got:\n%s", diff)
			}
		})
	}
}

func TestTimeInName(t *testing.T) {
	tests := map[string]string{
		"Screenshot 2024-06-02 at 14.37.21.png":         "2024-06-02T14:37:21Z",
		"Screenshot 2024-06-02 at 2.37.21 PM.png":       "2024-06-02T14:37:21Z",
		"Screenshot 2024-06-02 at 12.07.21\u202fAM.png": "2024-06-02T00:07:21Z",
		"Screenshot_20240602-143721.png":                "2024-06-02T14:37:21Z",
		"p99-2024-06-02T14-37.png":                      "2024-06-02T14:37:00Z",
		"2024-06-02_1437_dashboard.png":                 "2024-06-02T14:37:00Z",
		"dashboard-2024-06-02.png":                      "",
		"build-20240602.png":                            "",
		"image.png":                                     "",
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			sink := recordtest.Parse(t, attachment.Formats(), "attachment", &record.File{Name: "shots/" + name}, []byte("\x89PNG\r\n\x1a\n"))
			got := ""
			if at := sink.Events[0].At; !at.IsZero() {
				got = recordtest.Time(at.UnixNano())
			}
			if got != want {
				t.Errorf("time = %q, want %q", got, want)
			}
		})
	}
}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, attachment.Formats())
}
