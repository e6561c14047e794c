package server_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/config"
)

// TestEveryKindOfConnectionIsInTheAPI holds that what people can add in the pages can
// be added by the API: the settings that are missing are named, not the kind.
func TestEveryKindOfConnectionIsInTheAPI(t *testing.T) {
	r, _ := listenWith(t, func(*config.Config) {}, time.Millisecond)
	admin := r.admin()
	_, page := admin.do("GET", "/settings/connections", "", "")
	kinds := regexp.MustCompile(`new\?kind=([a-z]+)"`).FindAllStringSubmatch(page, -1)
	if len(kinds) < 10 {
		t.Fatalf("the page offers %d kinds: %s", len(kinds), page)
	}
	for _, k := range kinds {
		_, said := admin.do("POST", "/api/v1/endpoints", "application/json", fmt.Sprintf(`{"kind":%q,"name":""}`, k[1]))
		if strings.Contains(said, "body.kind") || !strings.Contains(said, "body.name") {
			t.Errorf("a connection of the kind %s without a name: %s", k[1], said)
		}
	}
}
