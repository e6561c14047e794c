package audit

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

func isVault(f jsonrec.Fields) bool {
	return f.Has("time", "type", "request.operation", "request.path") && (f["type"] == "request" || f["type"] == "response")
}

// vaultEntry is an entry of the audit log of Vault or OpenBao.
type vaultEntry struct {
	Time  string `json:"time"`
	Type  string `json:"type"`
	Error string `json:"error"`
	Auth  struct {
		Name     string            `json:"display_name"`
		Metadata map[string]string `json:"metadata"`
	} `json:"auth"`
	Request struct {
		ID        string `json:"id"`
		Operation string `json:"operation"`
		Path      string `json:"path"`
		Namespace struct {
			Path string `json:"path"`
		} `json:"namespace"`
	} `json:"request"`
}

var (
	// vaultUse are the paths that are written to without changing anything: who logs in,
	// has something encrypted, signed or issued, or keeps a lease.
	vaultUse = lazyregexp.New(`^(?:auth/[^/]+(?:/[^/]+)*/login(?:/|$)|auth/token/(?:create|renew|lookup|revoke)|sys/(?:leases/(?:renew|lookup|revoke)|renew|revoke|wrapping/|tools/|capabilities|internal/|health|metrics)|identity/lookup)|` +
		`/(?:secret-id|encrypt|decrypt|rewrap|datakey|sign|verify|hmac|hash|random|issue|creds|sign-verbatim|validate|code|lookup|login|renew-self|lookup-self)(?:/|$)`)
	// vaultSecret are the paths of secrets that are kept, whatever they are called.
	vaultSecret = lazyregexp.New(`^[^/]+/(?:data|metadata|delete|undelete|destroy)/`)
	// vaultDeed is the last part of a path that is what is done to the rest.
	vaultDeed = lazyregexp.New(`^(.+)/(rotate|rotate-root|revoke|trim|tidy|destroy|undelete|seal|unseal|step-down|rotate-role)$`)
	// vaultMachine is how those are called that log in by where they run.
	vaultMachine = lazyregexp.New(`^(?:kubernetes|approle|aws|gcp|azure|cert|jwt|nomad|token-terraform)\b`)
)

// vault reads an entry of Vault's audit log: the answer to what changed something. What was
// refused is a line of a log.
func (rd *reading) vault(rec jsonrec.Record) {
	var v vaultEntry
	if !rec.Decode(&v, rd.sink) {
		return
	}
	switch v.Request.Operation {
	case "create", "update", "delete", "patch", "rollback":
	default:
		if v.Error != "" && v.Type == "response" {
			rd.line(rec)
		}
		return
	}
	kept := vaultSecret.MatchString(v.Request.Path)
	switch {
	case v.Type != "response":
		return
	case v.Error != "":
		rd.line(rec)
		return
	case !kept && vaultUse.MatchString(v.Request.Path):
		return
	}
	path := strings.Trim(v.Request.Namespace.Path+v.Request.Path, "/")
	e := hindcast.Event{
		Kind: hindcast.ConfigChange, Actor: rd.actor(cmp.Or(v.Auth.Metadata["username"], v.Auth.Name), "Vault"), Title: v.Request.Operation + " " + path,
		Attrs: map[string]string{"object": path, "operation": v.Request.Operation},
	}
	if vaultMachine.MatchString(v.Auth.Name) {
		e.Actor.Kind = hindcast.Automation
	}
	if m := vaultDeed.FindStringSubmatch(path); m != nil && !kept {
		e.Title, e.Attrs["object"] = m[2]+" "+m[1], m[1]
	}
	if v.Request.ID != "" {
		e.ID = "vault:" + v.Request.ID
	}
	rd.Write(rec.Ref(), v.Time, e)
}
