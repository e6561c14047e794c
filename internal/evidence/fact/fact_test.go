package fact_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
	"github.com/hindcast/hindcast/internal/redact"
)

func TestWrite(t *testing.T) {
	ref := hindcast.Ref{File: "f", Line: 3}
	at := time.Date(2024, 5, 1, 9, 30, 0, 0, time.UTC)
	tests := []struct {
		name string
		at   string
		in   hindcast.Event
		want hindcast.Event
	}{
		{"title in one line", "2024-05-01T09:30:00Z", hindcast.Event{Title: " a\n\tb\x1b "}, hindcast.Event{Zone: "Z", Title: "a b"}},
		{"text that repeats the title", "2024-05-01T11:30:00+02:00", hindcast.Event{Title: "a b", Text: "a\nb"}, hindcast.Event{Zone: "+02:00", Title: "a b"}},
		{"text of a message", "1714555800", hindcast.Event{Kind: hindcast.Message, Title: "a", Text: "a"}, hindcast.Event{Kind: hindcast.Message, Zone: "Z", Title: "a", Text: "a"}},
		{"long title", "2024-05-01T09:30:00Z", hindcast.Event{Title: strings.Repeat("é", 300)}, hindcast.Event{Zone: "Z", Title: strings.Repeat("é", 199) + "…"}},
		{"long text", "2024-05-01T09:30:00Z", hindcast.Event{Text: strings.Repeat("a", 9000)}, hindcast.Event{Zone: "Z", Text: strings.Repeat("a", 8192)}},
		{"secrets", "2024-05-01T09:30:00Z", hindcast.Event{Title: "password=hunter22", Text: "token: abcdef123", Attrs: map[string]string{"cmd": "--api-key abcdef123", "empty": ""}},
			hindcast.Event{Zone: "Z", Title: "password=[redacted]", Text: "token: [redacted]", Attrs: map[string]string{"cmd": "--api-key [redacted]"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink := &recordtest.Sink{}
			w := fact.NewWriter(redact.New(), &record.File{Name: "f"}, sink)
			if !w.Write(ref, tt.at, tt.in) {
				t.Fatalf("Write: %v", sink.Problems)
			}
			tt.want.Ref, tt.want.At = ref, at
			if diff := cmp.Diff([]hindcast.Event{tt.want}, sink.Events); diff != "" {
				t.Errorf("Write: -want +got:\n%s", diff)
			}
		})
	}
}

func TestWriteProblems(t *testing.T) {
	sink := &recordtest.Sink{}
	w := fact.NewWriter(redact.New(), &record.File{Name: "f"}, sink)
	for line, at := range []string{"", "soon", "0001-01-01T00:00:00Z", "2024-05-01 09:30:00", "2024-05-01 09:31:00"} {
		w.Write(hindcast.Ref{File: "f", Line: line + 1}, at, hindcast.Event{})
	}
	var got []string
	for _, p := range sink.Problems {
		got = append(got, p.String())
	}
	const unread = "the record's time is missing or cannot be read; the record was skipped"
	want := []string{"f:1: " + unread, "f:2: " + unread, "f:3: " + unread, "f: times carry no zone and were read as UTC; name the zone with --zone f=ZONE if that is wrong"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems: -want +got:\n%s", diff)
	}
	if len(sink.Events) != 2 {
		t.Errorf("got %d events, want 2", len(sink.Events))
	}
}

func TestWords(t *testing.T) {
	w := fact.NewWords()
	tests := []struct {
		text        string
		test, robot bool
		environment string
	}{
		{"[TEST] please ignore", true, false, "test"},
		{"Test page for the new rotation", true, false, "test"},
		{"This is only a drill", true, false, ""},
		{"TestAlert", true, false, ""},
		{"[#513] TEST PAGE, please ignore: weekly check", true, false, "test"},
		{"[#514] Drill: database failover", true, false, ""},
		{"Monthly pager test", true, false, "test"},
		{"Testing the on-call rotation", true, false, "testing"},
		{"Simulated outage of checkout", true, false, ""},
		{"Load test alerts fire on staging", false, false, "test"},
		{"Checkout fails its latency test", false, false, "test"},
		{"Notification test-service is down", false, false, "test"},
		{"Smoke test alert: checkout", false, false, "test"},
		{"Latest incidents", false, false, ""},
		{"Failing tests on main", false, false, ""},
		{"deploy-production", false, true, "production"},
		{"release (pre-prod)", false, false, "pre-prod"},
		{"github-actions[bot]", false, true, ""},
		{"deploybot", false, true, ""},
		{"On-call engineer", false, false, ""},
		{"Engineer A", false, false, ""},
		{"system:serviceaccount:argo", false, true, ""},
		{"com.vmware.vc", false, true, ""},
		{`NT AUTHORITY\SYSTEM`, false, true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			if got := w.Test(tt.text); got != tt.test {
				t.Errorf("Test = %v, want %v", got, tt.test)
			}
			if got := w.Machine(tt.text); got != tt.robot {
				t.Errorf("Machine = %v, want %v", got, tt.robot)
			}
			if got := w.Environment(tt.text); got != tt.environment {
				t.Errorf("Environment = %q, want %q", got, tt.environment)
			}
		})
	}
}

func TestApplies(t *testing.T) {
	w := fact.NewWords()
	for name, want := range map[string]bool{
		"terraform-apply": true, "Terraform Apply": true, "Terraform Plan & Apply": true, "tf / apply (prod)": true, "OpenTofu apply": true, "apply": true, "Apply infrastructure": true,
		"apply-kafka-topics": true, "infra: apply": true, "terragrunt_apply_all": true, "pulumi up": true, "Ansible playbook": true, "provision-prod": true, "apply changes": true,
		"dns / apply zone": true, "kustomize apply": true, "config.apply": true,
		"terraform-plan": false, "terraform apply dry-run": false, "Apply labels": false, "apply-license-headers": false, "apply formatting": false, "ansible-lint": false,
		"config check": false, "Build and test": false, "terraform fmt": false, "supply-chain": false, "drift detection (terraform apply)": false, "reapply stale labels": false,
	} {
		if got := w.Applies(name); got != want {
			t.Errorf("Applies(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestPlain(t *testing.T) {
	got, want := fact.NewWords().Plain("<p>Errors &amp; delays<br/>since <b>noon</b></p>"), "Errors & delays\nsince noon"
	if got != want {
		t.Errorf("Plain = %q, want %q", got, want)
	}
}
