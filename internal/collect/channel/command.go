package channel

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// Take takes in what a chat tells, in the transaction that keeps it, and returns
// what it is answered. concerns is false when it is of no channel of ours and need
// not be kept. It may be called again with the same notice.
func (s *Service) Take(ctx context.Context, tx *sqldb.Tx, end deliver.Endpoint, t connector.Talker, n connector.Notice) (answer connector.Answer, concerns bool, err error) {
	if n.Talk == nil {
		return answer, false, nil
	}
	switch n.Kind {
	case connector.Commanded:
		text, err := s.command(ctx, tx, end, n)
		if code := hindcast.CodeOf(err); code == hindcast.Invalid || code == hindcast.NotFound || code == hindcast.Conflict {
			text, err = sentence(err.Error()), nil
		}
		return t.Reply(text), true, err
	case connector.LinkPosted:
		return answer, true, s.showSoon(ctx, tx, end, n)
	case connector.ChannelChanged:
		c, ok, err := find(ctx, tx, end.ID, n.Talk.Channel)
		if err != nil || !ok {
			return answer, false, err
		}
		return answer, true, s.changed(ctx, tx, c, *n.Talk)
	}
	return answer, false, nil
}

func sentence(s string) string {
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

const help = `What I can do here:
/hindcast add TEXT: add an entry to the timeline of this channel's post-mortem, as of now
/hindcast at 14:05 TEXT: the same for an earlier moment
/hindcast decision TEXT: add a decision
/hindcast link NUMBER: make this channel evidence of post-mortem #NUMBER
/hindcast unlink: stop that
/hindcast status: say which post-mortem this channel belongs to, and how it stands
Messages that you pin, or mark with the emoji of the settings (:pushpin: and :gavel: unless they say otherwise), become entries and decisions too.`

// command does what somebody asks, and says what came of it. Nothing that it says
// is more than everybody in the channel may know.
func (s *Service) command(ctx context.Context, tx *sqldb.Tx, end deliver.Endpoint, n connector.Notice) (string, error) {
	word, rest, _ := strings.Cut(n.Talk.Text, " ")
	rest = strings.TrimSpace(rest)
	switch strings.ToLower(word) {
	case "", "help":
		return help, nil
	case "link":
		return s.wish(end, n, rest)
	case "unlink":
		return s.end(ctx, tx, end, n)
	case "status":
		return s.status(ctx, tx, end, n)
	case "add":
		return s.add(ctx, tx, end, n, note{mark: "entry", at: n.At, text: rest})
	case "decision":
		return s.add(ctx, tx, end, n, note{mark: "decision", at: n.At, text: rest})
	case "at":
		at, text, err := s.moment(rest, n.At)
		if err != nil {
			return "", err
		}
		return s.add(ctx, tx, end, n, note{mark: "entry", at: at, text: text})
	}
	return fmt.Sprintf("There is no command %q.\n%s", short(word, 20), help), nil
}

func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// wish answers with the address at which a link is confirmed. Whether there is such
// a post-mortem is said there, to who may know.
func (s *Service) wish(end deliver.Endpoint, n connector.Notice, rest string) (string, error) {
	num, err := strconv.ParseInt(strings.TrimPrefix(rest, "#"), 10, 64)
	if err != nil || num < 1 {
		return "", hindcast.Errorf(hindcast.Invalid, "write the number of the post-mortem, such as /hindcast link 12")
	}
	w := wish{Endpoint: end.ID, Ref: n.Talk.Channel, Name: named(*n.Talk), Num: num, Until: s.now().Add(patience)}
	raw, err := json.Marshal(w)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Open this within an hour to make #%s evidence of post-mortem #%d: %s/p/%d/channels?code=%s", w.Name, num, s.Address(), num, url.QueryEscape(s.Box.Seal(sealed, raw))), nil
}

// named returns what people call a channel. Slack tells no name of private ones.
func named(t connector.Talk) string {
	if t.Name == "" || t.Name == "privategroup" || t.Name == "directmessage" {
		return t.Channel
	}
	return short(t.Name, 80)
}

// linked returns the channel in which something was asked.
func linked(ctx context.Context, tx *sqldb.Tx, end deliver.Endpoint, n connector.Notice) (Channel, error) {
	c, ok, err := find(ctx, tx, end.ID, n.Talk.Channel)
	if err == nil && !ok {
		err = hindcast.Errorf(hindcast.NotFound, "this channel belongs to no post-mortem; write /hindcast link NUMBER first")
	}
	return c, err
}

// end unlinks the channel in which it is asked for.
func (s *Service) end(ctx context.Context, tx *sqldb.Tx, end deliver.Endpoint, n connector.Notice) (string, error) {
	c, err := linked(ctx, tx, end, n)
	if err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, `delete from channel where id = $1`, c.ID); err != nil {
		return "", fmt.Errorf("unlink channel %s: %w", c.Ref, err)
	}
	id := ""
	if err := tx.QueryRow(ctx, `select id from incident where num = $1`, c.num).Scan(&id); err != nil {
		return "", fmt.Errorf("read post-mortem #%d: %w", c.num, err)
	}
	err = store.Record(ctx, tx, store.AuditEntry{At: s.now(), Act: "channel.unlink", IncidentID: id, Detail: map[string]string{"channel": c.Ref, "name": c.Name, "endpoint": c.EndpointID, "by": "a command in the channel"}})
	return fmt.Sprintf("This channel belongs to post-mortem #%d no longer. What was read of it stays there.", c.num), err
}

