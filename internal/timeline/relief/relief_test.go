package relief

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/logit"
	"github.com/hindcast/hindcast/internal/timeline/turn"
)

func TestSinceThen(t *testing.T) {
	at := func(clock, kind string, chance float64, improve bool, features ...string) *turn.Turn {
		o := &turn.Turn{At: facttest.At(clock), Chance: chance, Fact: &fact.Fact{}, Features: logit.Features{"kind:" + kind: 1}}
		o.Fact.Speech.Improve = improve
		for _, name := range features {
			o.Features[name] = 1
		}
		return o
	}
	named, said := at("10:12", turnNamed, 1, true), at("10:17", turnSaid, 0.9, true)
	since := at("10:15", turnNamed, 1, true, "since")
	for _, tt := range []struct {
		name          string
		chosen, other *turn.Turn
		want          string
	}{
		{"since when, after the moment of a deed", named, since, "10:15"},
		{"since when, before it was said", said, since, "10:15"},
		{"before the moment of a deed", named, at("10:10", turnNamed, 1, true, "since"), "10:12"},
		{"much later", named, at("10:25", turnNamed, 1, true, "since"), "10:12"},
		{"by and large", named, at("10:15", turnNamed, 1, true, "since", "approx"), "10:12"},
		{"hardly likely", named, at("10:15", turnNamed, 0.5, true, "since"), "10:12"},
		{"since when something was on", named, at("10:15", turnNamed, 1, false, "since"), "10:12"},
		{"two that say since when", since, at("10:16", turnNamed, 1, true, "since"), "10:15"},
	} {
		f := finder{course.Course{Result: &course.Result{Turns: []*turn.Turn{tt.chosen, tt.other}}}}
		if got := f.sinceThen(tt.chosen); !got.At.Equal(facttest.At(tt.want)) {
			t.Errorf("%s: sinceThen = %s, want %s", tt.name, got.At.Format("15:04"), tt.want)
		}
	}
}
