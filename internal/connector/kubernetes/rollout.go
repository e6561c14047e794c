package kubernetes

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/hindcast/hindcast"
)

// workload is what of a deployment or replica set tells of a rollout. The rest is not
// kept: the environment of containers may hold secrets.
type workload struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Annotations       map[string]string `json:"annotations,omitempty"`
		CreationTimestamp time.Time         `json:"creationTimestamp"`
		Generation        int64             `json:"generation,omitempty"`
		Name              string            `json:"name"`
		Namespace         string            `json:"namespace,omitempty"`
		OwnerReferences   []owner           `json:"ownerReferences,omitempty"`
		ResourceVersion   string            `json:"resourceVersion,omitempty"`
		UID               string            `json:"uid"`
	} `json:"metadata"`
	Spec struct {
		Replicas *int64 `json:"replicas,omitempty"`
		Template struct {
			Spec struct {
				Containers []container `json:"containers"`
			} `json:"spec"`
		} `json:"template"`
	} `json:"spec"`
	Status struct {
		Conditions      []turn `json:"conditions,omitempty"`
		Replicas        int64  `json:"replicas,omitempty"`
		ReadyReplicas   int64  `json:"readyReplicas,omitempty"`
		UpdatedReplicas int64  `json:"updatedReplicas,omitempty"`
	} `json:"status"`
}

type owner struct {
	APIVersion string `json:"apiVersion,omitempty"`
	Controller bool   `json:"controller,omitempty"`
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	UID        string `json:"uid,omitempty"`
}

type container struct {
	Image string `json:"image"`
	Name  string `json:"name"`
}

// turn is a condition.
type turn struct {
	LastTransitionTime time.Time `json:"lastTransitionTime,omitzero"`
	LastUpdateTime     time.Time `json:"lastUpdateTime,omitzero"`
	Message            string    `json:"message,omitempty"`
	Reason             string    `json:"reason,omitempty"`
	Status             string    `json:"status"`
	Type               string    `json:"type"`
}

// told are the annotations that are kept.
var told = []string{"deployment.kubernetes.io/revision", "deployment.kubernetes.io/revision-history", "kubernetes.io/change-cause"}

// rollout returns what a deployment or replica set tells of a rollout within a window;
// nil when that is nothing.
func rollout(raw []byte, kind string, from, to time.Time) ([]byte, error) {
	var o workload
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, hindcast.Errorf(hindcast.Unavailable, "an object of Kubernetes cannot be read; look whether the address is that of its API server")
	}
	o.APIVersion = cmp.Or(o.APIVersion, "apps/v1")
	o.Kind = map[string]string{"replicasets": "ReplicaSet", "deployments": "Deployment"}[kind]
	in := func(t time.Time) bool { return !t.IsZero() && !t.Before(from) && (to.IsZero() || !t.After(to)) }
	wanted := in(o.Metadata.CreationTimestamp)
	for _, c := range o.Status.Conditions {
		wanted = wanted || in(c.LastUpdateTime) || in(c.LastTransitionTime)
	}
	if !wanted {
		return nil, nil
	}
	all := o.Metadata.Annotations
	o.Metadata.Annotations = nil
	for _, name := range told {
		if v := all[name]; v != "" {
			if o.Metadata.Annotations == nil {
				o.Metadata.Annotations = map[string]string{}
			}
			o.Metadata.Annotations[name] = v
		}
	}
	return line(o), nil
}
