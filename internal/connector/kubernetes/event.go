package kubernetes

import (
	"bytes"
	"cmp"
	"encoding/json"
	"time"

	"github.com/hindcast/hindcast"
)

// Event is what of an event says which one it is and when it was, in either shape of
// the API.
type Event struct {
	UID, Version, Namespace string
	First, Last             time.Time
}

// ReadEvent reads the JSON of an event. One without an identity or a time is Invalid.
func ReadEvent(raw []byte) (Event, error) {
	var v struct {
		Metadata struct {
			UID               string    `json:"uid"`
			ResourceVersion   string    `json:"resourceVersion"`
			Namespace         string    `json:"namespace"`
			CreationTimestamp time.Time `json:"creationTimestamp"`
		} `json:"metadata"`
		EventTime time.Time `json:"eventTime"`
		Series    struct {
			LastObservedTime time.Time `json:"lastObservedTime"`
		} `json:"series"`
		FirstTimestamp           time.Time `json:"firstTimestamp"`
		LastTimestamp            time.Time `json:"lastTimestamp"`
		DeprecatedFirstTimestamp time.Time `json:"deprecatedFirstTimestamp"`
		DeprecatedLastTimestamp  time.Time `json:"deprecatedLastTimestamp"`
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return Event{}, hindcast.Errorf(hindcast.Invalid, "an event cannot be read")
	}
	last := cmp.Or(v.Series.LastObservedTime, v.LastTimestamp, v.DeprecatedLastTimestamp)
	first := cmp.Or(v.EventTime, v.FirstTimestamp, v.DeprecatedFirstTimestamp, last, v.Metadata.CreationTimestamp)
	if v.Metadata.UID == "" || first.IsZero() {
		return Event{}, hindcast.Errorf(hindcast.Invalid, "an event has no identity or no time")
	}
	if last.Before(first) {
		last = first
	}
	return Event{v.Metadata.UID, v.Metadata.ResourceVersion, v.Metadata.Namespace, first.UTC(), last.UTC()}, nil
}

// within reports whether an event was in a window; any is in one without times.
func (e Event) within(from, to time.Time) bool {
	return (to.IsZero() || !e.First.After(to)) && !e.Last.Before(from)
}

// Item returns an object as kubectl get -o json prints it, on one line: with its
// version and kind, which the API leaves out in lists, and without managedFields.
func Item(raw []byte, version, kind string) ([]byte, error) {
	var o map[string]json.RawMessage
	if err := json.Unmarshal(raw, &o); err != nil || o == nil {
		return nil, hindcast.Errorf(hindcast.Unavailable, "an object of Kubernetes is none; look whether the address is that of its API server")
	}
	for name, value := range map[string]string{"apiVersion": version, "kind": kind} {
		if o[name] == nil {
			o[name] = json.RawMessage(`"` + value + `"`)
		}
	}
	var meta map[string]json.RawMessage
	if json.Unmarshal(o["metadata"], &meta) == nil && meta["managedFields"] != nil {
		delete(meta, "managedFields")
		o["metadata"] = line(meta)
	}
	return line(o), nil
}

// line writes JSON on one line, with <, > and & as they are.
func line(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // it was JSON before
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}

// Document returns items as kubectl get -o json prints them, one on a line. more is
// what the list goes on with, empty when that is all.
func Document(items [][]byte, more string) []byte {
	var b bytes.Buffer
	b.WriteString(`{"apiVersion":"v1","items":[`)
	for i, item := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(item)
	}
	meta := map[string]string{"resourceVersion": ""}
	if more != "" {
		meta["continue"] = more
	}
	b.WriteString("\n]," + `"kind":"List","metadata":` + string(line(meta)) + "}\n")
	return b.Bytes()
}
