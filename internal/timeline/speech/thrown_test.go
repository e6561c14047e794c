package speech_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/speech"
)

func TestReadWordsThatOnlySoundLikeRelief(t *testing.T) {
	g := speech.New()
	for _, text := range []string{
		"two customers say they log in and get kicked straight out again",
		"a customer writes that people get thrown out again after a minute",
		"sessions get logged right out again",
		"clients connect and get dropped off again",
		"the quota for this region is used up",
		"connections of the cluster are all used up",
		"both nodes have their memory eaten up",
		"threads on the hosts are tied up",
		"412 files were rejected last night, the first one at 02:03:40",
		"the export died last night at 02:03",
		"last row written at 02:12",
		"rollback finished 13:29, all 9 pods on 7.3.0. zero effect, RC 55 still at the same slope",
		"rollback healthy since 09:41, failure rate stays at 37%",
		"pods are back on 7.2, errors unchanged",
		"restarted, all healthy, but no visible difference",
		"Archiving works: last segment archived at 02:12:30 and no .ready files",
		"we saw the same last week at 14:10",
	} {
		if r := g.Read(text); r.Improve {
			t.Errorf("Read(%q) says that it gets better: %s", text, r.Act)
		}
	}
	if r := g.Read("the last rejected file was at 07:40"); !r.Improve {
		t.Errorf("the last failure is no relief")
	}
	if r := g.Read("412/412 accepted as of 7:24"); r.Failing {
		t.Errorf("412 of 412 is taken for a code")
	}
	for _, text := range []string{
		"both hosts are at 100%, not a byte free",
		"the volume is full, not a single inode left",
		"pool is at its limit of 50, not one connection free",
		"disk of the primary at 100%, not a block free. The process quit on it",
		"no pod left on either node since 03:11, rejects are falling off a cliff",
		"no worker left on the old host since 14:02, errors are dropping off",
	} {
		if r := g.Read(text); r.Act == speech.RuledOut {
			t.Errorf("Read(%q) takes something off the list", text)
		}
	}
}

func TestReadOverThatEndsNothing(t *testing.T) {
	g := speech.New()
	for _, text := range []string{
		"everything back, history fills in over the coming hours",
		"all green, we catch up over the next hour",
		"all good, the rest trickles in over an hour or two",
		"everything is fine, handing over to the day shift",
		"all healthy, I take over the watch",
		"all good but only half done",
	} {
		if r := g.Read(text); r.Over {
			t.Errorf("Read(%q) declares the end", text)
		}
	}
}

func TestReadPortions(t *testing.T) {
	g := speech.New()
	for text, want := range map[string]bool{
		"412/412 accepted as of 7:24":   false,
		"500 of 1180 files are through": false,
		"seeing 502/504 on checkout":    true,
		"500/503 everywhere":            true,
	} {
		if r := g.Read(text); r.Failing != want {
			t.Errorf("Read(%q).Failing = %t, want %t", text, r.Failing, want)
		}
	}
}
