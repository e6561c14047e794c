// Package sample holds three sample incidents as raw evidence: a deployment, a
// capacity shortage and a third party's outage. They are made up, with people as
// roles, and serve tests, the demo and whoever wants to try Hindcast first.
//
// Beside each incident's evidence lies truth.json, which tests hold the
// timeline against, and post-mortem.md, as people would have completed the
// draft of that evidence.
package sample

import (
	"embed"
	"io/fs"
)

//go:embed incidents
var files embed.FS

// Incident is one sample incident.
type Incident struct {
	Slug  string // its folder
	Title string
}

// All returns the sample incidents, the earliest first.
func All() []Incident {
	return []Incident{
		{"2024-03-15-mobile-api", "Mobile API outage after the rollout of v2.8.0"},
		{"2024-04-03-background-jobs", "Background jobs delayed by more than four hours"},
		{"2024-05-12-payment-gateway", "Checkout unavailable while the payment gateway was down"},
	}
}

// Files returns the incident's folder: README.md, truth.json, post-mortem.md and
// evidence.
func (i Incident) Files() fs.FS {
	sub, err := fs.Sub(files, "incidents/"+i.Slug)
	if err != nil {
		panic(err) // the folders are compiled in
	}
	return sub
}