// known is what of a post-mortem is looked at for an answer.
type known struct {
	id, title     string
	status        hindcast.Status
	private       bool
	started, over time.Time
}

func (s *Service) known(ctx context.Context, tx *sqldb.Tx, num int64) (known, error) {
	var k known
	var started, over, deleted int64
	err := tx.QueryRow(ctx, `select id, title, status, private, started_at, resolved_at, deleted_at from incident where num = $1`, num).Scan(&k.id, &k.title, &k.status, &k.private, &started, &over, &deleted)
	if err != nil {
		return k, fmt.Errorf("read post-mortem #%d: %w", num, err)
	}
	if deleted > 0 {
		return k, hindcast.Errorf(hindcast.NotFound, "post-mortem #%d was removed; link this channel to another with /hindcast link NUMBER", num)
	}
	k.started, k.over = sqldb.Time(started), sqldb.Time(over)
	return k, nil
}

// status says which post-mortem the channel belongs to. Its title is told when it is
// published, and before that when the connection may know it; never of private ones.
func (s *Service) status(ctx context.Context, tx *sqldb.Tx, end deliver.Endpoint, n connector.Notice) (string, error) {
	c, err := linked(ctx, tx, end, n)
	if err != nil {
		return "", err
	}
	k, err := s.known(ctx, tx, c.num)
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("#%d", c.num)
	if !k.private && (k.status == hindcast.StatusPublished || end.Drafts) {
		name += " " + k.title
	}
	waiting, err := waiting(ctx, tx, c.num)
	if err != nil {
		return "", err
	}
	out := fmt.Sprintf("This channel belongs to post-mortem %s, which is %s.", name, words(k.status))
	switch {
	case c.Said != "":
		out += " When it was read last, something went wrong; the page of its channels says what."
	case c.ReadAt.IsZero():
		out += " It is read for the first time in a moment."
	case s.now().Sub(c.ReadAt) < time.Minute:
		out += " It was read just now."
	default:
		out += fmt.Sprintf(" It was read %s ago.", hindcast.FormatDuration(s.now().Sub(c.ReadAt).Round(time.Minute)))
	}
	if waiting > 0 {
		out += fmt.Sprintf(" Added and not yet in it: %d.", waiting)
	}
	return fmt.Sprintf("%s\n%s/p/%d", out, s.Address(), c.num), nil
}

func words(s hindcast.Status) string { return strings.ReplaceAll(string(s), "-", " ") }

// zone is that of the organization, in which people write times.
func (s *Service) zone() *time.Location {
	if l, err := time.LoadLocation(s.Workflow.Policy().Calendar.Zone); err == nil {
		return l
	}
	return time.UTC
}

// clock is how a moment is written: "14:05", "14:05:30", either with a date before
// it.
var clock = regexp.MustCompile(`^(?:(\d{4}-\d{2}-\d{2})[ T])?(\d{1,2}:\d{2})(:\d{2})?(Z|[+-]\d{2}:\d{2})?\s+(.+)$`)

// moment reads a moment and what happened then. Without a date it is the last one
// of that time; without a zone it is that of the organization.
func (s *Service) moment(text string, now time.Time) (time.Time, string, error) {
	bad := hindcast.Errorf(hindcast.Invalid, "write the time and what happened, such as /hindcast at 14:05 rolled back, or /hindcast at 2024-03-15 14:05 rolled back")
	m := clock.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, "", bad
	}
	zone, day := s.zone(), m[1]
	if m[4] != "" {
		t, err := time.Parse("Z07:00", m[4])
		if err != nil {
			return time.Time{}, "", bad
		}
		zone = t.Location()
	}
	if day == "" {
		day = now.In(zone).Format(time.DateOnly)
	}
	if m[3] == "" {
		m[3] = ":00"
	}
	at, err := time.ParseInLocation("2006-01-02 15:04:05", day+" "+m[2]+m[3], zone)
	switch {
	case err != nil:
		return time.Time{}, "", bad
	case m[1] == "" && at.After(now):
		at = at.AddDate(0, 0, -1)
	case at.After(now):
		return time.Time{}, "", hindcast.Errorf(hindcast.Invalid, "%s is still to come; write a time that has passed", at.Format("15:04 on 2 January 2006"))
	}
	return at.UTC(), m[5], nil
}
