package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/hindcast/hindcast/internal/timeline/keyrank"
	"github.com/hindcast/hindcast/tools/trial"
)

// add returns the list with the incidents in folders as the set of a name.
func add(list []*keyrank.Incident, set string, dirs []string) ([]*keyrank.Incident, error) {
	list = slices.DeleteFunc(list, func(in *keyrank.Incident) bool { return in.Set == set })
	for i, dir := range dirs {
		in, err := read(dir)
		if err != nil {
			return nil, fmt.Errorf("read the incident in %s: %w", dir, err)
		}
		in.Set, in.Name = set, strconv.Itoa(i+1)
		list = append(list, in)
	}
	slices.SortStableFunc(list, func(x, y *keyrank.Incident) int { return cmp.Compare(x.Set, y.Set) })
	return list, nil
}

// read builds the timeline of an incident and compares it with the truth.
func read(dir string) (*keyrank.Incident, error) {
	t, err := trial.Open(dir)
	if err != nil {
		return nil, err
	}
	tl, weighed, err := t.Timeline()
	if err != nil {
		return nil, err
	}
	in := &keyrank.Incident{Events: len(t.Truth.Key)}
	for _, e := range tl.Entries {
		c := weighed.Said[e.ID]
		if c == nil && !e.Key {
			continue
		}
		r := &keyrank.Row{Candidate: c, May: trial.Told(e, t.Truth.Also)}
		for _, k := range trial.Told(e, t.Truth.Key) {
			r.Tells = append(r.Tells, keyrank.Tale{Event: k, Own: t.Truth.Key[k].Rests(e)})
		}
		in.Rows = append(in.Rows, r)
	}
	return in, nil
}
