package template

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/record"
)

// TestStencilsChangeNoShape holds the shape of messages that may fit a stencil
// against what the masker says of each alone.
func TestStencilsChangeNoShape(t *testing.T) {
	groups := []string{
		"took 3 ms\ntook 12 ms\ntook 1.5s ms\ntook x1 ms\ntook abc ms",
		"order 8a1b22f1f434 for u050201\norder 17 for u1\norder ff-1 for root",
		"open /var/log/a1.log: denied\nopen /var/log/b c: denied\nopen a/b: denied",
		"dial db-1.internal:5432, retry 3.\ndial db-2.internal:80, retry 4!\ndial db.internal:1, retry 5.",
		"at Jul 9abc now\nat Jul 9 now\nat Jul 9 12:16:49 2005 now",
		"wrote <x1 s\nwrote <12 s\nwrote <1 sec",
		"1190 bytes (0x12 KB) sent\n1190 bytes (12 KB) sent\n7 bytes (1.16 KB) sent",
		"get /x?a=1&b= null\nget /x?a=1&b=2 null\nget /x null",
		"in 1 2 3 x\nin 1 2 3 4\nin 1 2 3 4 5 6",
		"12,a:5 done\n12,a:6 done\n12, a:6 done",
		"blk_-160 of rdd_2_3\nblk_160 of rdd_2_4\nblk_x1 of rdd_a_3",
		"ssh2 from 10.0.0.1:80\nssh2 from 10.0.0.2\nssh3 from fe80:12::1",
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, group := range groups {
		t.Run(group[:strings.IndexByte(group, '\n')], func(t *testing.T) {
			m := New()
			messages := strings.Split(group, "\n")
			for range 300 {
				msg := messages[r.IntN(len(messages))]
				checkShape(t, m, msg)
			}
		})
	}
}

// TestStencilsOfRandomTexts is the same for texts of the parts of which values,
// their surroundings and lists are made.
func TestStencilsOfRandomTexts(t *testing.T) {
	parts := strings.Fields("1 23 a7 x12 ab .5 1.5s -3 /a/b /x?q= 10.0.0.1:80 fe80::1 null true Jul Sat < ( ) [ ] = : , :: - a.b-1.c u_1 _ KB ms")
	r := rand.New(rand.NewPCG(5, 6))
	m := New()
	for range 20000 {
		var b strings.Builder
		b.WriteString("m ") // so that all share their stencils
		for range 1 + r.IntN(5) {
			b.WriteString(parts[r.IntN(len(parts))])
			if r.IntN(3) > 0 {
				b.WriteByte(' ')
			}
		}
		checkShape(t, m, b.String())
	}
}

func checkShape(t *testing.T, m *Miner, msg string) {
	t.Helper()
	var alone masker
	got, want := m.AddShape(&record.Log{At: record.NoTime, Message: []byte(msg)}), Shape(digest(alone.shape([]byte(msg), 0)))
	if got != want {
		t.Fatalf("%q is counted under a shape other than %s", msg, fmt.Sprintf("%q", alone.shape([]byte(msg), 0)))
	}
}
