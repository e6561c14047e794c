package turn

import (
	_ "embed"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/logit"
	"github.com/hindcast/hindcast/internal/timeline/logit/logittest"
)

//go:embed table.tsv
var table string

func TestTable(t *testing.T) { logittest.Table(t, table, learned, Chooser{}, 0.70) }

func TestChoose(t *testing.T) {
	at := func(sec int) time.Time { return time.Unix(int64(sec), 0) }
	strong := &Turn{At: at(1000), Features: logit.Features{"x": 1}}
	list := []*Turn{{At: at(100), Features: logit.Features{"x": 0.8}}, {At: at(110), Features: logit.Features{"x": 0.8}}, {At: at(130), Features: logit.Features{"x": 0.7}}, strong}
	m := logit.Model{"x": 1}
	if got := Choose(list, m); got != list[0] {
		t.Errorf("Choose() = the turn at %v, want the likeliest of three in one minute", got.At)
	}
	if got := Choose(list[2:], m); got != strong {
		t.Errorf("Choose() = the turn at %v, want the likelier of two apart", got.At)
	}
	if Choose(nil, m) != nil {
		t.Error("Choose() of none is not nil")
	}
}
