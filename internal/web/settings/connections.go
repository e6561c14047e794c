package settings

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow"
)

// connections lists who is told what happens here.
func (h Handlers) connections(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	list, err := h.Deliver.Endpoints(r.Context(), v)
	if err != nil {
		return err
	}
	jams, err := h.Tickets.Jams(r.Context(), v)
	if err != nil {
		return err
	}
	view := Connections{Closed: h.Deliver.Closed, Kinds: h.kinds()}
	for _, e := range list {
		row := ConnectionRow{Endpoint: e, Jam: jams[e.ID], Kind: h.kindName(e.Kind), What: h.purposeOf(e.Kind)}
		last, err := h.Deliver.Deliveries(r.Context(), v, deliver.Filter{EndpointID: e.ID, Limit: 1})
		if err != nil {
			return err
		}
		if len(last.Items) > 0 {
			row.Last = &last.Items[0]
		}
		waiting, err := h.Deliver.Deliveries(r.Context(), v, deliver.Filter{EndpointID: e.ID, State: deliver.Waiting, Limit: 1})
		if err != nil {
			return err
		}
		row.Waiting = len(waiting.Items) > 0
		view.Rows = append(view.Rows, row)
	}
	return h.show(w, r, v, http.StatusOK, "Connections", ConnectionsPage(view))
}

// kinds returns the kinds of connections, by name and what people call them.
func (h Handlers) kinds() []Option {
	var out []Option
	for _, vendor := range h.Deliver.Vendors {
		out = append(out, Option{vendor.Name, vendor.Title})
	}
	return out
}

func (h Handlers) vendor(kind string) (connector.Vendor, bool) {
	i := slices.IndexFunc(h.Deliver.Vendors, func(x connector.Vendor) bool { return x.Name == kind })
	if i < 0 {
		return connector.Vendor{}, false
	}
	return h.Deliver.Vendors[i], true
}

func (h Handlers) kindName(kind string) string {
	if vendor, ok := h.vendor(kind); ok {
		return vendor.Title
	}
	return kind
}

// purposeOf says what a kind of connections is for that is told of no events.
func (h Handlers) purposeOf(kind string) string {
	vendor, _ := h.vendor(kind)
	var out []string
	for _, p := range []struct {
		is   bool
		what string
	}{{vendor.Plays(connector.Tracks), "tickets"}, {vendor.Plays(connector.Publishes), "pages"}, {vendor.TellsOfIncidents(), "incidents"}, {vendor.Plays(connector.Talks), "talk"}, {vendor.Plays(connector.Reports), "changes"}, {vendor.Plays(connector.Fetches), "evidence"}} {
		if p.is {
			out = append(out, p.what)
		}
	}
	return strings.Join(out, ", ")
}

// newConnection is the form of a new connection.
func (h Handlers) newConnection(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if _, err := h.Deliver.Endpoints(r.Context(), v); err != nil { // for admins
		return err
	}
	vendor, ok := h.vendor(r.URL.Query().Get("kind"))
	if !ok {
		return hindcast.Errorf(hindcast.NotFound, "there is no such kind of connection; choose one in Settings, Connections")
	}
	form := ConnectionForm{Vendor: vendor, Closed: h.Deliver.Closed, Put: deliver.Put{Kind: vendor.Name, Asked: new(true)}}
	if messages(vendor) {
		form.Events = []workflow.EventKind{workflow.PostmortemPublished}
	}
	return h.show(w, r, v, http.StatusOK, "New connection", NewConnectionPage(form))
}

// put reads the form of a connection. The fields of its vendor are named
// "setting." and their name; those left empty stay as they are.
func put(form url.Values, vendor connector.Vendor) deliver.Put {
	p := deliver.Put{Name: strings.TrimSpace(form.Get("name")), Drafts: form.Get("drafts") != "", Private: form.Get("private") != "", Approve: form.Get("approve") != "",
		Settings: map[string]secret.Text{}}
	if asked := form.Get("asked") != ""; vendor.Asks {
		p.Asked = &asked
	}
	for _, e := range form["event"] {
		p.Events = append(p.Events, workflow.EventKind(e))
	}
	for _, f := range vendor.Fields {
		if value := strings.TrimSpace(form.Get("setting." + f.Name)); value != "" {
			p.Settings[f.Name] = secret.New(value)
		}
	}
	return p
}

