package watch_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/watch"
)

// object is what a manifest may have, by the names of the API: others are refused.
type object struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Metadata   struct {
		Name, Namespace string
		Labels          map[string]string
	}
	Automount *bool `yaml:"automountServiceAccountToken"`
	Rules     []struct {
		APIGroups        []string `yaml:"apiGroups"`
		Resources, Verbs []string
	}
	RoleRef struct {
		APIGroup   string `yaml:"apiGroup"`
		Kind, Name string
	} `yaml:"roleRef"`
	Subjects []struct{ Kind, Name, Namespace string }
	Spec     struct {
		AccessModes []string `yaml:"accessModes"`
		Resources   struct{ Requests map[string]string }
		Replicas    int
		Strategy    struct{ Type string }
		Selector    map[string]any
		Ports       []port
		Template    struct {
			Metadata struct{ Labels map[string]string }
			Spec     pod
		}
	}
}

type port struct {
	Name          string
	ContainerPort int `yaml:"containerPort"`
	Port          int
	TargetPort    string `yaml:"targetPort"`
}

type pod struct {
	ServiceAccountName string `yaml:"serviceAccountName"`
	Automount          bool   `yaml:"automountServiceAccountToken"`
	EnableServiceLinks bool   `yaml:"enableServiceLinks"`
	SecurityContext    struct {
		RunAsNonRoot        bool                  `yaml:"runAsNonRoot"`
		RunAsUser           int                   `yaml:"runAsUser"`
		RunAsGroup          int                   `yaml:"runAsGroup"`
		FSGroup             int                   `yaml:"fsGroup"`
		FSGroupChangePolicy string                `yaml:"fsGroupChangePolicy"`
		SeccompProfile      struct{ Type string } `yaml:"seccompProfile"`
	} `yaml:"securityContext"`
	Containers []struct {
		Name, Image     string
		Args            []string
		Env             []struct{ Name, Value string }
		Ports           []port
		LivenessProbe   probe `yaml:"livenessProbe"`
		ReadinessProbe  probe `yaml:"readinessProbe"`
		Resources       struct{ Requests, Limits map[string]string }
		SecurityContext struct {
			AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
			ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
			Capabilities             struct{ Drop []string }
		} `yaml:"securityContext"`
		VolumeMounts []struct {
			Name      string
			MountPath string `yaml:"mountPath"`
			ReadOnly  bool   `yaml:"readOnly"`
		} `yaml:"volumeMounts"`
	}
	Volumes []struct {
		Name  string
		Claim struct {
			ClaimName string `yaml:"claimName"`
		} `yaml:"persistentVolumeClaim"`
		Secret struct {
			SecretName string `yaml:"secretName"`
		}
	}
}

type probe struct {
	HTTPGet struct{ Path, Port string } `yaml:"httpGet"`
}

// objects reads a manifest strictly.
func objects(t *testing.T, text []byte) (out []object) {
	t.Helper()
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	for {
		var o object
		err := dec.Decode(&o)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("object %d: %v\n%s", len(out)+1, err, text)
		}
		out = append(out, o)
	}
}

