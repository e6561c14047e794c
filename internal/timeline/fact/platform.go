package fact

import (
	"cmp"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/command"
)

// grave are the platform's words for trouble that a reader should see.
var grave = map[string]bool{
	"BackOff": true, "CrashLoopBackOff": true, "OOMKilling": true, "OOMKilled": true, "SystemOOM": true, "Evicted": true, "NodeNotReady": true,
	"FailedScheduling": true, "ErrImagePull": true, "ImagePullBackOff": true, "InspectFailed": true, "Failed": true, "FailedMount": true, "FailedAttachVolume": true,
	"BackoffLimitExceeded": true, "DeadlineExceeded": true, "NodeHasDiskPressure": true, "NodeHasInsufficientMemory": true, "EvictionThresholdMet": true,
	"FailedCreate": true, "FailedCreatePodSandBox": true, "NodeUnreachable": true, "KernelDeadlock": true, "Rebooted": true, "NetworkNotReady": true,
	"InvalidDiskCapacity": true, "FreeDiskSpaceFailed": true, "ContainerGCFailed": true, "Preempted": true, "Unhealthy": true, "ProbeError": true,
	"ProgressDeadlineExceeded": true, "FailedBinding": true, "ProvisioningFailed": true, "VolumeResizeFailed": true, "IssuingFailed": true, "CertificateExpired": true,
}

// platform reads an event of Kubernetes or the like.
func (r *Reader) platform(f *Fact, e hindcast.Event) {
	f.Class, f.Reason, f.Object = Platform, e.Attrs["reason"], e.Attrs["object"]
	f.Actor = hindcast.Actor{Name: e.Actor.Name, Kind: hindcast.System}
	text := e.Title + " " + e.Text
	switch {
	case f.Reason == "Started" || f.Reason == "Created" && strings.HasPrefix(e.Title, "Created container"):
		f.Class = PodStarted
	case moved.MatchString(f.Reason) && planned.MatchString(text):
		f.Class, f.Verb, f.Actor.Kind = Changed, command.Traffic, hindcast.Automation
	case e.Attrs["type"] == "Warning" || grave[f.Reason] || livenessKill.MatchString(text):
		f.Class = Warned
	case f.Reason == "DeploymentRollback" || f.Reason == "RolloutAborted":
		f.Verb = command.Rollback
	case f.Reason == "ScalingReplicaSet" || f.Reason == "SuccessfulRescale" || f.Reason == "TriggeredScaleUp":
		f.Verb = command.Scale
	case f.Reason == "NodeNotSchedulable" || f.Reason == "Drain":
		f.Verb = command.Traffic
	}
	f.Version = imageVersion(e.Attrs["image"])
	if f.Reason == "OperationStarted" {
		r.sync(f, e)
	}
}

// moved and planned tell a pod that the platform takes away on purpose.
var (
	moved   = lazyregexp.New(`(?i)^(?:evict\w*|drain\w*|\w*eviction\w*|preempt\w*|\w*disrupt\w*)$`)
	planned = lazyregexp.New(`(?i)\bdrain|upgrad|maintenance|scal(?:e|ing)[- ]?down|consolidat|preempt|spot|rebalanc`)
)

var livenessKill = lazyregexp.New(`(?i)failed liveness probe|will be restarted|OOM`)

// Grave reports whether the platform's warning tells of lasting trouble, rather
// than of a probe that missed once.
func (f *Fact) Grave() bool { return f.Class == Warned && (grave[f.Reason] || f.Count > 3) }

var podSuffix = lazyregexp.New(`-[a-z0-9]{5}$`)

// ReplicaSet returns the name of the replica set that a pod's object name
// implies: the name without its last random part.
func ReplicaSet(object string) string {
	name := object[strings.LastIndexByte(object, '/')+1:]
	return podSuffix.ReplaceAllString(name, "")
}

// PodSet is what the platform's events tell of the pods of one replica set.
type PodSet struct {
	Version string    // of their image, as it is compared; empty when no event names it
	First   time.Time // when one was first seen
}

// PodSets returns the replica sets whose pods the facts tell of, by their names.
func PodSets(facts []*Fact) map[string]PodSet {
	out := map[string]PodSet{}
	for _, f := range facts {
		if f.Class != PodStarted && f.Class != Platform && f.Class != Warned || f.Reason == "ScalingReplicaSet" {
			continue
		}
		for _, e := range f.Events {
			name := ReplicaSet(e.Attrs["object"])
			s, ok := out[name]
			if !ok || e.At.Before(s.First) {
				s.First = e.At
			}
			s.Version = cmp.Or(imageVersion(e.Attrs["image"]), s.Version)
			out[name] = s
		}
	}
	return out
}

// imageVersion returns the tag of an image, as it is compared; empty when it has none.
func imageVersion(image string) string {
	name := image[strings.LastIndexByte(image, '/')+1:]
	_, tag, ok := strings.Cut(name, ":")
	if !ok {
		return ""
	}
	tag, _, _ = strings.Cut(tag, "@")
	return Version(tag)
}
