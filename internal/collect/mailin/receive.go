package mailin

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/mail"
	"github.com/hindcast/hindcast/internal/evidence/message"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// The bounds of what is taken in.
const (
	mostTo      = 20    // addresses of one message
	mostHops    = 50    // servers through which a message came
	mostWaiting = 5_000 // messages that wait for a person
)

// Receive keeps a message for the addresses that it came to. When it returns nil the
// message is kept for good; then what becomes of it is decided soon. The same message
// to the same address is kept once. A NotFound error says that an address is not
// ours, Invalid that the message is refused for good, and Unavailable that it is to
// be sent again later.
func (s *Service) Receive(ctx context.Context, to []string, raw io.Reader) error {
	ways, err := s.ways(ctx, to)
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(raw, 64<<10)
	if line, _ := in.Peek(5); string(line) == "From " { // what some programs put before a message that they pass on
		if _, err := in.ReadString('\n'); err != nil {
			return hindcast.Errorf(hindcast.Invalid, "this is no message")
		}
	}
	var head bytes.Buffer
	sha, size, err := s.Blobs.Put(ctx, io.TeeReader(in, &bounded{&head, mostHead}), s.Settings.Most)
	if hindcast.CodeOf(err) == hindcast.Invalid {
		return hindcast.Errorf(hindcast.Invalid, "the message is larger than %d MB", s.Settings.Most>>20)
	}
	if err != nil {
		return hindcast.Errorf(hindcast.Unavailable, "the message could not be kept: %w", err)
	}
	h, _, err := message.Read(&head, func(message.Part) error { return errHead })
	if err != nil && !errors.Is(err, errHead) {
		return hindcast.Errorf(hindcast.Invalid, "this is no message: %v", err)
	}
	m, err := s.describe(h)
	if err != nil {
		return err
	}
	m.sha, m.Size = sha, size
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error { return s.keepAll(ctx, tx, m, h, ways) })
	if err != nil {
		return s.DB.Fault(err)
	}
	s.Queue.Wake()
	return nil
}

// mostHead is how much of a message is looked at when it comes.
const mostHead = 300 << 10

// errHead ends the reading of a message after its header.
var errHead = errors.New("that was the header")

// bounded takes what fits and ignores the rest.
type bounded struct {
	w    io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	if _, err := b.w.Write(p[:n]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// ways returns where addresses lead, each once.
func (s *Service) ways(ctx context.Context, to []string) ([]way, error) {
	if len(to) == 0 || len(to) > mostTo {
		return nil, hindcast.Errorf(hindcast.Invalid, "name between one and %d addresses", mostTo)
	}
	var out []way
	for _, address := range to {
		w, err := s.lookUp(ctx, address)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out, nil
}

// describe says what the header of a message tells. A message that goes round is
// refused.
func (s *Service) describe(h message.Header) (Mail, error) {
	from := h.From()
	if from.Address == "" {
		return Mail{}, hindcast.Errorf(hindcast.Invalid, "the message does not say who it is from")
	}
	if len(h.All("Received")) > mostHops || h.Get(mail.ReceivedField) != "" {
		return Mail{}, hindcast.Errorf(hindcast.Invalid, "the message goes round; it was here before")
	}
	m := Mail{Sender: cut(from.Address, 300), Name: cut(from.Name, 200), Subject: cut(h.Text("Subject"), 500), ReceivedAt: s.now(), State: Fresh, Automatic: mail.Automatic(h)}
	if at, ok := h.Date(); ok {
		m.WrittenAt = at.UTC().Truncate(time.Microsecond)
	}
	m.Auth, m.Proved = results(h, s.Settings.Trusted)
	return m, nil
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// keepAll keeps a message for each of its addresses, unless there is too much.
func (s *Service) keepAll(ctx context.Context, tx *sqldb.Tx, m Mail, h message.Header, ways []way) error {
	if err := s.room(ctx, tx, m); err != nil {
		return err
	}
	for _, w := range ways {
		m := m
		m.ID, m.Route, m.Num, m.thread, m.reader = store.NewID(s.now()), w.route, w.num, w.thread, w.reader
		m.key = key(h, m, w)
		added, err := insert(ctx, tx, m)
		if err != nil || !added {
			if err != nil {
				return err
			}
			continue
		}
		if _, err := s.Queue.Add(ctx, tx, queue.Job{Kind: decideKind, Key: m.ID, Payload: workflow.JSON(m.ID), MaxAttempts: attempts}); err != nil {
			return err
		}
	}
	return nil
}

// key is the same for the same message to the same address: by its id, and by its
// bytes when it has none.
func key(h message.Header, m Mail, w way) string {
	what := m.sha
	if id := h.ID(); id != "" {
		what = m.Sender + " " + id
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %s %s %s", w.route, w.num, w.thread, w.reader, what))
	return hex.EncodeToString(sum[:])
}

// room refuses for a while what is too much: of one sender, and of all that wait.
func (s *Service) room(ctx context.Context, tx *sqldb.Tx, m Mail) error {
	n, _, err := sqldb.Value[int](ctx, tx, `select count(*) from mail_in where sender = $1 and proved = $2 and received_at > $3`, m.Sender, m.Proved, sqldb.Micros(s.now().Add(-time.Hour)))
	if err != nil {
		return err
	}
	if n >= s.Settings.PerHour {
		return hindcast.Errorf(hindcast.Unavailable, "this sender has sent %d messages within an hour; send it again later", n)
	}
	n, _, err = sqldb.Value[int](ctx, tx, `select count(*) from mail_in where state in ('new', 'waiting')`)
	if err == nil && n >= mostWaiting {
		err = hindcast.Errorf(hindcast.Unavailable, "%d messages wait for a person here; send it again later", n)
	}
	return err
}

// insert adds a message, unless it is there already.
func insert(ctx context.Context, tx *sqldb.Tx, m Mail) (bool, error) {
	var num *int64
	if m.Num > 0 {
		num = &m.Num
	}
	res, err := tx.Exec(ctx, `insert into mail_in (id, key, route, incident, thread, reader, sender, name, subject, written_at, received_at, size, sha256, auth, proved, automatic, state, said, became, done_by, done_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '', 0, '', 0) on conflict (key) do nothing`,
		m.ID, m.key, string(m.Route), num, m.thread, m.reader, m.Sender, m.Name, m.Subject, sqldb.Micros(m.WrittenAt), sqldb.Micros(m.ReceivedAt), m.Size, m.sha, m.Auth, m.Proved, m.Automatic, string(m.State))
	if err != nil {
		return false, fmt.Errorf("keep a message: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// open returns the bytes of a message as it came.
func (s *Service) open(ctx context.Context, m Mail) (raw []byte, err error) {
	if m.sha == "" {
		return nil, hindcast.Errorf(hindcast.Conflict, "the message is not kept here any more; it is evidence of #%d", m.Became)
	}
	r, err := s.Blobs.Open(ctx, m.sha)
	if err != nil {
		return nil, fmt.Errorf("read message %s: %w", m.ID, err)
	}
	defer func() {
		if fault := r.Close(); err == nil {
			err = fault
		}
	}()
	return io.ReadAll(r)
}

// subject is what a message is about, without what answering and passing on add.
func subject(s string) string {
	for {
		head, rest, ok := strings.Cut(s, ":")
		if !ok || !slices.Contains([]string{"re", "fw", "fwd", "aw", "wg"}, strings.ToLower(strings.TrimSpace(head))) {
			return strings.TrimSpace(s)
		}
		s = rest
	}
}
