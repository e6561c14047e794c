package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/secret"
)

const value = "hunter2-hunter2"

// holder has a secret in every kind of place.
type holder struct {
	Public  secret.Text            `json:"public"`
	Pointer *secret.Text           `json:"pointer"`
	List    []secret.Text          `json:"list"`
	Map     map[string]secret.Text `json:"map"`
	Any     any                    `json:"any"`
	hidden  secret.Text
	deep    struct{ inner secret.Text }
}

func TestASecretIsNotPrinted(t *testing.T) {
	s := secret.New(value)
	h := holder{Public: s, Pointer: &s, List: []secret.Text{s}, Map: map[string]secret.Text{"a": s}, Any: s, hidden: s}
	h.deep.inner = s
	var out []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p", "%t", "%o", "%08b", "%U", "%e", "%w"} {
		for _, v := range []any{s, &s, h, &h, []holder{h}, map[string]holder{"a": h}, errors.Join(fmt.Errorf(verb, s))} {
			out = append(out, fmt.Sprintf(verb, v))
		}
	}
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("message", "secret", s, "pointer", &s, "holder", h, "group", slog.GroupValue(slog.Any("secret", s)))
	}
	raw, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	text, err := yaml.Marshal(map[string]any{"secret": s, "list": h.List})
	if err != nil {
		t.Fatal(err)
	}
	out = append(out, log.String(), string(raw), string(text), fmt.Sprint(h), fmt.Sprintln(s), s.String())
	for _, o := range out {
		for _, form := range []string{value, fmt.Sprintf("%x", value), fmt.Sprintf("%X", value)} {
			if strings.Contains(o, form) {
				t.Errorf("the secret is in %q", o)
			}
		}
	}
	if !strings.Contains(string(raw), `"public":"***"`) {
		t.Errorf("JSON = %s", raw)
	}
	if s.Reveal() != value || !s.Equal(secret.New(value)) || s.Equal(secret.New("x")) || !(secret.Text{}).IsZero() {
		t.Error("the secret is not what it was made of")
	}
}

func TestASecretIsReadFromJSON(t *testing.T) {
	var h struct{ Password secret.Text }
	if err := json.Unmarshal([]byte(`{"password":"`+value+`"}`), &h); err != nil || h.Password.Reveal() != value {
		t.Errorf("read %q, %v", h.Password.Reveal(), err)
	}
}

func box(t *testing.T, keys ...string) *secret.Box {
	t.Helper()
	b, err := secret.NewBox(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealedValuesOpenOnlyForTheirPurposeAndKey(t *testing.T) {
	first, second := secret.NewKey(), secret.NewKey()
	old := box(t, first)
	sealed := old.Seal("endpoint/1", []byte(value))
	if strings.Contains(sealed, value) || sealed == old.Seal("endpoint/1", []byte(value)) {
		t.Error("the sealed text shows the value, or is the same twice")
	}
	for name, tt := range map[string]struct {
		box           *secret.Box
		purpose, text string
		opens         bool
	}{
		"as it was sealed":     {old, "endpoint/1", sealed, true},
		"after a new key":      {box(t, second, first), "endpoint/1", sealed, true},
		"for another purpose":  {old, "endpoint/2", sealed, false},
		"without its key":      {box(t, second), "endpoint/1", sealed, false},
		"damaged":              {old, "endpoint/1", sealed[:len(sealed)-4] + "AAAA", false},
		"cut short":            {old, "endpoint/1", sealed[:20], false},
		"empty":                {old, "endpoint/1", "", false},
		"something else":       {old, "endpoint/1", value, false},
		"with another version": {old, "endpoint/1", "s9" + sealed[2:], false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := tt.box.Open(tt.purpose, tt.text)
			if (err == nil) != tt.opens || tt.opens && string(got) != value {
				t.Errorf("Open = %q, %v; want it to open: %v", got, err, tt.opens)
			}
		})
	}
}

func TestTheKeyIsMadeOnceAndForItsOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	sealed := make([]string, 8)
	var all sync.WaitGroup
	for i := range sealed { // several programs start at once
		all.Go(func() {
			b, err := secret.Open("", path)
			if err != nil {
				t.Error(err)
				return
			}
			sealed[i] = b.Seal("p", []byte(value))
		})
	}
	all.Wait()
	b, err := secret.Open("", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sealed {
		if got, err := b.Open("p", s); err != nil || string(got) != value {
			t.Errorf("Open = %q, %v", got, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Open("", path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("opening a key that others may read = %v", err)
	}
	for _, bad := range []string{"short", value, "AAAA," + secret.NewKey()} {
		if _, err := secret.Open(bad, path); hindcast.CodeOf(err) != hindcast.Invalid || strings.Contains(err.Error(), bad) {
			t.Errorf("Open(%q) = %v, want a refusal that does not repeat it", bad, err)
		}
	}
}
