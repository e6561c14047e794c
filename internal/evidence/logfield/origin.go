package logfield

import (
	"bytes"
	"path"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// origin fills service and instance: the service named, else the pod's, the
// container's, the program's, or that which a resource or a file is named after.
func (r *Record) origin(l *record.Log) {
	if r.rank[Pod] > 0 {
		l.Instance = r.Text(Pod)
	} else if r.rank[Host] > 0 {
		l.Instance = r.Text(Host)
	}
	switch {
	case r.rank[Service] > 0:
		l.Service = withoutProvider(bytes.TrimSuffix(r.Text(Service), []byte(".service")))
	case r.rank[Pod] > 0:
		l.Service = logname.Workload(l.Instance)
	case r.rank[Container] > 0:
		l.Service = bytes.TrimPrefix(r.Text(Container), []byte("/"))
	case r.rank[Name] > 0 && r.rank[Process] > 0 && r.rank[Host] > 0:
		l.Service = r.Text(Name)
	case r.rank[Resource] > 0:
		r.named.after(l, r.Text(Resource), resourceName)
	case r.rank[File] > 0:
		r.named.after(l, r.Text(File), fileName)
	}
}

// withoutProvider cuts off what Traefik puts behind the name of a service.
func withoutProvider(service []byte) []byte {
	name, provider, ok := bytes.Cut(service, []byte{'@'})
	if ok {
		switch string(provider) {
		case "docker", "swarm", "file", "kubernetes", "kubernetescrd", "kubernetesgateway", "consulcatalog", "nomad", "ecs", "internal":
			return name
		}
	}
	return service
}

// named is the service that the path read last is named after: most records of a
// file have the same.
type named struct{ path, service []byte }

// after fills the service that name finds in a path, if any.
func (n *named) after(l *record.Log, path []byte, name func(path string) string) {
	if string(n.path) != string(path) {
		n.path, n.service = append(n.path[:0], path...), []byte(name(string(path)))
	}
	if len(n.service) > 0 {
		l.Service = n.service
	}
}

// resourceName returns the name of a resource of Azure, which records spell in
// capitals.
func resourceName(id string) string {
	if id = strings.ToLower(id); !strings.HasPrefix(id, "/subscriptions/") || !strings.Contains(id, "/providers/") {
		return ""
	}
	return path.Base(id)
}

// fileName returns the service that the file of a log is named after.
func fileName(file string) string {
	dir, base := path.Split(strings.ReplaceAll(file, `\`, "/"))
	if dir == "" || !strings.Contains(base, ".log") && !strings.HasSuffix(base, ".out") && !strings.HasSuffix(base, ".err") {
		return ""
	}
	return logname.Service(file)
}
