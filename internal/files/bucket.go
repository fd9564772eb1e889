package files

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/s3blob"
)

// bucket is where the bytes are.
type bucket struct {
	*blob.Bucket
	beforeWrite func(as func(any) bool) error // What a write needs beforehand; nil: nothing.
}

// scheme is what begins a URL. A letter alone is a drive of Windows.
var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]+:`)

// openBucket opens a folder or the URL of an S3 bucket. Any other URL is a
// mistake, not the name of a folder.
func openBucket(ctx context.Context, where string) (*bucket, error) {
	if strings.HasPrefix(where, s3blob.Scheme+"://") {
		u, err := url.Parse(where)
		if err != nil {
			return nil, fmt.Errorf("files: %s is no URL of a bucket: write s3://name?region=…", where)
		}
		b, err := openS3(ctx, u)
		if err != nil {
			return nil, fmt.Errorf("files: opening %s: %w", where, err)
		}
		return b, nil
	}
	if scheme.MatchString(where) {
		return nil, fmt.Errorf("files: %s is neither a folder nor s3://bucket?region=…; a folder of that name is ./%s", where, where)
	}
	b, err := fileblob.OpenBucket(where, &fileblob.Options{
		CreateDir:   true,
		DirFileMode: 0o700,
		NoTempDir:   true, // A rename is atomic in one folder only.
		Metadata:    fileblob.MetadataDontWrite,
	})
	if err != nil {
		return nil, fmt.Errorf("files: opening the folder %s: %w", where, err)
	}
	return &bucket{Bucket: b}, nil
}

// writing returns the options of a write.
func (b *bucket) writing(contentType string) *blob.WriterOptions {
	return &blob.WriterOptions{ContentType: contentType, BeforeWrite: b.beforeWrite}
}