// faultsOf takes the message about a connection apart: what is wrong stands at
// the field it names, the rest at the form, which has no name.
func faultsOf(err error, vendor connector.Vendor) map[string]string {
	fields := map[string]string{"name": "name", "events": "events"}
	for _, f := range vendor.Fields {
		fields[f.Name] = "setting." + f.Name
	}
	out := map[string]string{}
	at := ""
	for piece := range strings.SplitSeq(err.Error(), "; ") {
		name, text, ok := strings.Cut(piece, ": ")
		if field := fields[name]; ok && field != "" {
			at, piece = field, text
		} else if out[at] != "" {
			piece = strings.TrimSuffix(out[at], ".") + "; " + piece
		}
		out[at] = answer.Sentence(piece)
	}
	if out["events"] != "" {
		out["events"] = "Choose at least one thing to be told of."
	}
	return out
}

func (h Handlers) addConnection(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	vendor, ok := h.vendor(r.PostForm.Get("kind"))
	if !ok {
		return hindcast.Errorf(hindcast.Invalid, "there is no such kind of connection; choose one in Settings, Connections")
	}
	p := put(r.PostForm, vendor)
	p.Kind = vendor.Name
	e, generated, err := h.Deliver.PutEndpoint(r.Context(), v, p)
	if hindcast.CodeOf(err) == hindcast.Invalid {
		form := ConnectionForm{Vendor: vendor, Put: p, Closed: h.Deliver.Closed, Faults: faultsOf(err, vendor)}
		return h.show(w, r, v, http.StatusUnprocessableEntity, "New connection", NewConnectionPage(form))
	}
	if err != nil {
		return err
	}
	return h.showConnection(w, r, v, http.StatusOK, e.ID, Connection{Generated: generated, Added: true})
}

func (h Handlers) connection(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	view := Connection{}
	switch r.URL.Query().Get("done") {
	case "saved":
		view.Done = "It is saved."
	case "paused":
		view.Done = "It is paused. What happens meanwhile is not told later."
	case "resumed":
		view.Done = "It is switched on."
	case "retried":
		view.Done = "What failed is sent again now; come back in a moment to see what came of it."
	case "nothing":
		view.Done = "Nothing had failed."
	}
	return h.showConnection(w, r, v, http.StatusOK, r.PathValue("id"), view)
}

// showConnection fills what the page of a connection always shows.
func (h Handlers) showConnection(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, id string, view Connection) error {
	e, err := h.Deliver.Endpoint(r.Context(), v, id)
	if err != nil {
		return err
	}
	jams, err := h.Tickets.Jams(r.Context(), v)
	if err != nil {
		return err
	}
	view.Jam = jams[e.ID]
	vendor, _ := h.vendor(e.Kind)
	view.Endpoint, view.State = e, deliver.State(r.URL.Query().Get("state"))
	if vendor.Plays(connector.Receives) {
		view.Hook = h.Address() + "/hooks/" + e.ID
		if view.Heard, err = h.Collect.Heard(r.Context(), v, e.ID); err != nil {
			return err
		}
	}
	if vendor.Manifest != nil {
		manifest, err := vendor.Manifest(view.Hook, h.Address())
		if err != nil {
			return err
		}
		view.Manifest = string(manifest)
	}
	if view.Form == nil {
		view.Form = &ConnectionForm{Put: deliver.Put{ID: e.ID, Name: e.Name, Events: e.Events, Drafts: e.Drafts, Private: e.Private, Approve: e.Approve, Asked: &e.Asked}}
	}
	view.Form.Vendor, view.Form.Where, view.Form.Closed = vendor, e.Where, h.Deliver.Closed
	page, err := h.Deliver.Deliveries(r.Context(), v, deliver.Filter{EndpointID: id, State: view.State, After: r.URL.Query().Get("after")})
	if err != nil {
		return err
	}
	var incidents []string
	for _, d := range page.Items {
		incidents = append(incidents, d.IncidentID)
	}
	names, err := h.incidents(r.Context(), v, incidents)
	if err != nil {
		return err
	}
	for _, d := range page.Items {
		view.Deliveries = append(view.Deliveries, DeliveryRow{d, names[d.IncidentID]})
	}
	if r.Method == http.MethodGet {
		view.Next = answer.Later(r, page.Next)
	} else if page.Next != "" {
		view.Next = "/settings/connections/" + id + "?after=" + url.QueryEscape(page.Next)
	}
	return h.show(w, r, v, status, e.Name, ConnectionPage(view))
}

