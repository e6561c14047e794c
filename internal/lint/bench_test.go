package lint_test

import (
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/lint"
)

// prose is post-mortem text with something for most rules to look at.
const prose = `## Timeline

- 14:37 UTC the deployment pipeline initiated the rollout of v2.8.0 to production.
- 14:39 the on-call engineer acknowledged the alert, and traffic was moved to the other region.

## Root Cause

The migration added a column with a constraint but no default value. It ran in staging, where
the table has no rows, and the change was merged without testing it against real data. We did not
notice that the copy job only takes the schema; a larger data set would have caught it.

| Action | Owner | Due |
|---|---|---|
| Require explicit default values in the migration tool | Platform team | 2024-03-22 |
| Improve monitoring of the copy job | Data team | 2024-04-05 |

`

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := lint.New(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDocument8KB(b *testing.B) {
	benchmark(b, 8<<10)
}

func BenchmarkDocument1MB(b *testing.B) {
	benchmark(b, 1<<20)
}

func benchmark(b *testing.B, size int) {
	l, err := lint.New()
	if err != nil {
		b.Fatal(err)
	}
	text := []byte(strings.Repeat(prose, size/len(prose)+1)[:size])
	b.SetBytes(int64(size))
	for b.Loop() {
		l.Document(text, lint.Context{})
	}
}
