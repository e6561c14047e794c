package blob_test

import (
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
)

// service is as much of the S3 protocol as a bucket of blobs uses, in memory.
type service struct {
	mu      sync.Mutex
	objects map[string][]byte
	pageOf  int // objects in one answer of a listing
}

const accessKey, secretKey = "AKTESTKEY", "a-secret-key-of-the-test"

type listing struct {
	XMLName               xml.Name `xml:"ListBucketResult"`
	IsTruncated           bool
	NextContinuationToken string `xml:",omitempty"`
	Contents              []listed
}

type listed struct {
	Key          string
	Size         int
	LastModified string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, isObject := strings.CutPrefix(r.URL.Path, "/evidence/")
	isObject = isObject && key != ""
	switch {
	case !strings.Contains(r.Header.Get("Authorization"), "Credential="+accessKey+"/"):
		fail(w, http.StatusForbidden, "InvalidAccessKeyId")
	case !strings.HasPrefix(r.URL.Path, "/evidence"):
		fail(w, http.StatusNotFound, "NoSuchBucket")
	case isObject:
		s.object(w, r, key)
	case r.Method == http.MethodGet && r.URL.Query().Get("list-type") == "2":
		s.list(w, r)
	case r.Method != http.MethodHead:
		fail(w, http.StatusNotImplemented, "NotImplemented")
	}
}

func (s *service) object(w http.ResponseWriter, r *http.Request, key string) {
	switch r.Method {
	case http.MethodPut:
		body, err := io.ReadAll(r.Body)
		if err != nil || int64(len(body)) != r.ContentLength || r.Header.Get("X-Amz-Content-Sha256") != "UNSIGNED-PAYLOAD" {
			fail(w, http.StatusBadRequest, "IncompleteBody")
			return
		}
		s.objects[key] = body
		w.Header().Set("ETag", `"x"`)
	case http.MethodGet:
		body, found := s.objects[key]
		if !found {
			fail(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body) // the client notices
	case http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		fail(w, http.StatusNotImplemented, "NotImplemented")
	}
}

func (s *service) list(w http.ResponseWriter, r *http.Request) {
	var out listing
	for _, key := range slices.Sorted(maps.Keys(s.objects)) {
		if !strings.HasPrefix(key, r.URL.Query().Get("prefix")) || key <= r.URL.Query().Get("continuation-token") {
			continue
		}
		if len(out.Contents) == s.pageOf {
			out.IsTruncated, out.NextContinuationToken = true, out.Contents[len(out.Contents)-1].Key
			break
		}
		out.Contents = append(out.Contents, listed{key, len(s.objects[key]), time.Now().UTC().Format(time.RFC3339)})
	}
	_ = xml.NewEncoder(w).Encode(out) // the client notices
}

func fail(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<Error><Code>"+code+"</Code><Message>no</Message></Error>") // the client notices
}

func serve(t *testing.T) (*service, blob.BucketConfig) {
	t.Helper()
	s := &service{objects: map[string][]byte{"other/readme": []byte("not ours"), "hindcast/readme": []byte("no blob")}, pageOf: 2}
	server := httptest.NewTLSServer(s)
	t.Cleanup(server.Close)
	return s, blob.BucketConfig{Endpoint: strings.TrimPrefix(server.URL, "https://"), Bucket: "evidence", Prefix: "hindcast/",
		AccessKey: accessKey, SecretKey: secretKey, Transport: server.Client().Transport}
}

func bucket(t *testing.T) (*blob.Bucket, *service) {
	t.Helper()
	s, config := serve(t)
	b, err := blob.OpenBucket(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return b, s
}

func TestDamagedObjectIsNoticed(t *testing.T) {
	b, s := bucket(t)
	sha := put(t, b, "as it was")
	s.objects["hindcast/"+sha] = []byte("as it wax")
	if _, err := read(t, b, sha); hindcast.CodeOf(err) != hindcast.Unavailable || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("read = %v, want that it is damaged", err)
	}
}

func TestBucketsThatCannotBeOpened(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*blob.BucketConfig)
		code   hindcast.Code
		want   string
	}{
		{"no bucket", func(c *blob.BucketConfig) { c.Bucket = "elsewhere" }, hindcast.Unavailable, "there is no bucket elsewhere"},
		{"wrong key", func(c *blob.BucketConfig) { c.AccessKey = "AKOTHER" }, hindcast.Unavailable, "check the keys"},
		{"no server", func(c *blob.BucketConfig) { c.Endpoint = "127.0.0.1:1" }, hindcast.Unavailable, "does not answer"},
		{"no endpoint", func(c *blob.BucketConfig) { c.Endpoint = "" }, hindcast.Invalid, "name the endpoint"},
		{"an address", func(c *blob.BucketConfig) { c.Endpoint = "https://a/b" }, hindcast.Invalid, "HOST:PORT"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, config := serve(t)
			c.change(&config)
			_, err := blob.OpenBucket(t.Context(), config)
			if hindcast.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.want) {
				t.Errorf("OpenBucket = %v (%s), want %s with %q", err, hindcast.CodeOf(err), c.code, c.want)
			}
			if err != nil && strings.Contains(err.Error(), secretKey) {
				t.Errorf("the error tells the key: %v", err)
			}
		})
	}
}
