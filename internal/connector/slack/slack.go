// Package slack speaks with the Web API of Slack, as an app of the customer's own:
// its manifest is made by [Manifest]. The app gives the messages of channels as
// evidence, in the form of a workspace's export, which internal/evidence/slack
// reads; it tells people in a channel what happens in the library; and it takes
// events and the command /hindcast, which it answers.
//
// Slack answers nearly everything with status 200 and says in the body whether it
// worked; errors here are made from that.
package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/evidence/slack"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// DefaultAddress is where the Web API is.
const DefaultAddress = "https://slack.com/api"

// Vendor returns the vendor for a list.
func Vendor() connector.Vendor {
	return connector.Vendor{
		Name: "slack", Title: "Slack", Silent: true, Manifest: Manifest,
		Roles: []connector.Role{connector.Announces, connector.Fetches, connector.Receives, connector.Talks},
		Fields: []connector.Field{
			{Name: "token", Title: "Bot token", Help: "of the app in your workspace, which begins with xoxb-; leave it empty until the app is made", Secret: true, Optional: true},
			{Name: "secret", Title: "Signing secret", Help: "of the app, under Basic Information; leave it empty until the app is made", Secret: true, Optional: true},
			{Name: "channel", Title: "Channel that is told", Help: "its id, such as C0123456789, which Slack shows at the end of the channel's details; the app has to be in it", Optional: true, ForEvents: true},
			{Name: "channels", Title: "Channels that are read", Help: "the ids of channels whose messages belong to the evidence of every incident, separated by spaces; that of an incident of its own is linked in Slack with /hindcast link; - for none", Optional: true},
			{Name: "entries", Title: "Emoji of entries", Help: "names of the emoji that mark a message as an entry of the timeline, as a pin does; empty for " + strings.Join(slack.EntryMarks(), ", "), Optional: true},
			{Name: "decisions", Title: "Emoji of decisions", Help: "names of those that mark a decision; empty for " + strings.Join(slack.DecisionMarks(), ", "), Optional: true},
			{Name: "url", Title: "Address of the API", Help: "of GovSlack https://slack-gov.com/api; empty for " + DefaultAddress, Optional: true},
		},
		Check: func(s connector.Settings) (string, error) {
			w, err := open(s, connector.Deps{})
			if err != nil {
				return "", err
			}
			return w.where(), nil
		},
		Open: func(s connector.Settings, d connector.Deps) (any, error) {
			w, err := open(s, d)
			if err != nil {
				return nil, err
			}
			return w, nil
		},
	}
}

// Workspace is a workspace there, as the app sees it. It may be used by several
// goroutines at once.
type Workspace struct {
	address string
	token   secret.Text // zero before the app is made
	hook    secret.Text // with which requests are signed; zero likewise
	told    string      // id of the channel that is told; empty for none
	read    []string    // ids of channels that are read for every incident
	marks   marks
	deps    connector.Deps

	mu     sync.Mutex
	people map[string]profile // by id, of those that were asked for
	whole  bool               // there is nobody else, or nobody may be asked for
	names  map[string]string  // of channels, by id
}

// id is what Slack calls channels, people and messages.
var (
	channelID = lazyregexp.New(`^[CGD][A-Z0-9]{2,20}$`)
	userID    = lazyregexp.New(`^[UW][A-Z0-9]{2,20}$`)
	messageID = lazyregexp.New(`^\d{10}\.\d{6}$`)
)

// mostChannels bounds what is read for every incident.
const mostChannels = 20

func open(s connector.Settings, d connector.Deps) (*Workspace, error) {
	w := &Workspace{address: strings.TrimRight(s["url"].Reveal(), "/"), token: s["token"], hook: s["secret"], told: s["channel"].Reveal(), read: strings.FieldsFunc(s["channels"].Reveal(), func(r rune) bool { return strings.ContainsRune(" ,-", r) }), deps: d, people: map[string]profile{}, names: map[string]string{}}
	if w.address == "" {
		w.address = DefaultAddress
	}
	if _, ok := connector.Address(w.address); !ok {
		return nil, hindcast.Errorf(hindcast.Invalid, "url: write an address such as %s", DefaultAddress)
	}
	if w.told != "" && !channelID.MatchString(w.told) {
		return nil, hindcast.Errorf(hindcast.Invalid, "channel: %.30q is no id of a channel; Slack shows it at the end of the channel's details, such as C0123456789", w.told)
	}
	if i := slices.IndexFunc(w.read, func(id string) bool { return !channelID.MatchString(id) }); i >= 0 {
		return nil, hindcast.Errorf(hindcast.Invalid, "channels: %.30q is no id of a channel; Slack shows it at the end of the channel's details, such as C0123456789", w.read[i])
	}
	if slices.Sort(w.read); len(w.read) > mostChannels {
		return nil, hindcast.Errorf(hindcast.Invalid, "channels: choose at most %d that are read for every incident", mostChannels)
	}
	w.read = slices.Compact(w.read)
	var err error
	w.marks, err = marksOf(s)
	return w, err
}