func manifest(t *testing.T, watched ...string) []byte {
	t.Helper()
	m := watch.Manifest{Namespace: "monitoring", Image: "registry.example/hindcast:1.0", Watched: watched, Keep: 14 * 24 * time.Hour, MaxBytes: 512 << 20}
	text, err := m.Write()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestTheManifestGrantsLittle reads events and nothing else, and runs as nobody.
func TestTheManifestGrantsLittle(t *testing.T) {
	for _, tt := range []struct {
		watched []string
		kinds   []string
	}{
		{nil, []string{"ServiceAccount", "ClusterRole", "ClusterRoleBinding", "PersistentVolumeClaim", "Deployment", "Service"}},
		{[]string{"shop", "pay"}, []string{"ServiceAccount", "Role", "RoleBinding", "Role", "RoleBinding", "PersistentVolumeClaim", "Deployment", "Service"}},
	} {
		var kinds []string
		for _, o := range objects(t, manifest(t, tt.watched...)) {
			kinds = append(kinds, o.Kind)
			if o.Metadata.Name != "hindcast-watcher" || o.Metadata.Namespace == "" && !strings.HasPrefix(o.Kind, "ClusterRole") {
				t.Errorf("%s has the name %+v", o.Kind, o.Metadata)
			}
			for _, r := range o.Rules {
				if !slices.Equal(r.APIGroups, []string{""}) || !slices.Equal(r.Resources, []string{"events"}) || !slices.Equal(r.Verbs, []string{"get", "list", "watch"}) {
					t.Errorf("%s grants %+v", o.Kind, r)
				}
			}
			if o.Kind == "Deployment" {
				runsAsNobody(t, o, tt.watched)
			}
		}
		if diff := cmp.Diff(tt.kinds, kinds); diff != "" {
			t.Errorf("objects (-want +got):\n%s", diff)
		}
	}
}

func runsAsNobody(t *testing.T, o object, watched []string) {
	t.Helper()
	p := o.Spec.Template.Spec
	c := p.Containers[0]
	escalates := c.SecurityContext.AllowPrivilegeEscalation
	if !p.SecurityContext.RunAsNonRoot || p.SecurityContext.RunAsUser == 0 || escalates == nil || *escalates || !c.SecurityContext.ReadOnlyRootFilesystem || !slices.Equal(c.SecurityContext.Capabilities.Drop, []string{"ALL"}) {
		t.Errorf("it runs as %+v, %+v", p.SecurityContext, c.SecurityContext)
	}
	if o.Spec.Replicas != 1 || o.Spec.Strategy.Type != "Recreate" || c.Resources.Limits["memory"] == "" || c.Resources.Requests["cpu"] == "" {
		t.Errorf("%d replicas, %s, %+v", o.Spec.Replicas, o.Spec.Strategy.Type, c.Resources)
	}
	for _, ns := range watched {
		if !slices.Contains(c.Args, "--namespace="+ns) {
			t.Errorf("arguments %q do not watch %s", c.Args, ns)
		}
	}
}

func TestManifestsThatAreRefused(t *testing.T) {
	good := watch.Manifest{Namespace: "monitoring", Image: "hindcast:1.0", Keep: time.Hour, MaxBytes: 1 << 20}
	for name, change := range map[string]func(*watch.Manifest){
		"no image":        func(m *watch.Manifest) { m.Image = "" },
		"an image":        func(m *watch.Manifest) { m.Image = "a\n- b" },
		"a namespace":     func(m *watch.Manifest) { m.Namespace = "a b" },
		"what is watched": func(m *watch.Manifest) { m.Watched = []string{"a: b"} },
		"nothing kept":    func(m *watch.Manifest) { m.Keep = 0 },
	} {
		m := good
		change(&m)
		if _, err := m.Write(); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("%s: %v, want %s", name, err, hindcast.Invalid)
		}
	}
}

// TestTheManifestFitsTheDescription holds the Deployment against the published
// description of the API, without members that it does not name.
func TestTheManifestFitsTheDescription(t *testing.T) {
	name := os.Getenv("HINDCAST_TEST_KUBERNETES_SCHEMA")
	if name == "" {
		t.Skip("HINDCAST_TEST_KUBERNETES_SCHEMA names no description of the API of Kubernetes, a swagger.json")
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range doc.(map[string]any)["definitions"].(map[string]any) {
		if d := d.(map[string]any); d["properties"] != nil {
			d["additionalProperties"] = false
		}
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft4)
	if err := compiler.AddResource("k8s.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("k8s.json#/definitions/io.k8s.api.apps.v1.Deployment")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, part := range bytes.Split(manifest(t), []byte("\n---\n")) {
		var v map[string]any
		if err := yaml.Unmarshal(part, &v); err != nil {
			t.Fatal(err)
		}
		if v["kind"] != "Deployment" {
			continue
		}
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("the Deployment: %v", err)
		}
		checked++
	}
	if checked != 1 {
		t.Errorf("%d deployments were checked", checked)
	}
}
