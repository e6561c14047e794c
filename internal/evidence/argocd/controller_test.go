package argocd_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/argocd"
)

func TestStarted(t *testing.T) {
	for _, tt := range []struct{ message, fields, want string }{
		{"Initiated automated sync to '9b1c2d3'", "application=argocd/cart", "cart: Initiated automated sync to '9b1c2d3'"},
		{"Initiated automated sync to '9b1c2d3'", "app-namespace=argocd application=cart project=default", "cart: Initiated automated sync to '9b1c2d3'"},
		{"Initiated automated sync to '9b1c2d3'", `"application":"argocd/cart","user":"automated"`, "cart: Initiated automated sync to '9b1c2d3'"},
		{"engineer-a initiated rollback to 118", "application=argocd/cart user=engineer-a", "cart: engineer-a initiated rollback to 118"},
		{"Initiated rollback to history id 118 (revision '9b1c2d3')", "application=argocd/cart user=engineer-a", "cart: engineer-a initiated rollback to history id 118 (revision '9b1c2d3')"},
		{"Initiated sync to 9b1c2d3 by engineer-a", "application=argocd/cart", "cart: engineer-a initiated sync to 9b1c2d3"},
		{"Initiated automated sync to '9b1c2d3'", "", ""},
		{"Initiated shutdown", "application=argocd/cart", ""},
		{"Initiated rollback of transaction 8812", "application=payments user=engineer-a", ""},
		{"Initiated sync with the CRM, 412 contacts", "application=crm", ""},
		{"engineer-a initiated sync of folder /Reports", "application=drive", ""},
		{"Initiated automated partial sync (self heal) to 'a41c0e7'", "application=argocd/cart", "cart: Initiated automated partial sync (self heal) to 'a41c0e7'"},
		{"Reconciliation completed", "application=argocd/cart", ""},
	} {
		got := ""
		if e, ok := argocd.Started([]byte(tt.message), []byte("msg=\""+tt.message+"\" "+tt.fields)); ok {
			got = e.Service + ": " + e.Title
		}
		if got != tt.want {
			t.Errorf("Started(%q, %q) = %q, want %q", tt.message, tt.fields, got, tt.want)
		}
	}
}
