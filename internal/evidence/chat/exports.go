package chat

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

func isDiscord(f jsonrec.Fields) bool {
	for _, at := range []string{"", "messages."} {
		if f.Has(at+"timestamp", at+"content", at+"author.id") {
			return true
		}
	}
	return false
}

func isTeams(f jsonrec.Fields) bool {
	for _, at := range []string{"", "value."} {
		if f.Has(at+"createdDateTime", at+"messageType", at+"body.content") {
			return true
		}
	}
	return false
}

func isMattermost(f jsonrec.Fields) bool {
	return f.Has("post.create_at", "post.message") || f.Has("direct_post.create_at", "direct_post.message") || f.Has("create_at", "message", "channel_id", "user_id") || f.Has("order", "posts")
}

// mention is a user, role or channel in the text of a Discord message.
var mention = lazyregexp.New(`<(@[!&]?|#)(\d+)>`)

// discordAuthor is a user of Discord, as the API and as DiscordChatExporter
// write it.
type discordAuthor struct {
	ID         jsonrec.Scalar `json:"id"`
	Username   string         `json:"username"`
	GlobalName string         `json:"global_name"`
	Name       string         `json:"name"`
	Nickname   string         `json:"nickname"`
	Bot        bool           `json:"bot"`
	IsBot      bool           `json:"isBot"`
}

func (a discordAuthor) name() string {
	return cmp.Or(a.Nickname, a.GlobalName, a.Name, a.Username, string(a.ID))
}

// discordMessage is what is read of a message of Discord.
type discordMessage struct {
	ID          jsonrec.Scalar  `json:"id"`
	Type        jsonrec.Scalar  `json:"type"`
	Timestamp   string          `json:"timestamp"`
	Content     string          `json:"content"`
	Author      discordAuthor   `json:"author"`
	Mentions    []discordAuthor `json:"mentions"`
	Pinned      bool            `json:"pinned"`
	IsPinned    bool            `json:"isPinned"`
	Attachments []struct {
		Filename string `json:"filename"`
		FileName string `json:"fileName"`
	} `json:"attachments"`
	Embeds []struct {
		Title       string `json:"title"`
		Description string `json:"description"`
	} `json:"embeds"`
	Reactions []struct {
		Emoji struct {
			Name string `json:"name"`
		} `json:"emoji"`
	} `json:"reactions"`
	Reference struct {
		ID  jsonrec.Scalar `json:"message_id"`
		ID2 jsonrec.Scalar `json:"messageId"`
	} `json:"message_reference"`
}

// talk are the types of messages of Discord that are not joins, pins and calls.
var talk = []jsonrec.Scalar{"", "0", "19", "20", "21", "23", "Default", "Reply"}

// discord reads a message of Discord's API or of DiscordChatExporter.
func (rd *reading) discord(rec jsonrec.Record) {
	var m discordMessage
	if !rec.Decode(&m, rd.sink) || !slices.Contains(talk, m.Type) {
		return
	}
	names := map[string]string{}
	for _, a := range m.Mentions {
		names[string(a.ID)] = a.name()
	}
	lines := []string{mention.ReplaceAllStringFunc(m.Content, func(s string) string {
		at := mention.FindStringSubmatch(s)
		return at[1][:1] + cmp.Or(names[at[2]], at[2])
	})}
	for _, e := range m.Embeds {
		lines = append(lines, e.Title, e.Description)
	}
	for _, a := range m.Attachments {
		lines = append(lines, "[file: "+cmp.Or(a.Filename, a.FileName)+"]")
	}
	e := rd.said(m.Author.name(), joined(lines), rd.channel)
	if m.Author.Bot || m.Author.IsBot {
		e.Actor.Kind = hindcast.Automation
	}
	e.ID = "discord:" + string(m.ID)
	e.Attrs["thread"] = string(cmp.Or(m.Reference.ID, m.Reference.ID2))
	var reactions []string
	for _, r := range m.Reactions {
		reactions = append(reactions, r.Emoji.Name)
	}
	e.Attrs["reactions"] = strings.Join(reactions, ",")
	if m.Pinned || m.IsPinned {
		e.Attrs["pinned"] = "true"
	}
	rd.write(rec.Ref(), m.Timestamp, e)
}

// identity is a user or an app of Microsoft Graph.
type identity struct {
	Name string `json:"displayName"`
}

// teamsMessage is what is read of a message of Microsoft Graph.
type teamsMessage struct {
	ID      jsonrec.Scalar `json:"id"`
	ReplyTo jsonrec.Scalar `json:"replyToId"`
	Type    string         `json:"messageType"`
	Created string         `json:"createdDateTime"`
	Edited  string         `json:"lastEditedDateTime"`
	Deleted string         `json:"deletedDateTime"`
	Subject string         `json:"subject"`
	URL     string         `json:"webUrl"`
	From    struct {
		User        *identity `json:"user"`
		Application *identity `json:"application"`
	} `json:"from"`
	Body struct {
		Content string `json:"content"`
	} `json:"body"`
	Attachments []struct {
		Name    string         `json:"name"`
		Content jsonrec.Scalar `json:"content"`
	} `json:"attachments"`
	Reactions []struct {
		Type string `json:"reactionType"`
	} `json:"reactions"`
}

