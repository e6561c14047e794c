package watch

import (
	"bytes"
	_ "embed"
	"fmt"
	"math"
	"regexp"
	"strings"
	"text/template"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/kubernetes"
)

//go:embed manifest.yaml
var manifestText string

var manifest = template.Must(template.New("manifest").Parse(manifestText))

// Port is where the watcher of a [Manifest] listens.
const Port = 8790

// Manifest is what a cluster is told to run a watcher.
type Manifest struct {
	Namespace string   // that the watcher runs in
	Image     string   // of this program
	Watched   []string // namespaces that are watched; one empty name, or none, for all
	Keep      time.Duration
	MaxBytes  int64 // of the events that are kept
}

// image is how images are named.
var image = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,500}$`)

// Write returns the objects as YAML: a service account that may read events and
// nothing else, one replica that runs as nobody on a file system that it cannot
// write, with a volume for the events, and a service in front of it.
func (m Manifest) Write() ([]byte, error) {
	if list, err := kubernetes.Namespaces(m.Namespace); err != nil || len(list) != 1 || list[0] == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "in: %.70q is no name of a namespace", m.Namespace)
	}
	if m.Image == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "image: name an image of this program that the cluster can get; deploy/Containerfile builds one")
	}
	if !image.MatchString(m.Image) {
		return nil, hindcast.Errorf(hindcast.Invalid, "image: %.70q is no name of an image", m.Image)
	}
	if m.Keep <= 0 || m.MaxBytes <= 0 {
		return nil, hindcast.Errorf(hindcast.Invalid, "what is kept must be more than nothing")
	}
	watched, err := kubernetes.Namespaces(strings.Join(m.Watched, ","))
	if err != nil {
		return nil, err
	}
	if watched[0] == "" {
		watched = nil
	}
	const mib = 1 << 20
	var out bytes.Buffer
	err = manifest.Execute(&out, map[string]any{
		"Namespace": m.Namespace, "Image": m.Image, "Watched": watched, "Port": Port,
		"Keep": fmt.Sprintf("%dh", int(math.Ceil(m.Keep.Hours()))), "MaxBytes": m.MaxBytes,
		"Volume": fmt.Sprintf("%dMi", m.MaxBytes/mib*5/4+64), // what is kept, and room to write
	})
	return out.Bytes(), err
}
