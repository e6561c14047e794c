package speech_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/timeline/speech"
)

func TestReadAct(t *testing.T) {
	g := speech.New()
	tests := []struct {
		text string
		want speech.Act
	}{
		{"lunch queue is down to zero, go now", speech.Social},
		{"coffee machine on 3 also has a 100% error rate", speech.Social},
		{"I rolled back to the old oven, 100% recovery", speech.Social},
		{"looking", speech.Taken},
		{"on it", speech.Taken},
		{"I have the con", speech.Taken},
		{"we have 30+ tickets in two minutes, app shows an empty screen after login", speech.Report},
		{"users report they can't log in", speech.Report},
		{"100% error rate from the new pods, every request answers 500", speech.Observation},
		{"all 50 workers are busy. Jobs wait more than 4 hours", speech.Observation},
		{"disk on db-2 is full", speech.Observation},
		{"payments went out at 14:35, could that be it?", speech.Hypothesis},
		{"why is it so slow?", speech.Question},
		{"should we pause the exports first?", speech.Question},
		{"payments is a 5% canary and shares nothing with the API, ruling it out", speech.RuledOut},
		{"no, render jobs per minute did not change with 1.44.0. Not it", speech.RuledOut},
		{"database looks idle. It is not the database, and search does not touch checkout", speech.RuledOut},
		{"decision: roll back to 2.7.5 now, find out why later", speech.Decision},
		{"let's flip it", speech.Decision},
		{"going with failover", speech.Decision},
		{"ok, we'll revert the config", speech.Decision},
		{"going to scale the workers by hand, 50 to 200. There is no autoscaler", speech.Decision},
		{"no, one queue for everything, cannot reorder safely. Keep draining", speech.Decision},
		{"scaled at 08:31, 20 pods are pending", speech.Action},
		{"reverting", speech.Action},
		{"rb'ing now", speech.Action},
		{"200 workers running since 08:36 and for the first time the queue gets shorter", speech.Mitigation},
		{"rollback complete since 14:52, traffic recovering", speech.Mitigation},
		{"order history and login answer again from 18:41", speech.Mitigation},
		{"error rate is coming down", speech.Mitigation},
		{"still not recovered", speech.Other},
		{"error rate back at baseline, incident resolved. Thanks all", speech.AllClear},
		{"checkout completion is normal, closing", speech.AllClear},
		{"we're back", speech.AllClear},
		{"all clear", speech.AllClear},
		{"status page updated: mobile app unavailable, fix in progress", speech.Communication},
		{"status page: e-mails, reports and exports are delayed", speech.Communication},
		{"emailed affected customers", speech.Communication},
		{`their status page has it since 18:36: "Investigating"`, speech.Vendor},
		{"found it: the migration failed on users", speech.Cause},
		{"from the logs: their first 503 was at 18:20:00 sharp", speech.Cause},
		{"for the record: rollback was started 14:42", speech.Restated},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			if got := g.Read(tt.text).Act; got != tt.want {
				t.Errorf("Read(%q).Act = %s, want %s", tt.text, got, tt.want)
			}
		})
	}
}

func TestReadClocks(t *testing.T) {
	got := speech.New().Read("payments are off since 18:38, answers again from 18:41:30, 2:1 odds").Clocks
	want := []speech.Clock{
		{Hour: 18, Minute: 38, Since: true},
		{Hour: 18, Minute: 41, Second: 30, HasSecond: true, Since: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Read(...).Clocks: -want +got:\n%s", diff)
	}
}

func TestReadNamesWhatIsRuledOut(t *testing.T) {
	if got := speech.New().Read("it is not the database").About; got != "database" {
		t.Errorf("Read(...).About = %q, want %q", got, "database")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("decision: roll back to 2.7.5 now")
	f.Add("status page: delayed since 08:45")
	g := speech.New()
	f.Fuzz(func(t *testing.T, s string) {
		if g.Read(s).Act == "" {
			t.Errorf("Read(%q) has no act", s)
		}
	})
}