// teams reads a message of Microsoft Graph and the replies in it.
func (rd *reading) teams(rec jsonrec.Record) {
	var m teamsMessage
	if !rec.Decode(&m, rd.sink) {
		return
	}
	lines := []string{m.Subject, rd.words.Plain(m.Body.Content)}
	for _, a := range m.Attachments {
		lines = append(lines, card(a.Content))
		if a.Name != "" {
			lines = append(lines, "[file: "+a.Name+"]")
		}
	}
	e := rd.said("", joined(lines), rd.channel)
	switch {
	case m.From.User != nil:
		e.Actor = hindcast.Actor{Name: cmp.Or(m.From.User.Name, "unknown"), Kind: hindcast.Person}
	case m.From.Application != nil:
		e.Actor = hindcast.Actor{Name: cmp.Or(m.From.Application.Name, "bot"), Kind: hindcast.Automation}
	}
	e.ID = "teams:" + string(m.ID)
	e.Attrs["thread"], e.Attrs["edited"] = string(m.ReplyTo), rd.Short(m.Edited)
	var reactions []string
	for _, r := range m.Reactions {
		reactions = append(reactions, r.Type)
	}
	e.Attrs["reactions"] = strings.Join(reactions, ",")
	if m.URL != "" {
		e.Links = []string{m.URL}
	}
	if m.Type == "message" && m.Deleted == "" {
		rd.write(rec.Ref(), m.Created, e)
	}
	replies, _ := rec.Member("replies")
	for _, r := range replies.Elements() {
		rd.teams(r)
	}
}

// card returns the texts of an adaptive card, which is JSON in a string.
func card(content jsonrec.Scalar) string {
	var v any
	if json.Unmarshal([]byte(content), &v) != nil {
		return ""
	}
	var lines []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, key := range []string{"title", "text", "value"} {
				if s, ok := v[key].(string); ok {
					lines = append(lines, s)
				}
			}
			for _, key := range []string{"body", "items", "columns", "facts", "sections"} {
				walk(v[key])
			}
		}
	}
	walk(v)
	return joined(lines)
}

// post is a post of Mattermost. Bulk exports name users and channels, the API
// gives their ids.
type post struct {
	ID        jsonrec.Scalar `json:"id"`
	RootID    jsonrec.Scalar `json:"root_id"`
	Channel   string         `json:"channel"`
	ChannelID string         `json:"channel_id"`
	User      string         `json:"user"`
	UserID    string         `json:"user_id"`
	Message   string         `json:"message"`
	Type      string         `json:"type"`
	CreateAt  jsonrec.Scalar `json:"create_at"`
	DeleteAt  jsonrec.Scalar `json:"delete_at"`
	Pinned    bool           `json:"is_pinned"`
	Props     struct {
		Username string         `json:"override_username"`
		Bot      jsonrec.Scalar `json:"from_bot"`
		Webhook  jsonrec.Scalar `json:"from_webhook"`
	} `json:"props"`
	Reactions []struct {
		Emoji string `json:"emoji_name"`
	} `json:"reactions"`
}

// mattermost reads a line of a bulk export, or an answer of the API. Lines that
// are no posts are passed over.
func (rd *reading) mattermost(rec jsonrec.Record) {
	if posts, ok := rec.Member("posts"); ok {
		var byID map[string]struct{}
		if posts.Decode(&byID, rd.sink) {
			for _, id := range slices.Sorted(maps.Keys(byID)) {
				if p, ok := posts.Member(id); ok {
					rd.post(p, post{})
				}
			}
		}
		return
	}
	for _, key := range []string{"post", "direct_post"} {
		p, ok := rec.Member(key)
		if !ok {
			continue
		}
		root := rd.post(p, post{})
		replies, _ := p.Member("replies")
		for _, r := range replies.Elements() {
			rd.post(r, root)
		}
		return
	}
	if _, ok := rec.Member("create_at"); ok {
		rd.post(rec, post{})
	}
}

// post writes a post and returns it. Replies in a bulk export stand in the post
// that they answer and do not repeat its channel.
func (rd *reading) post(rec jsonrec.Record, root post) post {
	var p post
	if !rec.Decode(&p, rd.sink) || strings.HasPrefix(p.Type, "system_") || p.DeleteAt != "" && p.DeleteAt != "0" {
		return p
	}
	p.Channel = cmp.Or(p.Channel, root.Channel)
	e := rd.said(cmp.Or(p.Props.Username, p.User, p.UserID), p.Message, cmp.Or(p.Channel, rd.channel, p.ChannelID))
	if p.Props.Bot == "true" || p.Props.Webhook == "true" {
		e.Actor.Kind = hindcast.Automation
	}
	if p.ID != "" {
		e.ID = "mattermost:" + string(p.ID)
	}
	e.Attrs["thread"] = string(cmp.Or(p.RootID, root.CreateAt))
	if p.Pinned {
		e.Attrs["pinned"] = "true"
	}
	var reactions []string
	for _, r := range p.Reactions {
		reactions = append(reactions, r.Emoji)
	}
	e.Attrs["reactions"] = strings.Join(reactions, ",")
	rd.write(rec.Ref(), string(p.CreateAt), e)
	return p
}

// joined joins the lines that say something.
func joined(lines []string) string {
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.TrimSpace(l) == "" }), "\n")
}
