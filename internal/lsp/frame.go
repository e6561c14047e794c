package lsp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"strconv"
	"strings"
)

const (
	mostBytes   = 32 << 20 // of a message
	mostHeaders = 16       // lines of headers of a message
	longestLine = 1 << 10  // of a header
)

// skipped is the error of a message that could not be read while what follows
// it can.
type skipped struct{ error }

// Unwrap returns the error.
func (s skipped) Unwrap() error { return s.error }

// readFrame returns the next message of a connection, without its headers. At
// the end it returns io.EOF. An error that is not skipped is the last: where the
// next message begins is not known.
func readFrame(in *bufio.Reader, most int64) ([]byte, error) {
	length, charset, err := readHeaders(in)
	if err != nil {
		return nil, err
	}
	if length > most || charset != "" {
		if _, err := io.CopyN(io.Discard, in, length); err != nil {
			return nil, cutShort(err)
		}
		if charset != "" {
			return nil, skipped{fmt.Errorf("the message is in %s; write it in utf-8", charset)}
		}
		return nil, skipped{fmt.Errorf("the message has %d bytes; at most %d are read", length, most)}
	}
	var body bytes.Buffer // grows with what comes, whatever was announced
	if _, err := io.CopyN(&body, in, length); err != nil {
		return nil, cutShort(err)
	}
	return body.Bytes(), nil
}

// readHeaders reads up to the empty line after the headers and returns the
// length of the message and its character set, which is empty for UTF-8.
func readHeaders(in *bufio.Reader) (length int64, charset string, err error) {
	length = -1
	for n := range mostHeaders + 1 {
		line, err := readLine(in)
		switch {
		case errors.Is(err, io.EOF) && n == 0 && line == "":
			return 0, "", io.EOF
		case err != nil:
			return 0, "", cutShort(err)
		case line == "" && length < 0:
			return 0, "", errors.New("the headers of a message name no Content-Length")
		case line == "":
			return length, charset, nil
		}
		name, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch {
		case !ok:
			return 0, "", fmt.Errorf("%q is no header; a message begins with Content-Length: and its bytes", line)
		case strings.EqualFold(name, "Content-Length"):
			given, err := strconv.ParseUint(value, 10, 63)
			if err != nil || length >= 0 && length != int64(given) {
				return 0, "", fmt.Errorf("Content-Length: %q is no number of bytes, or a second one", value)
			}
			length = int64(given)
		case strings.EqualFold(name, "Content-Type"):
			charset = foreign(value)
		}
	}
	return 0, "", fmt.Errorf("a message has more than %d headers", mostHeaders)
}

// readLine returns a header without its end, \r\n.
func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		c, err := in.ReadByte()
		if err != nil {
			return string(line), err
		}
		line = append(line, c)
		if c == '\n' {
			break
		}
		if len(line) > longestLine {
			return "", fmt.Errorf("a header is longer than %d bytes", longestLine)
		}
	}
	text, ok := strings.CutSuffix(string(line), "\r\n")
	if !ok {
		return "", fmt.Errorf("the header %q does not end in \\r\\n", text)
	}
	return text, nil
}

// foreign returns the character set of a content type when it is not UTF-8.
func foreign(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	switch c := strings.ToLower(params["charset"]); c {
	case "", "utf-8", "utf8": // an early version of the protocol wrote utf8
		return ""
	default:
		return c
	}
}

// cutShort says of the end of input that it came within a message.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the input ends within a message: %w", io.ErrUnexpectedEOF)
	}
	return err
}
