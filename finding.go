package hindcast

// FindingLevel says how much a finding matters.
type FindingLevel string

// The levels of findings.
const (
	FindingNote    FindingLevel = "note"    // worth a look
	FindingWarning FindingLevel = "warning" // likely better otherwise
	FindingError   FindingLevel = "error"   // against the method
)

// Rank orders levels: a higher one matters more; 0 is no level.
func (l FindingLevel) Rank() int {
	switch l {
	case FindingNote:
		return 1
	case FindingWarning:
		return 2
	case FindingError:
		return 3
	}
	return 0
}

// Finding is a place in a text that a rule has something to say about. Start
// and End are bytes of the whole text; the rest follows from them.
type Finding struct {
	Rule        string       `json:"rule"`
	Level       FindingLevel `json:"level"`
	Line        int          `json:"line"`   // from 1
	Column      int          `json:"column"` // characters from the beginning of the line, from 1
	Start       int          `json:"start"`
	End         int          `json:"end"`
	StartUTF16  int          `json:"start_utf16"` // Start and End as editors count, in UTF-16 code units of the whole text
	EndUTF16    int          `json:"end_utf16"`
	Text        string       `json:"text"` // what stands there, markup included
	Message     string       `json:"message"`
	Why         string       `json:"why"`
	Question    string       `json:"question,omitempty"` // what only the writer can answer
	Suggestions []string     `json:"suggestions"`        // proposals; never facts
	Edit        *Edit        `json:"edit,omitempty"`     // the first suggestion as a change of the text
}

// Edit replaces bytes of a text. What is not known in it stands in brackets with
// a question mark.
type Edit struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}
