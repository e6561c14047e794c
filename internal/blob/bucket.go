package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/hindcast/hindcast"
)

// BucketConfig says where a bucket is that speaks the protocol of Amazon S3.
type BucketConfig struct {
	Endpoint  string // host, or host:port; "s3.eu-central-1.amazonaws.com"
	Insecure  bool   // HTTP instead of HTTPS, for a server next door
	Region    string // "us-east-1" when empty
	Bucket    string
	Prefix    string // before the hash in the names of objects; "hindcast/"
	AccessKey string // empty: from the environment (AWS_ACCESS_KEY_ID, ...) or the machine's role
	SecretKey string
	Transport http.RoundTripper // nil for the library's own
}

// Bucket keeps blobs as objects of a bucket, under their hash. The objects are as
// durable as the service makes them when it has answered.
type Bucket struct {
	core   *minio.Core
	bucket string
	prefix string
	place  string
}

// OpenBucket makes sure that a bucket is there and may be read.
func OpenBucket(ctx context.Context, c BucketConfig) (*Bucket, error) {
	if c.Endpoint == "" || c.Bucket == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "name the endpoint and the bucket for the bytes of evidence")
	}
	keys := credentials.NewStaticV4(c.AccessKey, c.SecretKey, "")
	if c.AccessKey == "" {
		keys = credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, &credentials.IAM{}})
	}
	region := c.Region
	if region == "" {
		region = "us-east-1"
	}
	core, err := minio.NewCore(c.Endpoint, &minio.Options{Creds: keys, Secure: !c.Insecure, Region: region, Transport: c.Transport, MaxRetries: 3})
	if err != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "the endpoint %q of the bucket is not understood; write HOST or HOST:PORT", c.Endpoint)
	}
	b := &Bucket{core: core, bucket: c.Bucket, prefix: c.Prefix, place: c.Bucket + " at " + c.Endpoint}
	found, err := core.BucketExists(ctx, c.Bucket)
	if err != nil {
		return nil, b.unavailable("open", err)
	}
	if !found {
		return nil, hindcast.Errorf(hindcast.Unavailable, "there is no bucket %s; make it, or name another", b.place)
	}
	return b, nil
}

// unavailable says what could not be done and what to do about it. Only the
// service's own code is quoted: an error of the connection may hold an address
// with a signature in it.
func (b *Bucket) unavailable(doing string, err error) error {
	for _, ended := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ended) {
			return fmt.Errorf("%s bucket %s: %w", doing, b.place, ended)
		}
	}
	what := "it does not answer; check the network and the endpoint"
	var answer minio.ErrorResponse
	if errors.As(err, &answer) && answer.Code != "" {
		what = "it answers " + answer.Code + "; check the keys and what they allow"
	}
	return &hindcast.Error{Code: hindcast.Unavailable, Message: fmt.Sprintf("cannot %s bucket %s: %s", doing, b.place, what)}
}

// Put implements [Store]. The bytes go through a file for temporary ones: an
// object is named by the hash of all of them.
func (b *Bucket) Put(ctx context.Context, r io.Reader, limit int64) (sha string, size int64, err error) {
	f, err := os.CreateTemp("", "hindcast-put-*")
	if err != nil {
		return "", 0, hindcast.Errorf(hindcast.Unavailable, "keep an upload in a file for temporary ones: %w", err)
	}
	defer func() {
		_ = f.Close() // it is removed
		_ = os.Remove(f.Name())
	}()
	if sha, size, err = copyAtMost(f, r, limit); err != nil {
		return "", 0, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", 0, err
	}
	_, err = b.core.Client.PutObject(ctx, b.bucket, b.prefix+sha, f, size, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	if err != nil {
		return "", 0, b.unavailable("write to", err)
	}
	return sha, size, nil
}

// Open implements [Store].
func (b *Bucket) Open(ctx context.Context, sha string) (io.ReadCloser, error) {
	if !valid(sha) {
		return nil, missing(sha)
	}
	r, _, _, err := b.core.GetObject(ctx, b.bucket, b.prefix+sha, minio.GetObjectOptions{})
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return nil, missing(sha)
	}
	if err != nil {
		return nil, b.unavailable("read", err)
	}
	return check(r, sha), nil
}

// Delete implements [Store].
func (b *Bucket) Delete(ctx context.Context, sha string) error {
	if !valid(sha) {
		return missing(sha)
	}
	if err := b.core.RemoveObject(ctx, b.bucket, b.prefix+sha, minio.RemoveObjectOptions{}); err != nil {
		return b.unavailable("remove from", err)
	}
	return nil
}

// Walk implements [Store]. Objects that are no blobs are passed over.
func (b *Bucket) Walk(ctx context.Context, f func(Info) error) error {
	ctx, stop := context.WithCancel(ctx) // ends the listing when f does
	defer stop()
	for o := range b.core.Client.ListObjects(ctx, b.bucket, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if o.Err != nil {
			return b.unavailable("list", o.Err)
		}
		sha := strings.TrimPrefix(o.Key, b.prefix)
		if !valid(sha) {
			continue
		}
		if err := f(Info{sha, o.Size, o.LastModified}); err != nil {
			return err
		}
	}
	return nil
}
