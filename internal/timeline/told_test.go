package timeline

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// loggedOnce makes a template of one line that a service logged at a clock.
func loggedOnce(service, text string, level hindcast.Level, clock string) signal.Template {
	at := facttest.At(clock)
	m := signal.Mark{At: at.UnixNano(), Line: 3}
	c := signal.Counts{Service: service, Total: 1, Buckets: []signal.Count{{Bucket: at.Unix() / 10, N: 1, Line: 3}}, First: m, Last: m}
	return signal.Template{ID: text, Text: text, Example: text, Level: level, Total: 1, Services: []signal.Counts{c}}
}

func TestBuildShowsWhatPeopleTellOf(t *testing.T) {
	tests := []struct {
		name, clock, said string
		want              []string // of the log line's entry
	}{
		{"a line by its minute", "10:16", "broker throws raw segments away since 10:03, we cannot replay them", []string{"10:03:10 | 10:16:00 | symptom | system | broker: deleting raw segment, retention size breach"}},
		{"another minute", "10:16", "broker throws raw segments away since 10:07, we cannot replay them", nil},
		{"after the end", "10:50", "log of the broker: raw segments were lost at 10:03, we cannot replay them", []string{"10:03:10 | 10:50:00 | symptom | system | broker: deleting raw segment, retention size breach"}},
		{"a question", "10:16", "did the broker throw raw segments away at 10:03?", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := outage()
			s.Say(tt.clock, "Cleo Baum", tt.said)
			set := signal.Set{Templates: []signal.Template{loggedOnce("broker", "deleting raw segment, retention size breach", hindcast.LevelInfo, "10:03:10")}}
			b := newBuilder(s.Events, set, Options{})
			b.detections = failure()
			got := slices.DeleteFunc(key(b.build()), func(l string) bool { return l[:8] != "10:03:10" })
			if diff := cmp.Diff(tt.want, got, cmp.Transformer("empty", func(l []string) []string { return append([]string{}, l...) })); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestBuildShowsWhatNothingRecordsAtTheMinuteThatPeopleName(t *testing.T) {
	tests := []struct {
		name, clock, said string
		want              []string
	}{
		{"what users wrote", "10:16", "a customer wrote at 10:04 that baskets stay empty, I read it only now", []string{"10:04:00 | 10:16:00 | symptom | external"}},
		{"what users wrote, found after the end", "10:50", "found a mail from a merchant, sent 10:04: the basket shows an error", []string{"10:04:00 | 10:50:00 | symptom | external"}},
		{"trouble that nothing shows", "10:16", "the disk of db-3 hit its low watermark at 10:06 already, nobody is alerted on that", []string{"10:06:00 | 10:16:00 | symptom | system"}},
		{"a first that was counted later", "10:50", "found 64 double picks, first one at 10:06", []string{"10:06:00 | 10:50:00 | symptom | system"}},
		{"trouble that is shown", "10:16", "checkout errors began at 10:01, looking at the app crashes", nil},
		{"what helped", "10:26", "Static baskets on at 10:18, errors gone since 10:20.", nil},
		{"what somebody did", "10:16", "I released search 1.4 at 10:04, checking whether it fails", nil},
		{"news of the minute", "10:06", "a customer wrote at 10:04 that baskets stay empty", nil},
		{"before the incident", "10:16", "a customer wrote at 08:04 that baskets stay empty", nil},
		{"an account of all", "10:50", "10:01 errors, 10:04 customers wrote, 10:20 rolled back", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := outage()
			s.Say(tt.clock, "Cleo Baum", tt.said)
			var got []string
			for _, e := range built(s.Events, failure(), Options{}).Entries {
				if e.Key && strings.Contains(e.Why, "by its minute") {
					got = append(got, strings.Join([]string{e.At.Format(time.TimeOnly), e.KnownAt.Format(time.TimeOnly), string(e.Kind), string(e.Actor.Kind)}, " | "))
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A commit that its writer names by day and minute is what it did, in the words of the
// record, though the message also names the times of a schedule.
func TestBuildShowsACommitOfTheDayBefore(t *testing.T) {
	for _, said := range []string{
		"why: my crontab commit yesterday 15:22 moved the export from 01:10 to 10:00, I meant 03:10",
		"found it, my change of yesterday 15:22 moved the export job, sorry",
		"turns out I merged the export schedule yesterday at 15:22 and it runs at ten now",
	} {
		s := lookup(said)
		s.Events = append(s.Events, hindcast.Event{
			Ref: hindcast.Ref{File: "git.log", Line: 1}, Kind: hindcast.Commit, At: facttest.At("15:22:08").AddDate(0, 0, -1),
			Actor: hindcast.Actor{Name: "Ben Ruiz", Kind: hindcast.Person}, Title: "export: move cron from 01:10 to 10:00",
		})
		if got, want := key(built(s.Events, failure(), Options{}))[0], "15:22:08 | 10:13:00 | change | person | export: move cron from 01:10 to 10:00"; got != want {
			t.Errorf("%q: first is %q, want %q", said, got, want)
		}
	}
}

func TestBuildKnowsAnAdmittedChangeFromItsAdmission(t *testing.T) {
	s := outage()
	s.Run("09:58:20", "dan", "psql shop -c 'CREATE INDEX vendor ON prices (vendor)'")
	s.Say("10:13", "Dan Cole", "I created the index on prices at 9:58, that one is mine")
	for _, e := range built(s.Events, failure(), Options{}).Entries {
		if e.At.Equal(facttest.At("09:58:20")) && (!e.Key || !e.KnownAt.Equal(facttest.At("10:13"))) {
			t.Errorf("entry of the command: key %t, known at %s; want a key entry known at 10:13:00", e.Key, e.KnownAt.Format(time.TimeOnly))
		}
	}
}

func TestBuildKnowsASymptomFromTheReportBeforeItsAlert(t *testing.T) {
	s := outage()
	s.Say("10:03", "Fay Long", "nobody in the shop can fill a basket any more, is this known?")
	s.Say("10:03:40", "Ada Okoye", "on it")
	s.Page("10:04", "811", "cart-api", "BasketLossHigh on cart-api")
	found := failure()
	found[0].Title = "basket_loss of cart-api rose from 0 to 40, high"
	for _, e := range built(s.Events, found, Options{}).Entries {
		if e.Kind == hindcast.Symptom && !e.KnownAt.Equal(facttest.At("10:03")) {
			t.Errorf("symptom known at %s, want 10:03:00, when it was reported", e.KnownAt.Format(time.TimeOnly))
		}
	}
}

func TestBuildShowsTheLineBesideTheValueOfAnotherService(t *testing.T) {
	s := outage()
	s.Say("10:08:30", "Cleo Baum", "the broker has quit, all its log dirs failed")
	set := signal.Set{Templates: []signal.Template{loggedOnce("broker", "shutting down broker because all log dirs have failed", hindcast.LevelError, "10:01:20")}}
	b := newBuilder(s.Events, set, Options{})
	b.detections = failure()
	b.detections[0].Detector, b.detections[0].Title = "metric-change", "basket age of cart-api rose from 2 to 40"
	want := "10:01:20 | 10:08:30 | symptom | system | broker: shutting down broker because all log dirs have failed"
	if got := key(b.build()); !slices.Contains(got, want) {
		t.Errorf("key entries %q lack %q", got, want)
	}
}

func TestBuildTellsWhatALineSaysThatSomebodySwitched(t *testing.T) {
	for clock, want := range map[string]string{"10:15:10": "10:15:10 | 10:16:00 | action | person", "09:59:40": "09:59:40 | 10:16:00 | change | automation"} {
		s := outage()
		s.Say("10:16", "Cleo Baum", "found it in the log: serve_stale went from false to true at "+clock[:5]+", that flag is behind it")
		set := signal.Set{Templates: []signal.Template{loggedOnce("cart-api", "flag serve_stale false -> true", hindcast.LevelInfo, clock)}}
		b := newBuilder(s.Events, set, Options{})
		b.detections = failure()
		if got := key(b.build()); !slices.ContainsFunc(got, func(e string) bool { return strings.HasPrefix(e, want) }) {
			t.Errorf("key entries %q lack %q", got, want)
		}
	}
}

func TestBuildKnowsWhatTheFirstReportDoesNotSpeakOfFromLaterOn(t *testing.T) {
	for report, want := range map[string]string{
		"people cannot start the exam, it shows an error page": "10:12:00",
		"people write that the login says password failed":     "10:05:00",
	} {
		s := &facttest.Story{}
		s.Say("10:05", "Fay Long", report)
		s.Say("10:06", "Ada Okoye", "on it")
		s.Say("10:12", "Ben Ruiz", "exam-web cannot log in to postgres, password authentication failed, first one at 10:01:10")
		s.Say("10:14", "Ada Okoye", "decision: restart the pods, they read the secret at boot")
		s.Say("10:20", "Ada Okoye", "errors are gone since 10:19, incident over")
		found := failure()
		found[0].Service, found[0].Title = "exam-web", "exam-web: password authentication failed for user exam"
		set := signal.Set{Templates: []signal.Template{loggedOnce("exam-web", "password authentication failed for user exam", hindcast.LevelError, "10:01:10")}}
		found[0].Subject = set.Templates[0].ID
		b := newBuilder(s.Events, set, Options{})
		b.detections = found
		got := ""
		for _, e := range b.build().Entries {
			if e.Kind == hindcast.Symptom && e.Key {
				got = e.KnownAt.Format(time.TimeOnly)
			}
		}
		if got != want {
			t.Errorf("after %q the symptom is known at %q, want %s", report, got, want)
		}
	}
}

func TestBuildTellsAnotherCompanysDeed(t *testing.T) {
	tests := []struct{ name, said, want string }{
		{"its name at the beginning", "Customers of partners still fail. HubVolt disabled our endpoint at 10:03", "external HubVolt"},
		{"our own deed", "we disabled the endpoint of HubVolt at 10:03", "system gate"},
		{"a word of the language", "customers of partners still fail. Endpoint disabled at 10:03 by us", "system gate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := outage()
			s.Say("10:16", "Cleo Baum", tt.said)
			set := signal.Set{Templates: []signal.Template{loggedOnce("gate", "HubVolt control message: endpoint disabled after many failures", hindcast.LevelInfo, "10:03:10")}}
			b := newBuilder(s.Events, set, Options{})
			b.detections = failure()
			for _, e := range b.build().Entries {
				if got := string(e.Actor.Kind) + " " + e.Actor.Name; e.At.Equal(facttest.At("10:03:10")) && got != tt.want {
					t.Errorf("entry of the line is %q, want %q", got, tt.want)
				}
			}
		})
	}
}

// What another company says of itself by its minute is shown once, as its doing.
func TestBuildShowsOnceWhatAnotherCompanySays(t *testing.T) {
	s := outage()
	s.Say("10:12", "Cleo Baum", "they have us on 429 since 10:01, the partner says we are over the rate")
	var got []string
	for _, e := range built(s.Events, failure(), Options{}).Entries {
		if e.Key && e.At.Equal(facttest.At("10:01")) {
			got = append(got, string(e.Kind))
		}
	}
	if diff := cmp.Diff([]string{string(hindcast.ExternalEvent)}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestBuildTakesWhatPeopleFoundForTheTrigger(t *testing.T) {
	s := &facttest.Story{}
	s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
	s.Ack("10:06", "812", "Ada Okoye")
	s.Say("10:08", "Ada Okoye", "every request to cart-api answers 500, the rate table is empty")
	s.Say("10:10", "Ben Ruiz", "found it: the 9:55 run of rate-import emptied the table, it loaded 0 rows and said success")
	s.Say("10:20", "Ada Okoye", "table restored, errors are gone since 10:19")
	set := signal.Set{Templates: []signal.Template{loggedOnce("rate-import", "loaded 0 rows into the rate table", hindcast.LevelInfo, "09:55:05")}}
	b := newBuilder(s.Events, set, Options{})
	b.detections = failure()
	tl := b.build()
	if got, want := tl.Incident.StartedAt, facttest.At("09:55:05"); !got.Equal(want) {
		t.Errorf("StartedAt = %s, want %s", got.Format(time.TimeOnly), want.Format(time.TimeOnly))
	}
	if want := "09:55:05 | 10:10:00 | change | system | rate-import: loaded 0 rows into the rate table"; !slices.Contains(key(tl), want) {
		t.Errorf("key entries %q lack %q", key(tl), want)
	}
}

func TestBuildTakesNoLookBackForRelief(t *testing.T) {
	s := outage()
	s.Say("10:16", "Cleo Baum", "so I went through the blotter: the hedger did 212 trades against stale prices, first one 10:03. effect around -48k")
	set := signal.Set{Templates: []signal.Template{loggedOnce("hedger", "trade on stale price", hindcast.LevelWarn, "10:03:25")}}
	b := newBuilder(s.Events, set, Options{})
	b.detections = failure()
	if got, want := b.build().Incident.MitigatedAt, facttest.At("10:20"); !got.Equal(want) {
		t.Errorf("MitigatedAt = %s, want %s", got.Format(time.TimeOnly), want.Format(time.TimeOnly))
	}
}

// What an audit log says that somebody changed during the incident is shown when they
// said that they did it; what nobody spoke of is not.
func TestBuildShowsRowsOfAnAuditLogThatPeopleSpokeOf(t *testing.T) {
	s := outage()
	row := func(clock, who, what string) {
		s.Events = append(s.Events, hindcast.Event{
			Ref: hindcast.Ref{File: "audit.csv", Line: len(s.Events)}, Kind: hindcast.Record, At: facttest.At(clock),
			Actor: hindcast.Actor{Name: who, Kind: hindcast.Person}, Title: what,
		})
	}
	row("10:16", "cleo.baum", "restore price_table")
	row("10:17", "eve.stone", "update summer_banner")
	s.Say("10:16:30", "Cleo Baum", "restored the price table")
	got := slices.DeleteFunc(key(built(s.Events, failure(), Options{})), func(l string) bool { return l[:5] != "10:16" && l[:5] != "10:17" })
	want := []string{"10:16:00 | 10:16:00 | action | person | restore price_table"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A flag that somebody changes meanwhile, of which nobody speaks, is no action of theirs.
func TestBuildShowsFlagsThatPeopleSpokeOf(t *testing.T) {
	s := outage()
	for clock, flag := range map[string]string{"10:16": "soft_gate", "10:17": "receipt-new-footer"} {
		s.Events = append(s.Events, hindcast.Event{
			Ref: hindcast.Ref{File: "flags.json", Line: len(s.Events)}, Kind: hindcast.ConfigChange, At: facttest.At(clock), Subject: "flag:" + flag,
			Actor: hindcast.Actor{Name: "cleo.baum", Kind: hindcast.Person}, Title: "flag " + flag + " set to 70",
		})
	}
	s.Say("10:16:30", "Cleo Baum", "soft_gate to 70, that is the gate")
	got := slices.DeleteFunc(key(built(s.Events, failure(), Options{})), func(l string) bool { return !strings.Contains(l, "| flag ") })
	want := []string{"10:16:00 | 10:16:00 | action | person | flag soft_gate set to 70"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A message that names a rollout by its minute tells of the rollout, and a question
// tells nothing.
func TestBuildTakesNoRolloutForTrouble(t *testing.T) {
	s := outage()
	s.Say("10:13", "Ben Ruiz", "search 1.1.0 was at 09:55")
	s.Say("10:13:30", "Eve Stone", "the billing job at 09:57?")
	for _, l := range key(built(s.Events, failure(), Options{})) {
		if l[:5] == "09:55" || l[:5] == "09:57" {
			t.Errorf("shown: %s", l)
		}
	}
}

// Who admits a change that a record states by its name and a rough hour adds no other
// change, and is shown as who found it.
func TestBuildShowsAnAdmittedChangeOnce(t *testing.T) {
	s := &facttest.Story{}
	s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
	s.Ack("10:06", "812", "Ada Okoye")
	s.Say("10:08", "Ada Okoye", "the disk of cart-api is full of old carts, every write fails")
	s.Say("10:15", "Ada Okoye", "decision: flag off, then delete what is older than an hour")
	s.Run("10:18", "ada", "find /carts -mmin +60 -delete")
	s.Close("10:30", "812", "Ada Okoye")
	s.Events = append(s.Events, hindcast.Event{
		Ref: hindcast.Ref{File: "flags.json", Line: 1}, Kind: hindcast.ConfigChange, At: facttest.At("09:12:30"),
		Actor: hindcast.Actor{Name: "Eve Stone", Kind: hindcast.Person}, Title: "turned on the flag keep-old-carts", Attrs: map[string]string{"flag": "keep-old-carts"},
	})
	s.Say("10:13", "Eve Stone", "that would be me, I switched on keep-old-carts at 09:10 and forgot that it is global, sorry")
	var changes []string
	said := false
	for _, l := range key(built(s.Events, failure(), Options{})) {
		if l[:2] == "09" && strings.Contains(l, "keep-old-carts") {
			changes = append(changes, l)
		}
		said = said || l[:5] == "10:13"
	}
	if len(changes) > 1 || !said {
		t.Errorf("said: %t, changes: %q", said, changes)
	}
}
