package hindcast

import "time"

// ActorKind says what sort of actor did or said something.
type ActorKind string

// The actor kinds.
const (
	Person     ActorKind = "person"
	Automation ActorKind = "automation" // a pipeline, a monitor, a bot: something people set up to act
	System     ActorKind = "system"     // the software and the platform it runs on
	External   ActorKind = "external"   // another company's system
)

// Actor is who or what did or said something.
type Actor struct {
	Name string    `json:"name"`
	Kind ActorKind `json:"kind"`
}

// EventKind says what a source record states. It is the source's own word put
// into one vocabulary, before any judgment about the incident.
type EventKind string

// The event kinds.
const (
	PagerTriggered    EventKind = "pager-triggered"    // a person is being paged
	PagerAcknowledged EventKind = "pager-acknowledged" // somebody took it up
	PagerResolved     EventKind = "pager-resolved"
	PagerStep         EventKind = "pager-step" // assign, escalate, notify, snooze, priority change, responder added
	PagerNote         EventKind = "pager-note" // a person's note on the pager incident
	AlertFiring       EventKind = "alert-firing"
	AlertResolved     EventKind = "alert-resolved"
	Message           EventKind = "message"         // chat, by a person or a bot (see Actor.Kind)
	MessageDeleted    EventKind = "message-deleted" // a message that was read is in the chat no more; ID is its own
	Deploy            EventKind = "deploy"          // a version begins to go out to an environment
	DeployStep        EventKind = "deploy-step"     // a later step of the same rollout: build, migrate, verify, success, inactive
	ConfigChange      EventKind = "config-change"   // a flag, a setting or infrastructure was changed
	Commit            EventKind = "commit"          // source control
	Command           EventKind = "command"         // a person ran a command
	PlatformEvent     EventKind = "platform-event"  // Kubernetes and the like
	StatusUpdate      EventKind = "status-update"   // a status page, ours or a vendor's (see Actor.Kind)
	Recollection      EventKind = "recollection"    // what a person remembers
	Attachment        EventKind = "attachment"      // an image or other file that is kept and hashed, never read
	Record            EventKind = "record"          // a row with a time that fits nothing else
)

// Level is a log level.
type Level uint8

// The log levels, in order of severity.
const (
	LevelUnknown Level = iota
	LevelTrace
	LevelDebug
	LevelInfo
	LevelWarn
	LevelError
	LevelFatal
)

// String returns the level's lower-case name; "" for LevelUnknown.
func (l Level) String() string {
	return [...]string{"", "trace", "debug", "info", "warn", "error", "fatal"}[min(l, LevelFatal)]
}

// Event is one fact that a structured source states: a pager step, a chat
// message, a deploy, a command. Log lines, metric samples and spans are too
// many to be Events; they stay in bulk form until a detector finds something.
type Event struct {
	Ref      Ref
	Kind     EventKind
	At       time.Time // UTC; zero when the source gives only an order
	Until    time.Time // UTC; end of an interval or last repetition, else zero
	Zone     string    // zone as recorded ("Z", "+02:00", "EDT"), "assumed UTC", or a name the user gave
	ID       string    // the record's own identity at its source, the same in every export of it; else empty
	Subject  string    // what it is about, the same for all records about it: "pagerduty:4521", "alert:FINGERPRINT", "deploy:RUN"
	Actor    Actor
	Service  string // as the source spells it
	Title    string // what happened in the source's words, one line, no secret
	Text     string // the full text when there is more than the title
	Level    Level
	Version  string // of a deploy: what goes out
	Previous string // of a deploy: what was there before
	Env      string // environment, when stated
	Status   string // the source's state word: "success", "in_progress", "firing", "investigating"
	Count    int    // repetitions the source folded into this record; 0 means 1
	Test     bool   // the record itself says it is a test or a drill
	Links    []string
	Attrs    map[string]string // further fields by the source's names: "reason", "object", "channel", "thread", "cwd", "number"
}