// where says where the settings lead.
func (w *Workspace) where() string {
	u, err := url.Parse(w.address)
	if err != nil {
		return w.address // it was parsed before
	}
	switch {
	case w.token.IsZero() || w.hook.IsZero():
		return u.Host + ", the app is still to be made"
	case w.told != "":
		return u.Host + ", channel " + w.told
	}
	return u.Host
}

// reply is what every answer holds.
type reply struct {
	OK     bool   `json:"ok"`
	Error  string `json:"error"`
	Needed string `json:"needed"` // a right that is missing
	Meta   struct {
		Next string `json:"next_cursor"`
	} `json:"response_metadata"`
}

// get asks for something and reads the answer into v.
func (w *Workspace) get(ctx context.Context, method string, query url.Values, v any) (reply, http.Header, error) {
	return w.call(ctx, outhttp.Request{Method: http.MethodGet, URL: strings.TrimSuffix(w.address+"/"+method+"?"+query.Encode(), "?")}, method, v)
}

// post does something and reads the answer into v, unless it is nil.
func (w *Workspace) post(ctx context.Context, method string, form url.Values, v any) error {
	_, _, err := w.call(ctx, outhttp.Request{Method: http.MethodPost, URL: w.address + "/" + method, Body: []byte(form.Encode()), Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}}, method, v)
	return err
}

func (w *Workspace) call(ctx context.Context, q outhttp.Request, method string, v any) (r reply, h http.Header, err error) {
	if w.token.IsZero() {
		return r, nil, hindcast.Errorf(hindcast.Denied, "%s in Slack: this connection has no bot token yet; make the app and enter it in the settings", method)
	}
	q.Credential = "slack " + w.address + " " + method // Slack counts each method by itself
	q.Authorize = func(h http.Header) {
		h.Set("Authorization", "Bearer "+w.token.Reveal())
		h.Set("Token", w.token.Reveal()) // what Slack's description names as required; the header above is what counts
	}
	res, err := w.deps.HTTP.Do(ctx, q)
	if err != nil {
		return r, nil, fmt.Errorf("%s in Slack: %w", method, err)
	}
	if err := json.Unmarshal(res.Body, &r); err != nil || !r.OK && r.Error == "" {
		return r, nil, hindcast.Errorf(hindcast.Unavailable, "%s in Slack: the answer is none of its API; look whether the address is right", method)
	}
	if !r.OK {
		return r, res.Header, refusal(method, r)
	}
	if v != nil {
		if err := json.Unmarshal(res.Body, v); err != nil {
			return r, nil, hindcast.Errorf(hindcast.Unavailable, "%s in Slack: the answer has another form than is described", method)
		}
	}
	return r, res.Header, nil
}

// refusals say what Slack's words for failures mean, and what to do.
var refusals = map[string]struct {
	code hindcast.Code
	next string
}{
	"ratelimited":            {hindcast.Unavailable, "too many requests; it is tried again later"},
	"rate_limited":           {hindcast.Unavailable, "too many requests; it is tried again later"},
	"internal_error":         {hindcast.Unavailable, "Slack failed; it is tried again later"},
	"fatal_error":            {hindcast.Unavailable, "Slack failed; it is tried again later"},
	"service_unavailable":    {hindcast.Unavailable, "Slack is not ready; it is tried again later"},
	"request_timeout":        {hindcast.Unavailable, "Slack did not get it whole; it is tried again later"},
	"invalid_auth":           {hindcast.Denied, "the bot token is not accepted; enter the one that the app has now"},
	"not_authed":             {hindcast.Denied, "the bot token is not accepted; enter the one that the app has now"},
	"token_expired":          {hindcast.Denied, "the bot token has expired; enter the one that the app has now"},
	"token_revoked":          {hindcast.Denied, "the bot token was revoked; install the app anew and enter its token"},
	"account_inactive":       {hindcast.Denied, "the app was removed from the workspace; install it anew and enter its token"},
	"not_allowed_token_type": {hindcast.Denied, "this is no bot token; enter the one that begins with xoxb-"},
	"missing_scope":          {hindcast.Denied, "the app has not the right to it; give it the rights of the manifest and install it anew"},
	"no_permission":          {hindcast.Denied, "the workspace does not let the app do it; ask who administers it"},
	"access_denied":          {hindcast.Denied, "the workspace does not let the app do it; ask who administers it"},
	"ekm_access_denied":      {hindcast.Denied, "the workspace's keys do not let the app do it; ask who administers it"},
	"not_in_channel":         {hindcast.Denied, "the app is not in the channel; write /invite @Hindcast there"},
	"channel_not_found":      {hindcast.Denied, "there is no such channel, or it is private and the app is not in it; write /invite @Hindcast there"},
	"is_archived":            {hindcast.Invalid, "the channel is archived; choose another in the settings"},
	"thread_not_found":       {hindcast.NotFound, "there is no such thread any more"},
	"message_not_found":      {hindcast.NotFound, "there is no such message any more"},
}

