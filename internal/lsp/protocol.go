package lsp

import "github.com/sourcegraph/jsonrpc2"

// The parts of the Language Server Protocol 3.17 that this server speaks, under
// the names of its specification.

// Position is a place in a document: lines and UTF-16 code units, from 0.
type Position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// Range is a part of a document; End is the first place after it.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

type documentIdentifier struct {
	URI     string `json:"uri"`
	Version *int   `json:"version,omitempty"`
}

type initializeParams struct {
	Capabilities struct {
		Workspace struct {
			WorkspaceEdit struct {
				DocumentChanges bool `json:"documentChanges"`
			} `json:"workspaceEdit"`
		} `json:"workspace"`
		TextDocument struct {
			Hover struct {
				ContentFormat []string `json:"contentFormat"`
			} `json:"hover"`
		} `json:"textDocument"`
	} `json:"capabilities"`
}

type initializeResult struct {
	Capabilities serverCapabilities `json:"capabilities"`
	ServerInfo   serverInfo         `json:"serverInfo"`
}

type serverInfo struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type serverCapabilities struct {
	PositionEncoding       string            `json:"positionEncoding"`
	TextDocumentSync       syncOptions       `json:"textDocumentSync"`
	HoverProvider          bool              `json:"hoverProvider"`
	DocumentSymbolProvider bool              `json:"documentSymbolProvider"`
	CodeActionProvider     codeActionOptions `json:"codeActionProvider"`
}

type syncOptions struct {
	OpenClose bool `json:"openClose"`
	Change    int  `json:"change"`
}

const syncIncremental = 2 // changes as ranges or as the full text

type codeActionOptions struct {
	CodeActionKinds []string `json:"codeActionKinds"`
}

type didOpenParams struct {
	TextDocument struct {
		URI     string `json:"uri"`
		Version *int   `json:"version"`
		Text    string `json:"text"`
	} `json:"textDocument"`
}

type didChangeParams struct {
	TextDocument   documentIdentifier `json:"textDocument"`
	ContentChanges []contentChange    `json:"contentChanges"`
}

type contentChange struct {
	Range *Range `json:"range"` // nil: Text is the whole document
	Text  string `json:"text"`
}

type didCloseParams struct {
	TextDocument documentIdentifier `json:"textDocument"`
}

type publishDiagnosticsParams struct {
	URI         string       `json:"uri"`
	Version     *int         `json:"version,omitempty"`
	Diagnostics []diagnostic `json:"diagnostics"`
}

type diagnostic struct {
	Range           Range            `json:"range"`
	Severity        int              `json:"severity"`
	Code            string           `json:"code"`
	CodeDescription *codeDescription `json:"codeDescription,omitempty"`
	Source          string           `json:"source"`
	Message         string           `json:"message"`
	Tags            []int            `json:"tags,omitempty"`
}

type codeDescription struct {
	Href string `json:"href"`
}

// The severities of diagnostics and the tag of what can be taken out.
const (
	severityError       = 1
	severityWarning     = 2
	severityInformation = 3
	tagUnnecessary      = 1
)

type codeActionParams struct {
	TextDocument documentIdentifier `json:"textDocument"`
	Range        Range              `json:"range"`
	Context      struct {
		Only []string `json:"only"`
	} `json:"context"`
}

const quickFix = "quickfix"

type codeAction struct {
	Title       string        `json:"title"`
	Kind        string        `json:"kind"`
	Diagnostics []diagnostic  `json:"diagnostics"`
	Edit        workspaceEdit `json:"edit"`
}

// workspaceEdit has one of its fields.
type workspaceEdit struct {
	Changes         map[string][]textEdit `json:"changes,omitempty"`
	DocumentChanges []documentEdit        `json:"documentChanges,omitempty"`
}

type documentEdit struct {
	TextDocument struct {
		URI     string `json:"uri"`
		Version *int   `json:"version"`
	} `json:"textDocument"`
	Edits []textEdit `json:"edits"`
}

type textEdit struct {
	Range   Range  `json:"range"`
	NewText string `json:"newText"`
}

type hoverParams struct {
	TextDocument documentIdentifier `json:"textDocument"`
	Position     Position           `json:"position"`
}

type hover struct {
	Contents markupContent `json:"contents"`
	Range    Range         `json:"range"`
}

type markupContent struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

const (
	markdownKind  = "markdown"
	plainTextKind = "plaintext"
)

type documentSymbolParams struct {
	TextDocument documentIdentifier `json:"textDocument"`
}

type documentSymbol struct {
	Name           string            `json:"name"`
	Detail         string            `json:"detail,omitempty"`
	Kind           int               `json:"kind"`
	Range          Range             `json:"range"`
	SelectionRange Range             `json:"selectionRange"`
	Children       []*documentSymbol `json:"children,omitempty"`
}

// The kinds of symbols.
const (
	symbolSection = 15 // String: what clients use for headings
	symbolAction  = 19 // Object
	symbolEntry   = 24 // Event
)

type showMessageParams struct {
	Type    int    `json:"type"`
	Message string `json:"message"`
}

const messageError = 1

type cancelParams struct {
	ID jsonrpc2.ID `json:"id"`
}

// The codes of errors that the library does not name.
const (
	codeNotInitialized   = -32002
	codeContentModified  = -32801
	codeRequestCancelled = -32800
)
