package deliver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

func TestSecretsAreSealedShownOnceAndReplaced(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end, first, err := o.PutEndpoint(o.Context(), admin, deliver.Put{Kind: "webhook", Name: "Chat", Events: deliver.Events(), Settings: map[string]secret.Text{"url": secret.New(r.URL + "/s3cret-path"), "secret": secret.New("whsec_chosen")}})
		o.ok(err)
		second, err := o.RotateSecret(o.Context(), admin, end.ID)
		o.ok(err)
		one, two := first["secret"].Reveal(), second["secret"].Reveal()
		if !strings.HasPrefix(one, "whsec_") || !strings.HasPrefix(two, "whsec_") || one == two || one == "whsec_chosen" {
			t.Errorf("secrets %q and %q", one, two)
		}
		var signatures []int
		r.Config.Handler = http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
			signatures = append(signatures, len(strings.Fields(req.Header.Get("webhook-signature"))))
		})
		for range 2 {
			result, err := o.TestEndpoint(o.Context(), admin, end.ID)
			if o.ok(err); !result.OK {
				t.Errorf("test: %+v", result)
			}
			o.now = o.now.Add(25 * time.Hour)
		}
		if diff := cmp.Diff([]int{2, 1}, signatures); diff != "" {
			t.Errorf("signatures on the day of the change and after it (-want +got):\n%s", diff)
		}
		var row, audit string
		o.ok(o.store.DB().QueryRow(o.Context(), `select host || target || disabled_why from endpoint`).Scan(&row))
		lines, err := sqldb.All(o.Context(), o.store.DB(), func(scan func(...any) error) (s string, err error) { return s, scan(&s) }, `select act || detail from audit order by id`)
		o.ok(err)
		audit = strings.Join(lines, "\n")
		list, err := o.Endpoints(o.Context(), admin)
		o.ok(err)
		for _, s := range []string{"s3cret-path", one, two} {
			if strings.Contains(row+audit+fmt.Sprintf("%+v", list), s) {
				t.Errorf("%s is in the database, in the audit trail or in the list", s)
			}
		}
		for _, act := range []string{"endpoint.create", "endpoint.secret", "endpoint.test"} {
			if !strings.Contains(audit, act) {
				t.Errorf("the audit trail lacks %s:\n%s", act, audit)
			}
		}
	})
}

func TestATestSaysWhatIsWrong(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end := o.tell(r, nil)
		r.answers(http.StatusForbidden)
		result, err := o.TestEndpoint(o.Context(), admin, end.ID)
		if o.ok(err); result.OK || !strings.Contains(result.Answer, "403") || strings.Contains(result.Answer, "s3cret-token") {
			t.Errorf("test: %+v", result)
		}
		o.ok(o.DeleteEndpoint(o.Context(), admin, end.ID))
		if _, err := o.TestEndpoint(o.Context(), admin, end.ID); hindcast.CodeOf(err) != hindcast.NotFound {
			t.Errorf("testing what was removed = %v", err)
		}
	})
}

