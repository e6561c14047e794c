package kubernetes

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// describable reports whether objects of a kind tell when something happened to
// them.
func describable(kind string) bool {
	switch kind {
	case "Pod", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "Job", "Node":
		return true
	}
	return false
}

// object is what the workloads of a cluster have in common.
type object struct {
	Kind     string `json:"kind"`
	Metadata meta   `json:"metadata"`
	Spec     struct {
		Template struct {
			Spec struct {
				Containers []struct {
					Image string `json:"image"`
				} `json:"containers"`
			} `json:"spec"`
		} `json:"template"`
	} `json:"spec"`
	Status struct {
		Conditions     []condition       `json:"conditions"`
		Containers     []containerStatus `json:"containerStatuses"`
		InitContainers []containerStatus `json:"initContainerStatuses"`
	} `json:"status"`
}

func (o object) ref() objectRef {
	return objectRef{Kind: o.Kind, Namespace: o.Metadata.Namespace, Name: o.Metadata.Name}
}

type condition struct {
	Type               string `json:"type"`
	Status             string `json:"status"`
	Reason             string `json:"reason"`
	Message            string `json:"message"`
	LastUpdateTime     string `json:"lastUpdateTime"`
	LastTransitionTime string `json:"lastTransitionTime"`
}

type containerStatus struct {
	Name         string         `json:"name"`
	Image        string         `json:"image"`
	RestartCount int            `json:"restartCount"`
	State        containerState `json:"state"`
	LastState    containerState `json:"lastState"`
}

type containerState struct {
	Running struct {
		StartedAt string `json:"startedAt"`
	} `json:"running"`
	Waiting struct {
		Reason string `json:"reason"`
	} `json:"waiting"`
	Terminated struct {
		ExitCode   int    `json:"exitCode"`
		Reason     string `json:"reason"`
		Message    string `json:"message"`
		StartedAt  string `json:"startedAt"`
		FinishedAt string `json:"finishedAt"`
	} `json:"terminated"`
}

// object writes what an object tells of its past; other objects say nothing.
func (rd *reading) object(ref hindcast.Ref, rec jsonrec.Record) {
	var o object
	if !rec.Decode(&o, rd.sink) {
		return
	}
	if o.Kind == "" && len(o.Status.Containers) > 0 {
		o.Kind = "Pod" // the API leaves the kind out of the items of a list
	}
	switch {
	case o.Kind == "Pod":
		for _, c := range slices.Concat(o.Status.InitContainers, o.Status.Containers) {
			rd.ended(ref, o, c, c.LastState)
			rd.ended(ref, o, c, c.State)
			rd.started(ref, o, c, c.State.Running.StartedAt)
		}
	case o.Kind == "ReplicaSet":
		rd.revision(ref, o)
	case describable(o.Kind):
		for _, c := range o.Status.Conditions {
			rd.condition(ref, o, c)
		}
	}
}

// started writes that a container began to run.
func (rd *reading) started(ref hindcast.Ref, o object, c containerStatus, at string) {
	if at == "" {
		return
	}
	e := about(o.ref(), "kubelet", "Started", "Normal")
	e.ID = o.Metadata.id(c.Name, "started", at)
	e.Title = "Started container " + c.Name
	e.Attrs["image"] = c.Image
	rd.Write(ref, at, e)
}

// ended writes that a container stopped, and how.
func (rd *reading) ended(ref hindcast.Ref, o object, c containerStatus, s containerState) {
	t := s.Terminated
	rd.started(ref, o, c, t.StartedAt)
	if t.FinishedAt == "" {
		return
	}
	kind := "Normal"
	if t.ExitCode != 0 {
		kind = "Warning"
	}
	reason := cmp.Or(t.Reason, "Terminated")
	e := about(o.ref(), "kubelet", reason, kind)
	e.ID = o.Metadata.id(c.Name, "ended", t.FinishedAt)
	e.Title = fmt.Sprintf("Container %s ended: %s (exit code %d)", c.Name, reason, t.ExitCode)
	e.Text = t.Message
	e.Attrs["image"], e.Attrs["exit_code"], e.Attrs["waiting"] = c.Image, strconv.Itoa(t.ExitCode), c.State.Waiting.Reason
	if c.RestartCount > 0 {
		e.Attrs["restarts"] = strconv.Itoa(c.RestartCount)
	}
	rd.Write(ref, t.FinishedAt, e)
}

// revision writes that a replica set was made, which is how a new version of a
// deployment begins to go out.
func (rd *reading) revision(ref hindcast.Ref, o object) {
	e := about(o.ref(), "deployment-controller", "Created", "Normal")
	e.ID = o.Metadata.id("created")
	image := ""
	if cs := o.Spec.Template.Spec.Containers; len(cs) > 0 {
		image = cs[0].Image
		e.Attrs["image"] = image
	}
	e.Attrs["revision"] = o.Metadata.Annotations["deployment.kubernetes.io/revision"]
	if deployment := o.Metadata.deployment(); deployment != "" && e.Attrs["revision"] != "" {
		e.Kind, e.Service, e.Version, e.Actor.Kind = hindcast.Deploy, deployment, tag(image), hindcast.Automation
		e.Title = fmt.Sprintf("Rollout of %s, revision %s: %s", deployment, e.Attrs["revision"], image)
		e.Text = o.Metadata.Annotations["kubernetes.io/change-cause"]
	} else {
		e.Title = strings.TrimSuffix("Created replica set "+o.Metadata.Name+" with image "+image, " with image ")
	}
	rd.Write(ref, o.Metadata.CreationTimestamp, e)
}

// tag returns the tag of an image; empty when it has none.
func tag(image string) string {
	name, _, _ := strings.Cut(image[strings.LastIndexByte(image, '/')+1:], "@")
	_, tag, _ := strings.Cut(name, ":")
	return tag
}

// condition writes that a condition turned. Those that say that all is as it
// should be and always was, such as a node without disk pressure, are left out.
func (rd *reading) condition(ref hindcast.Ref, o object, c condition) {
	at := c.LastTransitionTime
	if c.Type == "Progressing" { // its update is the end of the rollout, its transition long ago
		at = cmp.Or(c.LastUpdateTime, at)
	}
	kind := "Normal"
	switch c.Type {
	case "Available", "Progressing", "Ready":
		if c.Status != "True" {
			kind = "Warning"
		}
	case "Complete", "SuccessCriteriaMet":
		if c.Status != "True" {
			return
		}
	default:
		if c.Status != "True" {
			return
		}
		kind = "Warning"
	}
	if at == "" {
		return
	}
	e := about(o.ref(), "", cmp.Or(c.Reason, c.Type), kind)
	e.ID = o.Metadata.id(c.Type, at)
	e.Attrs["condition"] = c.Type + "=" + c.Status
	rd.words(&e, c.Message)
	rd.Write(ref, at, e)
}
