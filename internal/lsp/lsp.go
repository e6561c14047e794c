// Package lsp is a language server for post-mortems in Markdown. It speaks the
// Language Server Protocol 3.17 over a pair of streams and shows the findings of
// the lint where people write: as diagnostics, with quick fixes and hovers, and
// with the sections and entries of a document as symbols.
//
//	err := lsp.Serve(ctx, os.Stdin, os.Stdout, lsp.Config{Lint: lint, Page: page, Version: version})
//
// Changes are taken in the order in which they come; what an editor asks is
// answered beside them, and what it asked about a text that has changed since is
// refused as such. Diagnostics are those of the latest text. A message that
// cannot be read never ends the session unless it is unknown where it ends.
package lsp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/hindcast/hindcast"
)

// Config is what a server needs from the outside.
type Config struct {
	Lint    func(source []byte) []hindcast.Finding // for several goroutines at once
	Page    func(rule string) string               // the address of a rule's documentation; empty: it has none
	Version string                                 // of this program
}

// ErrUnfinished says that a client went away without the protocol's goodbye.
var ErrUnfinished = errors.New("the editor ended the session without shutting it down")

// Serve answers a client until it says exit, the input ends or ctx is done. It
// returns nil when the client has asked for a shutdown before. Nothing is written after it returns; a
// read of in may still be waiting.
func Serve(ctx context.Context, in io.Reader, out io.Writer, c Config) error {
	st := &stream{in: bufio.NewReader(in), out: out}
	s := newServer(c)
	quiet := jsonrpc2.SetLogger(log.New(io.Discard, "", 0)) // faults are told to the client and by Serve
	conn := jsonrpc2.NewConn(ctx, st, s, quiet)
	go s.publish(ctx, conn)
	<-conn.DisconnectNotify()
	_ = st.Close() // waits for a message that is being written
	switch err := st.reason(); {
	case s.at() == down:
		return nil
	case err != nil:
		return fmt.Errorf("read from the editor: %w", err)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return ErrUnfinished
}
