package account

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

func TestUnsentKeepsWhatIsWrittenInPostMortems(t *testing.T) {
	tests := []struct {
		path string
		kept bool
	}{
		{"/p/3/part", true},
		{"/settings/account/password", false}, // holds passwords, whatever its fields are called
		{"/settings/connections/new", false},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(http.MethodPost, tt.path, nil)
		r.PostForm = url.Values{"next": {"what was sent"}}
		if got := unsent(r) != nil; got != tt.kept {
			t.Errorf("unsent(%s) keeps the form: %t, want %t", tt.path, got, tt.kept)
		}
	}
}
