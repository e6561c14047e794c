package settings

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/web/ui"
	"github.com/hindcast/hindcast/internal/workflow"
)

// kind says of an act how a sentence about it goes on behind who did it. Words in
// braces stand for what the act was done to: {incident}, {parts}, {person} and
// whatever else its detail names.
type kind struct{ act, phrase string }

// group is the acts of one sort.
type group struct {
	name  string // for people, and in addresses in lower case
	kinds []kind
}

// groups are all acts that are kept in the audit trail.
var groups = []group{
	{"Post-mortems", []kind{
		{"incident.create", "began {incident}"},
		{"postmortem.edit", "edited {parts} of {incident}"},
		{"postmortem.cowrite", "wrote {parts} of {incident}"},
		{"postmortem.undo", "took a change of {incident} back: {parts}"},
		{"postmortem.bringback", "brought an earlier version of {incident} back"},
		{"postmortem.replace", "replaced the text of {incident} by that of a file"},
		{"postmortem.move", "moved {incident} to “{to}”"},
		{"postmortem.severity", "decided the severity of {incident}"},
		{"postmortem.clock", "judged a clock in the evidence of {incident}"},
		{"elsewhere.ask", "asked for a page of {incident} in {name}"},
		{"ticket.ask", "asked for tickets of action items of {incident} in {name}"},
		{"ticket.approve", "let a ticket of an action item of {incident} be made in {name}"},
		{"ticket.refuse", "refused a ticket of an action item of {incident} in {name}"},
		{"episode.draft", "had an incident drafted that a connection told of"},
		{"episode.look", "had the pager asked for incidents"},
		{"timeline.build", "built the timeline of {incident} from its evidence"},
	}},
	{"Review", []kind{
		{"account.ask", "asked {people} what they remember of {incident}"},
		{"account.decline", "had nothing to add to what others remember of {incident}"},
		{"review.ask", "asked {people} for a review of {incident}"},
		{"review.answer", "reviewed {incident}: {answer}"},
		{"review.approvals", "approved {incident}, as the policy asks"},
		{"suggestion.accepted", "took in a suggestion for {incident}"},
		{"suggestion.declined", "declined a suggestion for {incident}"},
		{"meeting.start", "began a meeting about {incident}"},
		{"reading.withdraw", "withdrew publication {publication} of {incident}"},
	}},
	{"Evidence", []kind{
		{"evidence.add", "added {files} to {incident}"},
		{"evidence.ask", "asked {name} for evidence of {incident}"},
		{"channel.link", "linked a channel to {incident}"},
		{"channel.unlink", "ended that a channel is read for {incident}"},
		{"mail.attach", "attached mail that waited to {incident}"},
		{"mail.draft", "had {incident} drafted from mail that waited"},
		{"mail.dismiss", "dismissed mail that waited"},
		{"mail.restore", "took dismissed mail back"},
		{"mail.keep", "had mail kept by its address as evidence of {incident}"},
		{"mail.address", "made a new mail address for {incident}"},
		{"evidence.purge", "purged a file of the evidence of {incident}"},
	}},
	{"Sharing", []kind{
		{"postmortem.share", "made {person} {part} of {incident}"},
		{"postmortem.unshare", "ended the part of {person} in {incident}"},
		{"postmortem.private", "decided who may read {incident}"},
		{"postmortem.join", "joined {incident} as an admin, to lead it"},
		{"postmortem.remove", "put {incident} into the trash"},
		{"postmortem.restore", "took {incident} out of the trash"},
		{"postmortem.erase", fmt.Sprintf("erased {incident}, %d days after it was removed", workflow.TrashDays)},
	}},
	{"People", []kind{
		{"person.setup", "made the first account"},
		{"person.invite", "made an invitation for a new {value}"},
		{"person.reset", "made a link with which {value} chooses a new password"},
		{"person.password", "chose a new password"},
		{"person.role", "changed what {person} may do"},
		{"person.sso", "came for the first time by single sign-on"},
	}},
	{"Sign-in", []kind{
		{"session.password", "signed in with a password"},
		{"session.link", "signed in with a link"},
		{"session.sso", "signed in by single sign-on"},
		{"session.end", "signed out"},
	}},
	{"Tokens", []kind{
		{"token.create", "made a token that may {scopes}"},
		{"token.revoke", "revoked a token"},
	}},
	{"Connections", []kind{
		{"endpoint.create", "added the connection {name}"},
		{"endpoint.change", "changed the connection {name}"},
		{"endpoint.remove", "removed the connection {name}"},
		{"endpoint.secret", "replaced the secret of the connection {name}"},
		{"endpoint.test", "sent a test message to the connection {name}"},
		{"mail.test", "sent a test letter to their own address"},
		{"mail.retry", "sent mail again that had not arrived"},
		{"delivery.approve", "let a message be sent"},
		{"delivery.retry", "had a message sent again"},
		{"delivery.cancel", "kept a message from being sent"},
	}},
}

// phraseOf returns how a sentence about an act goes on.
func phraseOf(act string) string {
	for _, g := range groups {
		for _, k := range g.kinds {
			if k.act == act {
				return k.phrase
			}
		}
	}
	return "did what is called " + act
}

// short is what an act is called in a list to choose from.
func (k kind) short() string {
	s := strings.NewReplacer(" of {incident}", "", " {incident}", " a post-mortem", "{parts}", "parts", "{files}", "files", "{person}", "somebody", "{people}", "people", ": {answer}", "", "{publication}", "", "{part}", "part",
		" a new {value}", " somebody", "{value}", "somebody", " that may {scopes}", "", " {name}", "", " to “{to}”", " on", ": parts", "").Replace(k.phrase)
	return ui.Sentence(s)
}

// actsOf returns the acts that a choice means: one, or those of a group.
func actsOf(choice string) []string {
	for _, g := range groups {
		var acts []string
		for _, k := range g.kinds {
			acts = append(acts, k.act)
		}
		if strings.EqualFold(g.name, choice) {
			return acts
		}
		if slices.Contains(acts, choice) {
			return []string{choice}
		}
	}
	return nil
}

// Change is what became of one field, or of a whole record, of which What says that
// it was added or removed.
type Change struct{ Field, Was, Is, What string }

// details are what an act says beside its name.
type details map[string]any

// detailsOf reads the detail of an act; one that is a text is its "value".
func detailsOf(d any) details {
	raw, ok := d.(json.RawMessage)
	if !ok {
		return nil
	}
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return nil // nothing that we wrote
	}
	switch value := value.(type) {
	case map[string]any:
		return value
	case string:
		return details{"value": value}
	}
	return nil
}

// text returns a detail as words.
func (d details) text(name string) string {
	switch v := d[name].(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case []any:
		var list []string
		for _, x := range v {
			list = append(list, fmt.Sprint(x))
		}
		return strings.Join(list, ", ")
	default:
		return fmt.Sprint(v)
	}
}

// list returns a detail that is a list of words.
func (d details) list(name string) []string {
	all, _ := d[name].([]any)
	var out []string
	for _, x := range all {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// changes returns the fields of which the details say what they were before.
func (d details) changes() []Change {
	var out []Change
	for name := range d {
		if field, ok := strings.CutSuffix(name, "_was"); ok && d.text(name) != d.text(field) {
			word := ui.Sentence(field)
			if field == "to" {
				word = "State"
			}
			out = append(out, Change{Field: word, Was: ui.Words(d.text(name)), Is: ui.Words(d.text(field))})
		}
	}
	slices.SortFunc(out, func(a, b Change) int { return strings.Compare(a.Field, b.Field) })
	return out
}