func TestOnlyAdminsDecideWhatLeaves(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end := o.tell(r, nil)
		o.begin(workflow.NewIncident{Title: "Outage"})
		id := o.only().ID
		for name, f := range map[string]func(v hindcast.Viewer) error{
			"list":    func(v hindcast.Viewer) error { _, err := o.Endpoints(o.Context(), v); return err },
			"get":     func(v hindcast.Viewer) error { _, err := o.Endpoint(o.Context(), v, end.ID); return err },
			"put":     func(v hindcast.Viewer) error { _, _, err := o.PutEndpoint(o.Context(), v, deliver.Put{}); return err },
			"delete":  func(v hindcast.Viewer) error { return o.DeleteEndpoint(o.Context(), v, end.ID) },
			"test":    func(v hindcast.Viewer) error { _, err := o.TestEndpoint(o.Context(), v, end.ID); return err },
			"rotate":  func(v hindcast.Viewer) error { _, err := o.RotateSecret(o.Context(), v, end.ID); return err },
			"history": func(v hindcast.Viewer) error { _, err := o.Deliveries(o.Context(), v, deliver.Filter{}); return err },
			"failed":  func(v hindcast.Viewer) error { _, err := o.RetryFailed(o.Context(), v, end.ID); return err },
			"message": func(v hindcast.Viewer) error { _, _, err := o.Delivery(o.Context(), v, id); return err },
			"retry":   func(v hindcast.Viewer) error { return o.Retry(o.Context(), v, id) },
			"cancel":  func(v hindcast.Viewer) error { return o.Cancel(o.Context(), v, id) },
			"approve": func(v hindcast.Viewer) error { return o.Approve(o.Context(), v, id) },
		} {
			for _, v := range []hindcast.Viewer{{}, lead, {PersonID: "admin", Role: hindcast.RoleAdmin, Scopes: []hindcast.Scope{hindcast.ScopeWrite}, TokenID: "t"}} {
				if err := f(v); hindcast.CodeOf(err) != hindcast.Denied {
					t.Errorf("%s by %+v = %v", name, v, err)
				}
			}
		}
	})
}

func TestANameThatAnotherConnectionHas(t *testing.T) {
	onBoth(t, func(o *office) {
		chat := deliver.Put{Kind: "webhook", Name: "Chat", Events: deliver.Events(), Settings: map[string]secret.Text{"url": secret.New("https://example.org")}}
		first, _, err := o.PutEndpoint(o.Context(), admin, chat)
		o.ok(err)
		refused := func(p deliver.Put) {
			o.Helper()
			if _, _, err := o.PutEndpoint(o.Context(), admin, p); hindcast.CodeOf(err) != hindcast.Invalid || !strings.Contains(err.Error(), "name: there is a connection Chat already, to https://example.org") {
				o.Errorf("%q: %v, want that there is one", p.Name, err)
			}
		}
		refused(chat)
		chat.Name = " chat "
		refused(chat)
		chat.Name = "Chat of the platform"
		second, _, err := o.PutEndpoint(o.Context(), admin, chat)
		o.ok(err)
		refused(deliver.Put{ID: second.ID, Name: "Chat", Events: deliver.Events()})
		o.ok(o.store.DB().Write(o.Context(), func(tx *sqldb.Tx) error { // as it could be before
			_, err := tx.Exec(o.Context(), `update endpoint set name = 'Chat' where id = $1`, second.ID)
			return err
		}))
		for _, name := range []string{"Chat", "CHAT"} {
			_, _, err = o.PutEndpoint(o.Context(), admin, deliver.Put{ID: first.ID, Name: name, Events: deliver.Events()})
			o.ok(err)
		}
	})
}

func TestWrongEndpointsAreRefusedWithEveryFault(t *testing.T) {
	onBoth(t, func(o *office) {
		good := deliver.Put{Kind: "webhook", Name: "Chat", Events: deliver.Events(), Settings: map[string]secret.Text{"url": secret.New("https://example.org")}}
		for want, change := range map[string]func(*deliver.Put){
			"name: ":                         func(p *deliver.Put) { p.Name = " " },
			"no event \"weather\"":           func(p *deliver.Put) { p.Events = append(p.Events[:1:1], "weather") },
			"name: say in up to 100 letters": func(p *deliver.Put) { p.Name, p.Events = "", nil },
			"events: choose some":            func(p *deliver.Put) { p.Name, p.Events = "", nil },
			"kind: ":                         func(p *deliver.Put) { p.Kind = "pigeon" },
			"url: ":                          func(p *deliver.Put) { p.Settings = nil },
		} {
			p := good
			change(&p)
			if _, _, err := o.PutEndpoint(o.Context(), admin, p); hindcast.CodeOf(err) != hindcast.Invalid || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if list, err := o.Endpoints(o.Context(), admin); err != nil || len(list) != 0 {
			t.Errorf("endpoints %v, %v", list, err)
		}
	})
}
