// Package kubernetes fetches what a cluster tells of its workloads, as its API
// answers: the events of core/v1 and, where only those may be read, of
// events.k8s.io/v1, in the form in which kubectl get events -o json prints them; and
// the rollouts of apps/v1, that is replica sets and deployments, of which only what
// tells of them is kept.
//
// A cluster forgets events after an hour. What packages spool and watch below have
// seen is asked for in the same form from the address of a watcher.
package kubernetes

import (
	"cmp"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/secret"
)

// InCluster is what people enter for the address of the cluster that we run in.
const InCluster = "in-cluster"

// accountDir is where a pod has the credential of its service account.
const accountDir = "/var/run/secrets/kubernetes.io/serviceaccount"

// mostNamespaces bounds the settings.
const mostNamespaces = 100

// Vendor returns the vendor for a list.
func Vendor() connector.Vendor {
	return connector.Vendor{
		Name: "kubernetes", Title: "Kubernetes", Roles: []connector.Role{connector.Fetches},
		Fields: []connector.Field{
			{Name: "url", Title: "Address of the API server", Help: "such as https://10.0.0.1:6443; " + InCluster + " where Hindcast itself runs in that cluster, with its service account; empty when only a watcher is asked", Optional: true},
			{Name: "token", Title: "Bearer token", Help: "of a service account that may list events, and deployments and replica sets where rollouts are wanted", Secret: true, Optional: true},
			{Name: "watcher", Title: "Address of a watcher", Help: "where hindcast watch kubernetes listens, which keeps events longer than the hour that a cluster does", Optional: true},
			{Name: "watcher_token", Title: "Token of the watcher", Help: "that is in the file it was started with", Secret: true, Optional: true},
			{Name: "ca", Title: "Certificates of the authorities", Help: "that signed the certificates of the two, as they stand in ca.crt; empty when this system trusts them anyway", Optional: true, Long: true},
			{Name: "namespaces", Title: "Namespaces", Help: "one a line or separated by commas; empty for all", Optional: true, Long: true},
		},
		Check: func(s connector.Settings) (string, error) {
			c, err := open(s, connector.Deps{}, os.Getenv, accountDir)
			if err != nil {
				return "", err
			}
			return c.where(), nil
		},
		Open: func(s connector.Settings, d connector.Deps) (any, error) {
			c, err := open(s, d, os.Getenv, accountDir)
			if err != nil {
				return nil, err
			}
			return c, nil
		},
	}
}

// Cluster is one cluster: its API server, its watcher, or both. One of them is there.
type Cluster struct {
	api, watcher *Server
	namespaces   []string // one empty name for all
	deps         connector.Deps
}

// Of returns the cluster that an API server is of. One empty name stands for all
// namespaces.
func Of(api *Server, namespaces []string, d connector.Deps) *Cluster {
	return &Cluster{api: api, namespaces: namespaces, deps: d}
}

// open reads settings. getenv and dir tell of the cluster that we run in.
func open(s connector.Settings, d connector.Deps, getenv func(string) string, dir string) (*Cluster, error) {
	var faults []string
	c := &Cluster{deps: d}
	var err error
	if c.namespaces, err = Namespaces(s["namespaces"].Reveal()); err != nil {
		faults = append(faults, err.Error())
	}
	ca := fixed(s["ca"].Reveal())
	if text := s["ca"].Reveal(); text != "" && !hasCertificate(text) {
		faults = append(faults, "ca: paste certificates with their lines BEGIN CERTIFICATE and END CERTIFICATE")
	}
	switch address := strings.TrimRight(s["url"].Reveal(), "/"); {
	case address == "" && s["watcher"].IsZero():
		faults = append(faults, "url: write an address such as https://10.0.0.1:6443, or that of a watcher below")
	case address == "":
	case address == InCluster:
		if c.api, err = Here(getenv, dir); err != nil {
			faults = append(faults, "url: "+err.Error())
		} else {
			c.api.HTTP = d.HTTP
		}
	default:
		if _, ok := connector.Address(address); !ok {
			faults = append(faults, "url: write an address such as https://10.0.0.1:6443")
		}
		c.api = &Server{Address: address, Token: given(s["token"]), CA: ca, HTTP: d.HTTP}
	}
	if address := strings.TrimRight(s["watcher"].Reveal(), "/"); address != "" {
		if _, ok := connector.Address(address); !ok {
			faults = append(faults, "watcher: write an address such as https://watcher.example.org:8790")
		}
		c.watcher = &Server{Address: address, Token: given(s["watcher_token"]), CA: ca, HTTP: d.HTTP}
		if s["watcher_token"].IsZero() {
			faults = append(faults, "watcher_token: enter the token that the watcher was started with")
		}
	}
	if faults != nil {
		return nil, connector.Wrong(faults)
	}
	return c, nil
}

// where says for people where the settings lead.
func (c *Cluster) where() string {
	var parts []string
	if c.api != nil {
		parts = append(parts, c.api.Address)
	}
	if c.watcher != nil {
		parts = append(parts, "watcher "+c.watcher.Address)
	}
	return strings.Join(parts, ", ")
}

// Here returns the API server of the cluster that a program with this environment
// runs in. The token and the certificate of its service account are read from dir, or
// where pods have them when that is empty, before every use, because they are replaced
// while a pod runs.
func Here(getenv func(string) string, dir string) (*Server, error) {
	host, port := getenv("KUBERNETES_SERVICE_HOST"), cmp.Or(getenv("KUBERNETES_SERVICE_PORT"), "443")
	if host == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "this program does not run in a cluster; write the address of the API server")
	}
	dir = cmp.Or(dir, accountDir)
	return &Server{Address: "https://" + net.JoinHostPort(host, port), Token: TokenFile(filepath.Join(dir, "token")), CA: File(filepath.Join(dir, "ca.crt"))}, nil
}

// File returns what reads a file whenever it is asked.
func File(path string) func() ([]byte, error) {
	return func() ([]byte, error) {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, hindcast.Errorf(hindcast.Unavailable, "%s cannot be read; look whether it is there for the user that runs hindcast", path)
		}
		return b, nil
	}
}

// TokenFile returns what reads a token from a file whenever it is asked.
func TokenFile(path string) func() (secret.Text, error) {
	read := File(path)
	return func() (secret.Text, error) {
		b, err := read()
		text := strings.TrimSpace(string(b))
		if err == nil && text == "" {
			err = hindcast.Errorf(hindcast.Unavailable, "%s is empty; put the token into it", path)
		}
		return secret.New(text), err
	}
}

func given(token secret.Text) func() (secret.Text, error) {
	return func() (secret.Text, error) { return token, nil }
}

func fixed(text string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(text), nil }
}

// label is how namespaces are named.
var label = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$`)

// Namespaces reads names of namespaces; one empty name, for all, when there are none.
func Namespaces(text string) ([]string, error) {
	list := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' || r == '\t' })
	if len(list) > mostNamespaces {
		return nil, hindcast.Errorf(hindcast.Invalid, "namespaces: write at most %d", mostNamespaces)
	}
	for _, name := range list {
		if !label.MatchString(name) {
			return nil, hindcast.Errorf(hindcast.Invalid, "namespaces: %.70q is no name of a namespace", name)
		}
	}
	if len(list) == 0 {
		list = []string{""}
	}
	return list, nil
}
