package speech

import "testing"

func TestGreets(t *testing.T) {
	for text, want := range map[string]bool{
		"morning": true, "Good morning all!": true, "hi": true, "hello folks 👋": true, "moin zusammen": true,
		"morning, looking into it": false, "hi, is checkout down?": false, "this morning": false, "": false,
	} {
		if got := Greets(text); got != want {
			t.Errorf("Greets(%q) = %v", text, got)
		}
	}
}