// incidents returns what the viewer may know of incidents by their ids.
func (h Handlers) incidents(ctx context.Context, v hindcast.Viewer, ids []string) (map[string]Incident, error) {
	out := map[string]Incident{}
	for _, id := range ids {
		if _, seen := out[id]; seen || id == "" {
			continue
		}
		d, err := h.Workflow.Get(ctx, v, id)
		switch {
		case err == nil:
			out[id] = Incident{Num: d.Num, Title: d.Post.Incident.Title}
		case hindcast.CodeOf(err) == hindcast.NotFound:
			out[id] = Incident{Hidden: true}
		default:
			return nil, err
		}
	}
	return out, nil
}

func (h Handlers) changeConnection(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	e, err := h.Deliver.Endpoint(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	vendor, _ := h.vendor(e.Kind)
	p := put(r.PostForm, vendor)
	p.ID, p.Disabled = e.ID, !e.Disabled.IsZero()
	_, generated, err := h.Deliver.PutEndpoint(r.Context(), v, p)
	if hindcast.CodeOf(err) == hindcast.Invalid {
		return h.showConnection(w, r, v, http.StatusUnprocessableEntity, e.ID, Connection{Form: &ConnectionForm{Put: p, Faults: faultsOf(err, vendor)}})
	}
	if err != nil {
		return err
	}
	if len(generated) > 0 {
		return h.showConnection(w, r, v, http.StatusOK, e.ID, Connection{Generated: generated})
	}
	return answer.Redirect(w, r, "/settings/connections/"+e.ID+"?done=saved")
}

func (h Handlers) testConnection(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	result, err := h.Deliver.TestEndpoint(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.showConnection(w, r, v, http.StatusOK, r.PathValue("id"), Connection{Tested: &result})
}

func (h Handlers) pauseConnection(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.turn(w, r, v, true, "paused")
}

func (h Handlers) resumeConnection(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.turn(w, r, v, false, "resumed")
}

// turn switches a connection off or on.
func (h Handlers) turn(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, off bool, done string) error {
	e, err := h.Deliver.Endpoint(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	_, _, err = h.Deliver.PutEndpoint(r.Context(), v, deliver.Put{ID: e.ID, Name: e.Name, Events: e.Events, Drafts: e.Drafts, Private: e.Private, Approve: e.Approve, Disabled: off})
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, "/settings/connections/"+e.ID+"?done="+done)
}

func (h Handlers) rotateSecret(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	generated, err := h.Deliver.RotateSecret(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.showConnection(w, r, v, http.StatusOK, r.PathValue("id"), Connection{Generated: generated, Rotated: true})
}

func (h Handlers) retryFailed(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	n, err := h.Deliver.RetryFailed(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	done := "retried"
	if n == 0 {
		done = "nothing"
	}
	return answer.Redirect(w, r, "/settings/connections/"+r.PathValue("id")+"?done="+done+"#deliveries")
}

func (h Handlers) removeConnection(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Deliver.DeleteEndpoint(r.Context(), v, r.PathValue("id")); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/settings/connections")
}

// delivery shows what one message says, to who may read of what it tells.
func (h Handlers) delivery(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, msg, err := h.Deliver.Delivery(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	view := Delivery{Delivery: d, Message: msg}
	if d.ApprovedBy != "" {
		view.ApprovedBy = h.Name(r, v, d.ApprovedBy)
	}
	if e, err := h.Deliver.Endpoint(r.Context(), v, d.EndpointID); err == nil {
		view.Endpoint = e.Name
	} else if hindcast.CodeOf(err) != hindcast.NotFound {
		return err
	}
	return h.show(w, r, v, http.StatusOK, "Message", DeliveryPage(view))
}

// decide carries out a decision about one message.
func (h Handlers) decide(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	act, ok := map[string]func(context.Context, hindcast.Viewer, string) error{
		"retry": h.Deliver.Retry, "cancel": h.Deliver.Cancel, "approve": h.Deliver.Approve,
	}[r.PathValue("decide")]
	if !ok {
		return hindcast.Errorf(hindcast.NotFound, "there is no such decision about a message")
	}
	if err := act(r.Context(), v, r.PathValue("id")); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/settings/deliveries/"+r.PathValue("id"))
}
