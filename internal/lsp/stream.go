package lsp

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/sourcegraph/jsonrpc2"
)

// unreadable is the notification that stands for a message that could not be
// read: one of them may have been a change of a document.
const unreadable = "$/unreadable"

// stream reads and writes messages, each with its headers. Unlike the codec of
// the library it bounds them, survives one that it cannot read and answers it.
type stream struct {
	in *bufio.Reader

	mu     sync.Mutex
	out    io.Writer
	closed bool
	fault  error // why reading ended, when not in order
}

var errStreamClosed = errors.New("the connection is closed")

// ReadObject reads the next message into v.
func (s *stream) ReadObject(v any) error {
	if s.isClosed() {
		return io.EOF
	}
	body, err := readFrame(s.in, mostBytes)
	var skip skipped
	switch {
	case errors.As(err, &skip):
		s.refuse(jsonrpc2.CodeInvalidRequest, err)
	case err != nil:
		return s.end(err)
	case !json.Valid(body):
		err = errors.New("the message is not valid JSON")
		s.refuse(jsonrpc2.CodeParseError, err)
	default:
		err = json.Unmarshal(body, v)
		if err == nil {
			return nil
		}
		err = fmt.Errorf("the message is no request, notification or answer: %w", err)
		s.refuse(jsonrpc2.CodeInvalidRequest, err)
	}
	params, err := json.Marshal(err.Error())
	if err != nil {
		return err
	}
	return json.Unmarshal(fmt.Appendf(nil, `{"jsonrpc":"2.0","method":%q,"params":[%s]}`, unreadable, params), v)
}

// refuse answers a message of unknown identity with an error.
func (s *stream) refuse(code int64, err error) {
	_ = s.WriteObject(map[string]any{ // what cannot be written will be noticed by whoever reads next
		"jsonrpc": "2.0", "id": nil, "error": jsonrpc2.Error{Code: code, Message: err.Error()},
	})
}

// end notes why there is nothing more to read.
func (s *stream) end(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	s.refuse(jsonrpc2.CodeParseError, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.fault = err
	}
	return err
}

// WriteObject writes a message in one piece.
func (s *stream) WriteObject(obj any) error {
	body, err := json.Marshal(obj)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errStreamClosed
	}
	_, err = s.out.Write(append(fmt.Appendf(nil, "Content-Length: %d\r\n\r\n", len(body)), body...))
	return err
}

// Close ends writing; nothing is written after it returns.
func (s *stream) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

func (s *stream) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// reason returns why reading ended; nil when the input was over or the
// connection was closed.
func (s *stream) reason() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault
}