// refusal makes an error of an answer that says no. What Slack says is one word of
// its own; another is not repeated.
func refusal(method string, r reply) error {
	known, ok := refusals[r.Error]
	switch {
	case !ok && !word.MatchString(r.Error):
		return hindcast.Errorf(hindcast.Invalid, "Slack refuses %s without saying why", method)
	case !ok:
		return hindcast.Errorf(hindcast.Invalid, "Slack refuses %s (%s)", method, r.Error)
	case r.Error == "missing_scope" && word.MatchString(r.Needed):
		return hindcast.Errorf(known.code, "%s (Slack, %s: missing_scope %s)", known.next, method, r.Needed)
	}
	return hindcast.Errorf(known.code, "%s (Slack, %s: %s)", known.next, method, r.Error)
}

// word is what Slack's words for failures and rights look like.
var word = lazyregexp.New(`^[a-z][a-z0-9_:.,]{1,60}$`)

// Probe asks who the app is there, which of the rights of the manifest it has, and
// whether it sees the channels of the settings.
func (w *Workspace) Probe(ctx context.Context) (string, error) {
	var who struct {
		Team string `json:"team"`
		User string `json:"user"`
	}
	_, h, err := w.get(ctx, "auth.test", nil, &who)
	if err != nil {
		return "", err
	}
	out := []string{fmt.Sprintf("The app is @%s in the workspace %s.", who.User, who.Team)}
	if w.hook.IsZero() {
		out = append(out, "Without its signing secret nothing is received from there.")
	}
	if has := strings.FieldsFunc(h.Get("X-OAuth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' }); len(has) > 0 {
		out = append(out, rights(has)...)
	}
	for _, id := range w.channels() {
		said, err := w.seen(ctx, id)
		if err != nil && hindcast.CodeOf(err) == hindcast.Unavailable {
			return "", err
		}
		out = append(out, said)
	}
	return strings.Join(out, " "), nil
}

// channels are those that the settings name.
func (w *Workspace) channels() []string {
	out := slices.Clone(w.read)
	if w.told != "" && !slices.Contains(out, w.told) {
		out = append([]string{w.told}, out...)
	}
	return out
}

// rights says which rights are missing, and which the app could do without.
func rights(has []string) (out []string) {
	var missing, more []string
	for _, s := range Scopes() {
		if !slices.Contains(has, s.Name) {
			missing = append(missing, s.Name+" ("+s.For+")")
		}
	}
	for _, name := range has {
		if !slices.ContainsFunc(Scopes(), func(s Scope) bool { return s.Name == name }) {
			more = append(more, name)
		}
	}
	if missing == nil {
		out = append(out, "It has the rights of the manifest.")
	} else {
		out = append(out, "It lacks the rights "+strings.Join(missing, ", ")+".")
	}
	if more != nil {
		out = append(out, "It does not need "+strings.Join(more, ", ")+".")
	}
	return out
}

// channel is what is read of a channel.
type channel struct {
	Name     string `json:"name"`
	Member   bool   `json:"is_member"`
	Private  bool   `json:"is_private"`
	Archived bool   `json:"is_archived"`
}

// seen says how the app sees a channel.
func (w *Workspace) seen(ctx context.Context, id string) (string, error) {
	c, err := w.info(ctx, id)
	switch {
	case err != nil:
		return fmt.Sprintf("It does not see the channel %s: %v.", id, err), err
	case c.Archived:
		return fmt.Sprintf("The channel #%s is archived.", c.Name), nil
	case !c.Member:
		return fmt.Sprintf("It is not in the channel #%s; write /invite @Hindcast there.", c.Name), nil
	}
	return fmt.Sprintf("It is in the channel #%s.", c.Name), nil
}

func (w *Workspace) info(ctx context.Context, id string) (channel, error) {
	var answer struct {
		Channel channel `json:"channel"`
	}
	_, _, err := w.get(ctx, "conversations.info", url.Values{"channel": {id}}, &answer)
	return answer.Channel, err
}
