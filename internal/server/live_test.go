package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/config"
)

// TestAReplicaTellsWhatAnotherWrote follows a post-mortem on one server while it is
// edited on another, and stops the first with the stream open.
func TestAReplicaTellsWhatAnotherWrote(t *testing.T) {
	t.Parallel()
	db, data := postgres.URL(t), t.TempDir()
	share := func(c *config.Config) { c.DB, c.Data = db, data }
	here, _ := listen(t, share)
	there, _ := listen(t, share)
	admin := here.admin()
	member := admin.invited("member@example.org", "member")
	var d struct {
		ID     string
		Number int64
	}
	admin.api("POST", "/incidents", map[string]string{"title": "Ledger outage"}, &d)
	path := fmt.Sprintf("/p/%d/live", d.Number)
	if res, body := member.do("GET", path, "", ""); res.StatusCode != http.StatusNotFound || strings.Contains(body, "Ledger") {
		t.Errorf("following a draft of others: %s", res.Status)
	}
	r, err := http.NewRequestWithContext(t.Context(), "GET", there.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := admin.http.Do(r) // the session is in the database that both share
	if err != nil || res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("following: %v %v", res, err)
	}
	defer func() { _ = res.Body.Close() }() // read to its end
	lines := bufio.NewScanner(res.Body)
	until := func(want string) bool {
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), want) {
				return true
			}
		}
		return false
	}
	if !until("retry: ") {
		t.Fatal("the stream does not begin")
	}
	admin.api("PATCH", "/incidents/"+d.ID, map[string]any{"changes": []map[string]any{{"path": "owner", "value": "Payments team"}}}, nil)
	if !until("event: version") || !until("data: ") || !strings.Contains(lines.Text(), `"by":"Admin"`) {
		t.Errorf("the stream says %q, want who changed it", lines.Text())
	}
	admin.api("POST", "/incidents/"+d.ID+"/threads", map[string]any{"anchor": map[string]string{"path": "sections/summary"}, "text": "What did it cost?"}, nil)
	if !until("event: beside") || !until("data: ") || lines.Text() != "data: 1" {
		t.Errorf("after a comment on the other server the stream says %q, want data: 1", lines.Text())
	}
	// Who signs out is told nothing more.
	r2, err := http.NewRequestWithContext(t.Context(), "GET", there.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	other := here.browser()
	other.http.Jar.SetCookies(r2.URL, admin.http.Jar.Cookies(r2.URL))
	second, err := other.http.Do(r2)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = second.Body.Close() }() // read to its end
	admin.do("POST", "/sign-out", "application/x-www-form-urlencoded", "")
	if rest, err := io.ReadAll(second.Body); err != nil || !strings.Contains(string(rest), "event: gone") {
		t.Errorf("after signing out the stream says %q, %v", rest, err)
	}
	if !until("event: gone") {
		t.Error("the first stream does not end")
	}
	there.stop()
	if until("event: ") {
		t.Errorf("at its end the stream says %q", lines.Text())
	}
}
