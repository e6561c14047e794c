// Package audiencetest makes post-mortems for tests of who sees what.
package audiencetest

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
)

// vocabulary are values for fields that hold a word of the vocabulary, so that
// what depends on them is shown.
var vocabulary = map[reflect.Type]string{
	reflect.TypeFor[hindcast.IncidentKind]():    string(hindcast.KindNearMiss),
	reflect.TypeFor[hindcast.Status]():          string(hindcast.StatusApproved),
	reflect.TypeFor[hindcast.Category]():        string(hindcast.ProcessGap),
	reflect.TypeFor[hindcast.SectionKind]():     string(hindcast.SectionSummary),
	reflect.TypeFor[hindcast.EntryKind]():       string(hindcast.Decided),
	reflect.TypeFor[hindcast.ActorKind]():       string(hindcast.System),
	reflect.TypeFor[hindcast.Tag]():             string(hindcast.Root),
	reflect.TypeFor[hindcast.Bone]():            string(hindcast.BonePeople),
	reflect.TypeFor[hindcast.Gap]():             string(hindcast.GapReview),
	reflect.TypeFor[hindcast.Answer]():          string(hindcast.AnswerNo),
	reflect.TypeFor[hindcast.ObservationKind](): string(hindcast.Luck),
	reflect.TypeFor[hindcast.Stage]():           string(hindcast.StageResponse),
	reflect.TypeFor[hindcast.Effect]():          string(hindcast.ImprovesDetection),
	reflect.TypeFor[hindcast.Priority]():        string(hindcast.PriorityMedium),
	reflect.TypeFor[hindcast.ActionStatus]():    string(hindcast.ActionVerified),
	reflect.TypeFor[hindcast.NumberState]():     string(hindcast.Measured),
	reflect.TypeFor[hindcast.SLOOutcome]():      string(hindcast.SLOViolated),
	reflect.TypeFor[hindcast.Criterion]():       string(hindcast.CriterionLearning),
}

// Marked is a post-mortem with a marker of its own in every field.
type Marked struct {
	Post    hindcast.Postmortem
	Markers map[string]string // by path
	n       int
}

// New returns a post-mortem with a marker of its own in every field.
func New(t *testing.T) *Marked {
	t.Helper()
	m := &Marked{Markers: map[string]string{}}
	m.fill(t, reflect.ValueOf(&m.Post).Elem(), "")
	// What refers to another record refers to the one that is there.
	m.Post.Timeline[0].Decision.Known = []string{m.Post.Timeline[0].ID}
	m.Post.Timeline[0].Prefer.Entry = m.Post.Timeline[0].ID
	m.Post.Actions[0].Factors = []string{m.Post.Factors[0].ID}
	m.Post.Factors[0].LedTo[0].To = hindcast.Outcome
	held := m.Post.Factors[0]
	held.ID, held.RuledOutBy, held.TagBefore = "f2", "", ""
	m.Post.Factors = append(m.Post.Factors, held)
	m.Post.Timeline[0].Decision.NotKnown = m.Post.Timeline[0].Decision.Known
	for _, path := range []string{"timeline.decision.known", "timeline.decision.not_known", "actions.factors", "factors.led_to.to"} {
		delete(m.Markers, path)
	}
	m.Post.Incident.PhaseWhy = map[string]string{"started_at": m.Markers["incident.phase_why"]}
	m.Post.Actions[0].Owner += " team" // only teams are shown outside
	m.Post.Owner += " team"
	return m
}

// fill gives a value and all within it markers.
func (m *Marked) fill(t *testing.T, v reflect.Value, path string) {
	t.Helper()
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() || v.Type() == reflect.TypeFor[hindcast.Date]() {
			m.n++
			at := time.Date(2031, 1, 1, 0, 0, m.n, 0, time.UTC)
			if v.Type() == reflect.TypeFor[hindcast.Date]() {
				v.Set(reflect.ValueOf(hindcast.DateOf(at.AddDate(0, 0, m.n))))
			} else {
				v.Set(reflect.ValueOf(at))
			}
			text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
			if err != nil {
				t.Fatal(err)
			}
			m.Markers[path] = string(text)
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			at := strings.TrimPrefix(path+"."+name, ".")
			if f.Anonymous {
				at = path
			}
			m.fill(t, v.Field(i), at)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		m.fill(t, v.Index(0), path)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		m.fill(t, v.Elem(), path)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		m.mark(path)
	case reflect.String:
		if word, ok := vocabulary[v.Type()]; ok {
			v.SetString(word)
			return
		}
		if v.Type() != reflect.TypeFor[string]() {
			t.Fatalf("%s: give the vocabulary of the test a value for %s", path, v.Type())
		}
		v.SetString(m.mark(path))
	case reflect.Int, reflect.Int64:
		m.n++
		v.SetInt(int64(7000 + m.n))
		m.Markers[path] = strconv.Itoa(7000 + m.n)
	case reflect.Float64:
		m.n++
		v.SetFloat(float64(m.n) / 16)
	case reflect.Bool:
		v.SetBool(true)
	default:
		t.Fatalf("%s: the test cannot fill a %s", path, v.Kind())
	}
}

func (m *Marked) mark(path string) string {
	m.n++
	s := fmt.Sprintf("mark%03dq", m.n)
	m.Markers[path] = s
	return s
}

// Survivors returns the paths whose markers stand in a text.
func (m *Marked) Survivors(text string) []string {
	var out []string
	for path, mark := range m.Markers {
		if strings.Contains(text, mark) {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

// Field returns the path of the field that holds a marker; empty when none does.
func (m *Marked) Field(marker string) string {
	for path, mark := range m.Markers {
		if mark == marker {
			return path
		}
	}
	return ""
}
